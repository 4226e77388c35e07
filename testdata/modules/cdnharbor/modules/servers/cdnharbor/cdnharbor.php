<?php

if (!defined('WHMCS')) {
    exit('This file cannot be accessed directly');
}

require_once __DIR__ . '/includes/functions.php';

function cdnharbor_MetaData()
{
    return [
        'DisplayName' => 'CDN Harbor',
        'APIVersion' => '1.1',
        'RequiresServer' => true,
    ];
}

function cdnharbor_ConfigOptions()
{
    return [
        'tier' => ['FriendlyName' => 'Tier', 'Type' => 'radio', 'Options' => 'edge,global', 'Default' => 'edge'],
        'purge' => ['FriendlyName' => 'Purge button', 'Type' => 'yesno', 'Description' => 'Clients may empty the cache'],
    ];
}

function cdnharbor_TestConnection(array $params)
{
    $answer = cdnharbor_api($params, 'GET', 'account');

    return ['success' => isset($answer->account), 'error' => isset($answer->account) ? '' : cdnharbor_reason($answer)];
}

function cdnharbor_CreateAccount(array $params)
{
    $zone = cdnharbor_find_zone($params);
    if (is_string($zone)) {
        return $zone;
    }
    if ($zone === null) {
        $answer = cdnharbor_api($params, 'POST', 'zones', [
            'hostname' => $params['domain'],
            'tier' => $params['configoption1'],
            'label' => 'WHMCS ' . $params['serviceid'],
        ]);
        if (!isset($answer->zone->id)) {
            return cdnharbor_reason($answer);
        }
        $zone = $answer->zone;
        // The edge needs a moment until the zone is everywhere.
        sleep(4);
    }
    $params['model']->serviceProperties->save(['Zone' => $zone->id, 'CNAME' => $zone->cname]);

    return 'success';
}

function cdnharbor_SuspendAccount(array $params)
{
    cdnharbor_api($params, 'POST', 'zones/' . cdnharbor_zone($params) . '/disable', []);

    return 'success';
}

function cdnharbor_UnsuspendAccount(array $params)
{
    cdnharbor_api($params, 'POST', 'zones/' . cdnharbor_zone($params) . '/enable', []);

    return 'success';
}

function cdnharbor_TerminateAccount(array $params)
{
    $id = cdnharbor_zone($params);
    if ($id === '') {
        // never created
        return 'success';
    }
    $answer = cdnharbor_api($params, 'DELETE', 'zones/' . $id);
    if (isset($answer->deleted) || (isset($answer->code) && $answer->code === 404)) {
        $params['model']->serviceProperties->save(['Zone' => '', 'CNAME' => '']);

        return 'success';
    }

    return cdnharbor_reason($answer);
}

function cdnharbor_ChangePackage(array $params)
{
    $answer = cdnharbor_api($params, 'PATCH', 'zones/' . cdnharbor_zone($params), ['tier' => $params['configoption1']]);

    return isset($answer->zone->id);
}

function cdnharbor_ClientAreaCustomButtonArray()
{
    return ['Empty the cache' => 'purge'];
}

function cdnharbor_purge(array $params)
{
    if ($params['configoption2'] !== 'on') {
        return 'Your plan does not include this.';
    }
    $answer = cdnharbor_api($params, 'POST', 'zones/' . cdnharbor_zone($params) . '/purge', []);

    return isset($answer->zone->id) ? 'success' : cdnharbor_reason($answer);
}

function cdnharbor_ClientArea(array $params)
{
    return [
        'tabOverviewReplacementTemplate' => 'overview.tpl',
        'templateVariables' => [
            'zone' => cdnharbor_zone($params),
            'cname' => $params['model']->serviceProperties->get('CNAME'),
        ],
    ];
}
