<?php

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

require_once __DIR__ . '/rpc.php';

function licensio_MetaData()
{
    return ['DisplayName' => 'Licensio Panel Licences', 'APIVersion' => '1.1', 'RequiresServer' => true, 'DefaultSSLPort' => 443];
}

function licensio_ConfigOptions()
{
    return [
        'Product' => ['Type' => 'text', 'Size' => '20', 'Loader' => 'licensio_products', 'SimpleMode' => true],
        'Seats' => ['Type' => 'text', 'Size' => '4', 'Default' => '1', 'SimpleMode' => true],
    ];
}

function licensio_products($params)
{
    $answer = licensio_read($params, ['action' => 'products']);
    if (!isset($answer['products'])) {
        throw new Exception('The products cannot be read from Licensio.');
    }

    return $answer['products'];
}

function licensio_TestConnection($params)
{
    $answer = licensio_read($params, ['action' => 'products']);

    return ['success' => isset($answer['products']), 'error' => isset($answer['products']) ? '' : 'Licensio did not accept user and password.'];
}

function licensio_CreateAccount($params)
{
    $text = licensio_write($params, [
        'action' => 'order',
        'reference' => 'whmcs-' . $params['serviceid'],
        'product' => $params['configoption1'],
        'seats' => $params['configoption2'],
        'email' => $params['clientsdetails']['email'],
    ]);
    $answer = json_decode($text, true);
    if (($answer['result'] ?? '') !== 'success' || empty($answer['licence'])) {
        return !empty($answer['message']) ? $answer['message'] : 'Licensio did not sell a licence.';
    }
    $params['model']->serviceProperties->save(['Licence Number' => $answer['number'], 'Licence' => $answer['licence']]);

    return 'success';
}

function licensio_SuspendAccount($params)
{
    return licensio_status($params, 'suspend');
}

function licensio_UnsuspendAccount($params)
{
    return licensio_status($params, 'unsuspend');
}

function licensio_status($params, $action)
{
    $text = licensio_write($params, ['action' => $action, 'number' => licensio_number($params)]);
    if (strpos($text, '"result":"error"') !== false) {
        $answer = json_decode($text, true);

        return !empty($answer['message']) ? $answer['message'] : 'Licensio refused.';
    }

    return 'success';
}

function licensio_TerminateAccount($params)
{
    $text = licensio_write($params, ['action' => 'cancel', 'number' => licensio_number($params)]);
    $answer = json_decode($text, true);
    if (($answer['result'] ?? '') === 'success' || ($answer['code'] ?? 0) === 404) {
        return 'success';
    }

    return !empty($answer['message']) ? $answer['message'] : 'Licensio did not cancel the licence.';
}

function licensio_ClientArea($params)
{
    return [
        'tabOverviewReplacementTemplate' => 'templates/licence',
        'templateVariables' => ['licence' => $params['model']->serviceProperties->get('Licence')],
    ];
}
