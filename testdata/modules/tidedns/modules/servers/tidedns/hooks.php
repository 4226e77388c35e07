<?php

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

use WHMCS\View\Menu\Item;

add_hook('ClientAreaPrimarySidebar', 1, function (Item $sidebar) {
    $service = Menu::context('service');
    if (!$service || !$service->product || $service->product->module !== 'tidedns') {
        return;
    }
    $sidebar->addChild('Tide DNS', ['label' => 'Tide DNS', 'order' => 50])
        ->addChild('Tide DNS Records', ['label' => 'Edit records', 'uri' => 'https://panel.tidedns.example/', 'order' => 10]);
});
