<?php

namespace Emulator;

use Throwable;

/**
 * A file of WHMCS's folder that a browser opens: WHMCS's own, or one that a module brings and that begins with init.php.
 * What happened in it is written to the file that the caller names.
 */
final class Visit
{
    /** What init.php does. */
    public static function begin(): void
    {
        if (defined('WHMCS')) {
            return;
        }
        set_error_handler([Recorder::class, 'onWarning']);
        register_shutdown_function([self::class, 'record']);
        set_exception_handler([self::class, 'fail']);
        Environment::prepareVisit();
    }

    public static function fail(Throwable $error): void
    {
        Missing::reportThrowable($error);
        Recorder::uncaught($error);
        http_response_code(500);
        // WHMCS shows its own page for what nobody caught.
        echo '<h1>Oops!</h1><p>Something went wrong and we couldn\'t process your request.</p>';
    }

    public static function record(): void
    {
        $file = (string) ($_SERVER['EMULATOR_RECORD'] ?? '');
        if ($file === '') {
            return;
        }
        $record = [
            'calls' => Recorder::calls(), 'hooks' => Hooks::runs(), 'warnings' => Recorder::warningsOutsideCalls(), 'missing' => Missing::all(),
            'left_behind' => Recorder::leftOutsideCalls(), 'threw' => Recorder::uncaughtErrors(),
        ];
        file_put_contents($file, json_encode($record, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR));
    }
}
