<?php

use WHMCS\Module\Server\MailMeadow\Client;
use WHMCS\Module\Server\MailMeadow\Tenants;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

function mailmeadow_MetaData()
{
    return ['DisplayName' => 'MailMeadow', 'APIVersion' => '1.1', 'RequiresServer' => true];
}

function mailmeadow_ConfigOptions()
{
    return [
        'mailboxes' => ['FriendlyName' => 'Mailboxes', 'Type' => 'text', 'Size' => '5', 'Default' => '5'],
        'quota' => ['FriendlyName' => 'Quota (GB)', 'Type' => 'text', 'Size' => '5', 'Default' => '10'],
        'archive' => ['FriendlyName' => 'Archive', 'Type' => 'yesno', 'Description' => 'Keep a copy of every message'],
    ];
}

function mailmeadow_TestConnection(array $params)
{
    try {
        $partner = (new Client($params))->request('GET', 'partner');

        return ['success' => isset($partner['partner']), 'error' => isset($partner['partner']) ? '' : 'MailMeadow does not know this partner.'];
    } catch (\Throwable $e) {
        return ['success' => false, 'error' => $e->getMessage()];
    }
}

function mailmeadow_CreateAccount(array $params)
{
    try {
        (new Tenants($params))->create();
    } catch (\Exception $e) {
        return $e->getMessage();
    }

    return 'success';
}

function mailmeadow_SuspendAccount(array $params)
{
    (new Tenants($params))->setState('locked');

    return 'success';
}

function mailmeadow_UnsuspendAccount(array $params)
{
    (new Tenants($params))->setState('open');

    return 'success';
}

function mailmeadow_TerminateAccount(array $params)
{
    try {
        (new Tenants($params))->delete();
    } catch (\Throwable $e) {
        return $e->getMessage();
    }

    return 'success';
}

function mailmeadow_ChangePackage(array $params)
{
    try {
        (new Tenants($params))->resize();
    } catch (\Throwable $e) {
        return $e->getMessage();
    }

    return 'success';
}

function mailmeadow_ChangePassword(array $params)
{
    try {
        (new Tenants($params))->setPassword($params['password']);
    } catch (\Throwable $e) {
        return $e->getMessage();
    }

    return 'success';
}

function mailmeadow_AdminServicesTabFields(array $params)
{
    try {
        $tenant = (new Tenants($params))->read();
    } catch (\Throwable $e) {
        return ['MailMeadow' => htmlspecialchars($e->getMessage())];
    }

    return ['Tenant' => htmlspecialchars((string) ($tenant['id'] ?? '')), 'State' => htmlspecialchars((string) ($tenant['state'] ?? ''))];
}

function mailmeadow_ClientArea(array $params)
{
    return [
        'tabOverviewModuleOutputTemplate' => 'templates/mailboxes.tpl',
        'templateVariables' => [
            'postmaster' => Tenants::postmaster($params),
            'mailboxes' => (int) $params['configoption1'],
        ],
    ];
}
