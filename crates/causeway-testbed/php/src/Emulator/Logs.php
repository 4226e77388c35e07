<?php

namespace Emulator;

/** The activity log and the module log. */
final class Logs
{
    const MASK = '**********';

    public static function activity(string $description, int $clientId = 0): void
    {
        Database::insert('tblactivitylog', [
            'date' => Clock::now(), 'description' => $description, 'user' => defined('CLIENTAREA') ? 'Client' : (defined('ADMINAREA') ? 'admin' : 'System'),
            'userid' => $clientId, 'ipaddr' => '127.0.0.1',
        ]);
        Recorder::note('activity_log', ['description' => $description, 'client_id' => $clientId]);
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
