<?php

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\CustomAction;
use WHMCS\Module\Server\CustomActionCollection;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

function showcase_MetaData()
{
    return ['DisplayName' => 'Showcase <b>&</b> Sons', 'RequiresServer' => true];
}

function showcase_ConfigOptions()
{
    return [
        'Size' => ['Type' => 'dropdown', 'Options' => ['s' => 'Small', 'l' => 'Large'], 'Description' => 'How <i>much</i>'],
        'Backups' => ['Type' => 'yesno', 'Default' => 'on'],
        'Zone' => ['Type' => 'text', 'Loader' => 'showcase_zones', 'SimpleMode' => true],
        'Notes' => ['Type' => 'textarea', 'Rows' => 4],
    ];
}

function showcase_zones()
{
    return ['z1' => 'Zone one', 'z2' => 'Zone two'];
}

function showcase_CreateAccount(array $params)
{
    $params['model']->serviceProperties->save(['Region' => $params['configoptions']['Region']]);

    return 'success';
}

function showcase_AdminServicesTabFields(array $params)
{
    return ['Note' => '<input name="showcase_note" value="' . htmlspecialchars($params['model']->notes) . '">'];
}

function showcase_AdminServicesTabFieldsSave(array $params)
{
    Capsule::table('tblhosting')->where('id', $params['serviceid'])->update(['notes' => $_REQUEST['showcase_note']]);
}

function showcase_ListAccounts(array $params)
{
    return ['success' => true, 'accounts' => [['email' => 'ada@example.com', 'domain' => 'lovelace.example']]];
}

function showcase_CustomActions(array $params)
{
    return (new CustomActionCollection())->add(CustomAction::factory('panel', 'Open panel', function () {
        return ['success' => true, 'redirectTo' => 'https://panel.example/'];
    }));
}

function showcase_ClientAreaCustomButtonArray()
{
    return ['Say hello' => 'hello'];
}

function showcase_hello(array $params)
{
    return 'success';
}

function showcase_ClientArea(array $params)
{
    return '<p id="region">' . htmlspecialchars($params['model']->serviceProperties->get('Region')) . '</p>'
        . '<script src="' . \WHMCS\Config\Setting::getValue('SystemURL') . 'modules/servers/showcase/page.js"></script>';
}
