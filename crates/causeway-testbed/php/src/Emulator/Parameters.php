<?php

namespace Emulator;

use WHMCS\Config\Setting;

/** The $params that WHMCS hands to a module function. */
final class Parameters
{
    public static function forSubject(Subject $subject, string $function): array
    {
        $service = $subject->service;
        $params = [
            'whmcsVersion' => (string) Setting::getValue('Version'),
            'accountid' => $subject->serviceId(),
            'serviceid' => $subject->serviceId(),
            'addonId' => $subject->addonId() ?? 0,
            'userid' => (int) $service->userid,
            'domain' => html_entity_decode((string) $service->domain),
            'username' => html_entity_decode((string) $service->username),
            'password' => html_entity_decode(Secrets::decrypt((string) $service->password)),
            'packageid' => (int) $service->packageid,
            'pid' => (int) $service->packageid,
            'serverid' => (int) $subject->row()->server,
            'status' => $subject->status(),
            'type' => (string) $subject->product->type,
            'producttype' => (string) $subject->product->type,
            'moduletype' => $subject->module(),
            'suspendreason' => (string) $service->suspendreason,
            'action' => self::action($function),
        ];
        if ($subject->isAddon()) {
            $params = self::addonCredentials($subject) + $params;
        }
        $params += self::options($subject);
        $params += [
            'clientsdetails' => Clients::details((int) $service->userid),
            'customfields' => CustomFields::forModule($subject),
            'configoptions' => ConfigurableOptions::forModule($subject),
            'model' => $subject->model(),
        ];

        return $params + self::server((int) $subject->row()->server, $subject->module());
    }

    /** An addon's name and password are custom fields of its own; its domain is its service's. */
    private static function addonCredentials(Subject $subject): array
    {
        $own = [];
        foreach (['username' => 'Username', 'password' => 'Password', 'domain' => 'Domain'] as $key => $name) {
            $field = CustomFields::find('addon', (int) $subject->product->id, $name);
            $value = $field === null ? '' : CustomFields::value((int) $field->id, $subject->ownId());
            if ($key !== 'domain' || $value !== '') {
                $own[$key] = $value;
            }
        }

        return $own;
    }

    private static function action(string $function): string
    {
        $actions = ['CreateAccount' => 'create', 'SuspendAccount' => 'suspend', 'UnsuspendAccount' => 'unsuspend', 'TerminateAccount' => 'terminate'];

        return $actions[$function] ?? strtolower($function);
    }

    /** configoption1 … configoption24. */
    public static function options(Subject $subject): array
    {
        $options = [];
        $ofAddon = $subject->isAddon()
            ? Database::table('tblmodule_configuration')->where('entity_type', 'addon')->where('entity_id', $subject->product->id)->pluck('value', 'setting_name')->all()
            : [];
        for ($number = 1; $number <= 24; $number++) {
            $name = "configoption$number";
            $options[$name] = (string) ($subject->isAddon() ? ($ofAddon[$name] ?? '') : $subject->product->$name);
        }

        return $options;
    }

    public static function server(int $serverId, string $module): array
    {
        $server = $serverId === 0 ? null : Database::table('tblservers')->where('id', $serverId)->first();
        $secure = $server !== null && $server->secure === 'on';

        return [
            'server' => $server !== null,
            'serverid' => $serverId,
            'serverip' => $server === null ? '' : (string) $server->ipaddress,
            'serverhostname' => $server === null ? '' : (string) $server->hostname,
            'serverusername' => $server === null ? '' : (string) $server->username,
            'serverpassword' => $server === null ? '' : html_entity_decode(Secrets::decrypt((string) $server->password)),
            'serveraccesshash' => $server === null ? '' : (string) $server->accesshash,
            'serversecure' => $secure,
            'serverhttpprefix' => $secure ? 'https' : 'http',
            'serverport' => $server === null ? '' : self::port($server, $module, $secure),
        ];
    }

    private static function port($server, string $module, bool $secure): string
    {
        if ($server->port !== null) {
            return (string) $server->port;
        }
        $meta = Modules::has($module, 'MetaData') ? call_user_func("{$module}_MetaData") : [];

        return (string) ($meta[$secure ? 'DefaultSSLPort' : 'DefaultNonSSLPort'] ?? '');
    }
}
