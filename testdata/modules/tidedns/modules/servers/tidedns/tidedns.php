<?php

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

use WHMCS\Module\Server\TideDns\Tide;
use WHMCS\Module\Server\TideDns\TideError;
use WHMCS\Module\Server\TideDns\Zones;

function tidedns_MetaData()
{
    return [
        'DisplayName' => 'Tide DNS',
        'APIVersion' => '1.1',
        'RequiresServer' => true,
    ];
}

function tidedns_ConfigOptions()
{
    return [
        'records' => ['FriendlyName' => 'Records', 'Type' => 'text', 'Size' => '6', 'Default' => '500', 'Description' => 'How many a zone may have'],
        'dnssec' => ['FriendlyName' => 'DNSSEC', 'Type' => 'yesno', 'Description' => 'Sign new zones'],
    ];
}

/** Runs $work; whatever goes wrong in it becomes one readable line. */
function tidedns_attempt(callable $work)
{
    try {
        $work();
    } catch (TideError $error) {
        return $error->getMessage();
    } catch (\Throwable $error) {
        logActivity('Tide DNS: ' . get_class($error) . ' in ' . basename($error->getFile()) . ', line ' . $error->getLine());

        return 'Tide DNS: the module failed; the activity log says where. Nothing is lost; it can be tried again.';
    }

    return 'success';
}

function tidedns_TestConnection(array $params)
{
    $outcome = tidedns_attempt(function () use ($params) {
        $account = (new Tide($params))->request('GET', 'account');
        if (!isset($account['account'])) {
            throw new TideError('Tide DNS answered, but not with the account. Check the host name.');
        }
    });

    return ['success' => $outcome === 'success', 'error' => $outcome === 'success' ? '' : $outcome];
}

function tidedns_CreateAccount(array $params)
{
    return tidedns_attempt(function () use ($params) {
        (new Zones($params))->create();
    });
}

function tidedns_SuspendAccount(array $params)
{
    return tidedns_attempt(function () use ($params) {
        (new Zones($params))->change(['served' => false]);
    });
}

function tidedns_UnsuspendAccount(array $params)
{
    return tidedns_attempt(function () use ($params) {
        (new Zones($params))->change(['served' => true]);
    });
}

function tidedns_TerminateAccount(array $params)
{
    return tidedns_attempt(function () use ($params) {
        (new Zones($params))->delete();
    });
}

function tidedns_ChangePackage(array $params)
{
    return tidedns_attempt(function () use ($params) {
        $zones = new Zones($params);
        $zones->change($zones->limits());
    });
}

function tidedns_AdminCustomButtonArray()
{
    return ['Check the zone' => 'check'];
}

function tidedns_check(array $params)
{
    return tidedns_attempt(function () use ($params) {
        (new Zones($params))->existing();
    });
}

function tidedns_AdminServicesTabFields(array $params)
{
    $zone = null;
    $outcome = tidedns_attempt(function () use ($params, &$zone) {
        $zone = Zones::saved($params);
    });
    $text = $outcome !== 'success' ? $outcome : ($zone === null ? 'none' : (string) $zone->zone);

    return ['Zone' => htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8')];
}

function tidedns_ClientArea(array $params)
{
    $zone = null;
    tidedns_attempt(function () use ($params, &$zone) {
        $zone = Zones::saved($params);
    });

    return [
        'templatefile' => 'zone',
        'vars' => ['nameservers' => $zone === null ? [] : array_filter(explode(' ', (string) $zone->nameservers))],
    ];
}
