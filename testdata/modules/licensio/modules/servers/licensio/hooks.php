<?php

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

use WHMCS\View\Menu\Item;

add_hook('ClientAreaPrimarySidebar', 1, function (Item $sidebar) {
    $service = Menu::context('service');
    if (!$service || $service->product->module !== 'licensio') {
        return;
    }
    $panel = $sidebar->addChild('Licensio', ['label' => 'Licensio', 'order' => 30]);
    $panel->setBodyHtml('<p>Licensed to ' . $service->client->companyname . ' ' . $service->client->fullName . '</p>');
    $panel->addChild('Licensio Help', ['label' => 'How to install', 'uri' => 'https://licensio.example/help', 'order' => 10]);
});

add_hook('ClientAreaProductDetailsOutput', 1, function (array $vars) {
    if (!isset($vars['service']) || !$vars['service'] || $vars['service']->product->module !== 'licensio') {
        return '';
    }

    return '<div class="licensio-domain">This licence is for <b>' . $vars['service']->domain . '</b></div>';
});
