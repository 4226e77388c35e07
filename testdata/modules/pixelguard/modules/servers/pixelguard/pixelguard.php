<?php
/**
 * PixelGuard website firewall - provisioning module
 */

if (!defined("WHMCS")) {
    die("This file cannot be accessed directly");
}

function pixelguard_MetaData()
{
    return array(
        'DisplayName' => 'PixelGuard',
        'APIVersion' => '1.1',
        'RequiresServer' => true,
        'DefaultSSLPort' => '443',
    );
}

function pixelguard_ConfigOptions()
{
    return array(
        'Package' => array(
            'Type' => 'dropdown',
            'Options' => 'starter,business,enterprise',
            'Default' => 'starter',
        ),
        'Pages' => array(
            'Type' => 'text',
            'Size' => '10',
            'Default' => '100',
            'Description' => 'Pages that are scanned',
        ),
    );
}

function pixelguard_request($params, $method, $path, $data = null)
{
    $ch = curl_init('https://' . $params['serverhostname'] . '/v2' . $path);
    curl_setopt($ch, CURLOPT_RETURNTRANSFER, true);
    curl_setopt($ch, CURLOPT_CUSTOMREQUEST, $method);
    curl_setopt($ch, CURLOPT_HTTPHEADER, array(
        'X-Api-Key: ' . $params['serverpassword'],
        'Content-Type: application/json',
    ));
    if ($data !== null) {
        curl_setopt($ch, CURLOPT_POSTFIELDS, json_encode($data));
    }
    $body = curl_exec($ch);
    $code = curl_getinfo($ch, CURLINFO_HTTP_CODE);
    curl_close($ch);

    return array('code' => $code, 'data' => json_decode($body, true), 'body' => $body);
}

function pixelguard_error($params, $action, $result)
{
    logModuleCall('pixelguard', $action, $params, $result['body']);

    return isset($result['data']['message']) ? $result['data']['message'] : '';
}

function pixelguard_TestConnection($params)
{
    $result = pixelguard_request($params, 'GET', '/me');
    if ($result['code'] == 200) {
        return array('success' => true, 'error' => '');
    }

    return array('success' => false, 'error' => 'The API key was not accepted (HTTP ' . $result['code'] . ')');
}

function pixelguard_CreateAccount($params)
{
    $result = pixelguard_request($params, 'POST', '/sites', array(
        'url' => 'https://' . $params['domain'] . '/',
        'owner' => $params['clientsdetails']['email'],
        'package' => $params['configoption1'],
        'pages' => (int) $params['configoption2'],
    ));
    if ($result['code'] == 201 && isset($result['data']['id'])) {
        $params['model']->serviceProperties->save(array(
            'Site ID' => $result['data']['id'],
            'Site Key' => $result['data']['site_key'],
        ));
        logModuleCall('pixelguard', 'create', array('domain' => $params['domain']), $result['data']);

        return 'success';
    }

    return pixelguard_error($params, 'create', $result);
}

function pixelguard_SuspendAccount($params)
{
    $site = $params['model']->serviceProperties->get('Site ID');
    $result = pixelguard_request($params, 'POST', '/sites/' . $site . '/pause');
    if ($result['code'] == 200) {
        return 'success';
    }

    return pixelguard_error($params, 'suspend', $result);
}

function pixelguard_UnsuspendAccount($params)
{
    $site = $params['model']->serviceProperties->get('Site ID');
    $result = pixelguard_request($params, 'POST', '/sites/' . $site . '/resume');
    if ($result['code'] == 200) {
        return 'success';
    }

    return pixelguard_error($params, 'unsuspend', $result);
}

function pixelguard_TerminateAccount($params)
{
    $site = $params['model']->serviceProperties->get('Site ID');
    $result = pixelguard_request($params, 'DELETE', '/sites/' . $site);
    if ($result['code'] == 200 || $result['code'] == 204) {
        return 'success';
    }

    return pixelguard_error($params, 'terminate', $result);
}

function pixelguard_ChangePackage($params)
{
    $site = $params['model']->serviceProperties->get('Site ID');
    $result = pixelguard_request($params, 'PATCH', '/sites/' . $site, array(
        'package' => $params['configoption1'],
        'pages' => (int) $params['configoption2'],
    ));
    if ($result['code'] == 200) {
        return 'success';
    }

    return pixelguard_error($params, 'upgrade', $result);
}

function pixelguard_ClientArea($params)
{
    $properties = $params['model']->serviceProperties;

    return array(
        'templatefile' => 'clientarea',
        'vars' => array(
            'siteId' => $properties->get('Site ID'),
            'siteKey' => $properties->get('Site Key'),
            'owner' => $params['clientsdetails']['firstname'] . ' ' . $params['clientsdetails']['lastname'],
        ),
    );
}
