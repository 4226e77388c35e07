<?php

namespace Emulator\Api;

use Emulator\Clock;
use Emulator\Database;
use Emulator\Logs;
use Emulator\Secrets;
use Emulator\UsageError;
use WHMCS\Config\Setting;

final class SystemCommands
{
    public static function encryptPassword(array $values): array
    {
        return ['password' => Secrets::encrypt((string) ($values['password2'] ?? ''))];
    }

    public static function decryptPassword(array $values): array
    {
        return ['password' => Secrets::decrypt((string) ($values['password2'] ?? ''))];
    }

    public static function logActivity(array $values): array
    {
        if (empty($values['description'])) {
            throw new UsageError('No Activity Log Description Provided');
        }
        Logs::activity((string) $values['description'], (int) ($values['clientid'] ?? $values['userid'] ?? 0));

        return [];
    }

    public static function getConfigurationValue(array $values): array
    {
        $value = Setting::getValue((string) ($values['setting'] ?? ''));
        if ($value === null) {
            throw new UsageError('Invalid name for parameter setting');
        }

        return ['setting' => $values['setting'], 'value' => $value];
    }

    public static function setConfigurationValue(array $values): array
    {
        $name = (string) ($values['setting'] ?? '');
        if (Setting::getValue($name) === null) {
            throw new UsageError('Invalid name for parameter setting');
        }
        $changed = Setting::getValue($name) !== (string) ($values['value'] ?? '');
        Setting::setValue($name, (string) ($values['value'] ?? ''));

        return ['value_changed' => $changed];
    }

    public static function getAdminDetails(): array
    {
        $admin = Database::row('tbladmins', (int) ($_SESSION['adminid'] ?? 1));

        return [
            'adminid' => (string) $admin->id, 'name' => trim("{$admin->firstname} {$admin->lastname}"), 'notes' => $admin->notes, 'signature' => $admin->signature,
            'allowedpermissions' => 'Main Homepage,List Clients,List Services,Perform Server Operations,API Access', 'departments' => $admin->supportdepts, 'requesttime' => Clock::now(),
        ] + self::whmcsDetails();
    }

    public static function getActivityLog(array $values): array
    {
        $query = Database::table('tblactivitylog');
        if (isset($values['clientid'])) {
            $query->where('userid', (int) $values['clientid']);
        }
        if (isset($values['description'])) {
            $query->where('description', 'like', '%' . $values['description'] . '%');
        }
        $total = $query->count();
        $start = (int) ($values['limitstart'] ?? 0);
        $entries = [];
        foreach ($query->orderByDesc('id')->offset($start)->limit((int) ($values['limitnum'] ?? 25))->get() as $row) {
            $entries[] = [
                'id' => (int) $row->id, 'clientId' => (int) $row->userid, 'userId' => (int) $row->user_id, 'adminId' => (int) $row->admin_id, 'date' => $row->date,
                'description' => $row->description, 'username' => $row->user, 'ipaddress' => $row->ipaddr, 'userid' => (int) $row->userid,
            ];
        }

        return ['totalresults' => $total, 'startnumber' => $start, 'activity' => ['entry' => $entries]];
    }

    public static function getServers(array $values): array
    {
        $servers = [];
        foreach (Database::table('tblservers')->where('disabled', 0)->get() as $row) {
            $used = Database::table('tblhosting')->where('server', $row->id)->whereIn('domainstatus', ['Active', 'Suspended'])->count();
            $servers[] = [
                'id' => (int) $row->id, 'name' => $row->name, 'hostname' => $row->hostname, 'ipaddress' => $row->ipaddress, 'active' => (bool) $row->active, 'activeServices' => $used,
                'maxAllowedServices' => (int) $row->maxaccounts, 'percentUsed' => (int) $row->maxaccounts === 0 ? 0 : (int) (100 * $used / $row->maxaccounts), 'module' => $row->type,
                'status' => ['http' => false, 'load' => '', 'uptime' => ''],
            ];
        }

        return ['servers' => $servers, 'fetchStatus' => (string) ($values['fetchStatus'] ?? '')];
    }

    public static function getCurrencies(): array
    {
        $rows = [];
        foreach (Database::table('tblcurrencies')->get() as $row) {
            $rows[] = ['id' => (int) $row->id, 'code' => $row->code, 'prefix' => $row->prefix, 'suffix' => $row->suffix, 'format' => (int) $row->format, 'rate' => $row->rate];
        }

        return ['totalresults' => count($rows), 'currencies' => ['currency' => $rows]];
    }

    public static function whmcsDetails(): array
    {
        $version = (string) Setting::getValue('Version');

        return ['whmcs' => ['version' => explode('-', $version)[0], 'canonicalversion' => $version]];
    }
}
