<?php

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

use WHMCS\Module\Server\Vpsforge\Forge;
use WHMCS\Module\Server\Vpsforge\Models\ForgeServer;
use WHMCS\Module\Server\Vpsforge\Models\ForgeVolume;
use WHMCS\Module\Server\Vpsforge\Tables;

function vpsforge_MetaData()
{
    return ['DisplayName' => 'VPS Forge', 'APIVersion' => '1.1', 'RequiresServer' => true, 'AdminSingleSignOnLabel' => 'Open the Forge'];
}

function vpsforge_ConfigOptions()
{
    return [
        'Size' => ['Type' => 'dropdown', 'Options' => ['s1' => 'Small', 's2' => 'Medium', 's4' => 'Large'], 'Default' => 's1'],
        'Image' => ['Type' => 'dropdown', 'Options' => ['debian-12' => 'Debian 12', 'ubuntu-24' => 'Ubuntu 24.04']],
        'Volume (GB)' => ['Type' => 'text', 'Size' => 6, 'Default' => '20'],
    ];
}

function vpsforge_TestConnection(array $params)
{
    try {
        Forge::of($params)->call('GET', '/project');

        return ['success' => true, 'error' => ''];
    } catch (Throwable $e) {
        return ['success' => false, 'error' => $e->getMessage()];
    }
}

function vpsforge_CreateAccount(array $params)
{
    try {
        Tables::ensure();
        $forge = Forge::of($params);
        $made = $forge->call('POST', '/servers', [
            'name' => $params['domain'] !== '' ? $params['domain'] : 'vps' . $params['serviceid'],
            'size' => $params['configoption1'],
            'image' => $params['configoption2'],
            'root_password' => $params['password'],
        ]);
        $server = ForgeServer::updateOrCreate(['service_id' => $params['serviceid']], ['forge_id' => $made['id'], 'ipv4' => null]);
        $volume = $forge->call('POST', '/volumes', ['server' => $made['id'], 'gigabytes' => (int) $params['configoption3']]);
        $server->volumes()->create(['forge_id' => $volume['id'], 'gigabytes' => (int) $params['configoption3']]);
        // The address comes when the server is built; vpsforge_ClientArea fetches it.
        $params['model']->serviceProperties->save(['Username' => 'root', 'IPv4 Address' => '']);

        return 'success';
    } catch (Throwable $e) {
        return $e->getMessage();
    }
}

function vpsforge_power(array $params, $state)
{
    try {
        $server = ForgeServer::ofService($params['serviceid']);
        $answer = Forge::of($params)->call('POST', "/servers/{$server->forge_id}/power", ['state' => $state]);

        return ($answer['power'] ?? '') === $state ? 'success' : "The server is not $state.";
    } catch (Throwable $e) {
        return $e->getMessage();
    }
}

function vpsforge_SuspendAccount(array $params)
{
    return vpsforge_power($params, 'off');
}

function vpsforge_UnsuspendAccount(array $params)
{
    return vpsforge_power($params, 'on');
}

function vpsforge_TerminateAccount(array $params)
{
    try {
        $server = ForgeServer::ofService($params['serviceid']);
        Forge::of($params)->call('DELETE', "/servers/{$server->forge_id}", null, [404]);
        $server->volumes()->delete();

        return 'success';
    } catch (Throwable $e) {
        return $e->getMessage();
    }
}

function vpsforge_ChangePackage(array $params)
{
    try {
        $server = ForgeServer::ofService($params['serviceid']);
        Forge::of($params)->call('PATCH', "/servers/{$server->forge_id}", ['size' => $params['configoption1']]);

        return 'success';
    } catch (Throwable $e) {
        return $e->getMessage();
    }
}

function vpsforge_AdminServicesTabFields(array $params)
{
    try {
        $server = ForgeServer::with('volumes', 'service.client')->where('service_id', $params['serviceid'])->first();
    } catch (Throwable $e) {
        $server = null;
    }
    if ($server === null) {
        return ['Forge server' => 'none'];
    }
    $volumes = $server->volumes->map(function (ForgeVolume $volume) {
        return e("{$volume->forge_id} ({$volume->gigabytes} GB)");
    });

    return [
        'Forge server' => e($server->forge_id),
        'Volumes' => $volumes->implode('<br>'),
        'Client' => e($server->service->client->email),
    ];
}

function vpsforge_ClientArea(array $params)
{
    $server = null;
    try {
        $server = ForgeServer::ofService($params['serviceid']);
        if ($server->ipv4 === null) {
            $seen = Forge::of($params)->call('GET', "/servers/{$server->forge_id}");
            if (!empty($seen['ipv4'])) {
                $server->ipv4 = $seen['ipv4'];
                $server->save();
                $params['model']->serviceProperties->save(['IPv4 Address' => $seen['ipv4'], 'Dedicated IP' => $seen['ipv4']]);
            }
        }
    } catch (Throwable $e) {
        logActivity('VPS Forge: ' . $e->getMessage());
    }

    return [
        'tabOverviewModuleOutputTemplate' => 'templates/server.tpl',
        'templateVariables' => ['ipv4' => $server === null ? null : $server->ipv4],
    ];
}
