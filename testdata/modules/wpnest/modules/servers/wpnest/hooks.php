<?php

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

require_once dirname(__FILE__) . '/class/WpNest.php';

// The address is known when the site is built, some minutes after the order.
add_hook('AfterCronJob', 1, function () {
    $products = Capsule::table('tblproducts')->where('servertype', 'wpnest')->pluck('id');
    foreach (Service::whereIn('packageid', $products)->where('domainstatus', 'Active')->get() as $service) {
        if ($service->serviceProperties->get('Admin Address') !== '') {
            continue;
        }
        $server = Capsule::table('tblservers')->where('id', $service->server)->first();
        try {
            $site = WpNest::api([
                'serverhostname' => $server->hostname,
                'serveraccesshash' => $server->accesshash,
                'serverpassword' => decrypt($server->password),
            ])->get('/v1/sites/' . $service->serviceProperties->get('Site'));
            if (!empty($site['admin_address'])) {
                $service->serviceProperties->save(['Admin Address' => $site['admin_address']]);
            }
        } catch (Exception $e) {
            logActivity($e->getMessage());
        }
    }
});

add_hook('ClientAreaPrimaryNavbar', 5, function ($navbar) {
    $navbar->addChild('WP Nest', ['label' => 'WordPress', 'uri' => 'https://wpnest.example/learn', 'order' => 70]);
});
