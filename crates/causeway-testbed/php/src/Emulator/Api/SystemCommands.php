<?php

namespace Emulator\Api;

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
