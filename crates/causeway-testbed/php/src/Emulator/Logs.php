<?php

namespace Emulator;

/** The activity log and the module log. */
final class Logs
{
    const MASK = '**********';

    /** @var bool */
    private static $isTelling = false;

    public static function activity(string $description, int $clientId = 0): void
    {
        $user = defined('CLIENTAREA') ? 'Client' : (defined('ADMINAREA') ? 'admin' : 'System');
        Database::insert('tblactivitylog', ['date' => Clock::now(), 'description' => $description, 'user' => $user, 'userid' => $clientId, 'ipaddr' => '127.0.0.1']);
        Recorder::note('activity_log', ['description' => $description, 'client_id' => $clientId]);
        if (!self::$isTelling) {
            // A listener that logs is not told of its own entry.
            self::$isTelling = true;
            Hooks::runUnlessNobodyListens('LogActivity', ['description' => $description, 'user' => $user, 'userid' => $clientId, 'ipaddress' => '127.0.0.1']);
            self::$isTelling = false;
        }
    }

    public static function module(string $module, string $action, $request, $response, $processed, array $masked): void
    {
        $text = static function ($value) use ($masked): string {
            $value = is_array($value) || is_object($value) ? print_r($value, true) : (string) $value;
            foreach ($masked as $secret) {
                if (is_scalar($secret) && (string) $secret !== '') {
                    $forms = [(string) $secret, rawurlencode((string) $secret), urlencode((string) $secret)];
                    $value = str_replace($forms, self::MASK, $value);
                }
            }
            return $value;
        };
        $entry = ['module' => $module, 'action' => $action, 'request' => $text($request), 'response' => $text($response), 'arrdata' => $text($processed)];
        Database::insert('tblmodulelog', ['date' => Clock::now()] + $entry);
        Recorder::note('module_log', ['module' => $module, 'action' => $action, 'request' => $entry['request'], 'response' => $entry['response'], 'processed' => $entry['arrdata']]);
    }
}
