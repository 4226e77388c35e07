<?php

namespace Emulator;

use Closure;
use Throwable;

/** Records what a module function really did: its value and type, output, warnings, exceptions, exit, time. */
final class Recorder
{
    /** @var array[] */
    private static $calls = [];
    /** @var array[] calls that have begun and not ended; the innermost is last */
    private static $open = [];
    /** @var string[] */
    private static $warnings = [];

    /**
     * Calls $function, and gives what it returned.
     *
     * @throws Throwable what the module threw, after recording it
     */
    public static function call(string $module, string $name, ?Subject $subject, callable $function)
    {
        self::begin($module, $name, $subject);
        try {
            $returned = $function();
        } catch (Throwable $error) {
            Missing::reportThrowable($error);
            self::end(null, $error, false);
            throw $error;
        }
        self::end($returned, null, false);

        return $returned;
    }

    /** Includes a module's file. Nothing is recorded when nothing notable happened. */
    public static function includeFile(string $module, string $file): void
    {
        self::call($module, '(include ' . basename($file) . ')', null, static function () use ($file) {
            require_once $file;
        });
        $last = end(self::$calls);
        if ($last['output'] === '' && $last['warnings'] === []) {
            array_pop(self::$calls);
        }
    }

    private static function begin(string $module, string $name, ?Subject $subject): void
    {
        ob_start();
        self::$open[] = [
            'module' => $module,
            'function' => $name,
            'service_id' => $subject === null ? null : $subject->serviceId(),
            'addon_id' => $subject === null ? null : $subject->addonId(),
            'level' => ob_get_level(),
            'started' => microtime(true),
            'warnings' => [],
        ];
    }

    private static function end($returned, ?Throwable $error, bool $exited): string
    {
        $call = array_pop(self::$open);
        $output = '';
        while (ob_get_level() >= $call['level']) {
            $output = ob_get_clean() . $output;
        }
        while (ob_get_level() < $call['level'] - 1) {
            ob_start();
        }
        self::$calls[] = [
            'module' => $call['module'],
            'function' => $call['function'],
            'service_id' => $call['service_id'],
            'addon_id' => $call['addon_id'],
            'returned' => ['type' => gettype($returned), 'value' => self::describe($returned)],
            'threw' => $error === null ? null : [
                'class' => get_class($error),
                'message' => $error->getMessage(),
                'file' => $error->getFile(),
                'line' => $error->getLine(),
            ],
            'exited' => $exited,
            'output' => $output,
            'warnings' => $call['warnings'],
            'milliseconds' => round((microtime(true) - $call['started']) * 1000, 2),
        ];

        return $output;
    }

    /** At shutdown: calls still open were ended by exit or by a fatal error. Gives what the outermost printed. */
    public static function closeOpenCalls(): string
    {
        $printed = '';
        $fatal = error_get_last();
        $isFatal = $fatal !== null && in_array($fatal['type'], [E_ERROR, E_PARSE, E_CORE_ERROR, E_COMPILE_ERROR], true);
        while (self::$open !== []) {
            $printed = self::end(null, null, !$isFatal) . $printed;
            if ($isFatal) {
                $last = count(self::$calls) - 1;
                self::$calls[$last]['threw'] = ['class' => 'fatal error', 'message' => $fatal['message'], 'file' => $fatal['file'], 'line' => $fatal['line']];
            }
        }

        return $printed;
    }

    public static function calls(): array
    {
        return self::$calls;
    }

    public static function hasCalls(): bool
    {
        return self::$calls !== [];
    }

    public static function warningsOutsideCalls(): array
    {
        return self::$warnings;
    }

    /** PHP's error handler for the whole request. */
    public static function onWarning(int $level, string $message, string $file, int $line): bool
    {
        if ((error_reporting() & $level) === 0) {
            return true;
        }
        $names = [
            E_WARNING => 'E_WARNING', E_NOTICE => 'E_NOTICE', E_DEPRECATED => 'E_DEPRECATED', E_USER_ERROR => 'E_USER_ERROR',
            E_USER_WARNING => 'E_USER_WARNING', E_USER_NOTICE => 'E_USER_NOTICE', E_USER_DEPRECATED => 'E_USER_DEPRECATED',
            E_RECOVERABLE_ERROR => 'E_RECOVERABLE_ERROR',
        ];
        $fromLibraries = !defined('ROOTDIR') || strpos($file, ROOTDIR) !== 0;
        if ($fromLibraries && in_array($level, [E_DEPRECATED, E_USER_DEPRECATED], true)) {
            return true;
        }
        $text = ($names[$level] ?? "E_$level") . ": $message in $file:$line";
        if (self::$open === []) {
            self::$warnings[] = $text;
        } else {
            self::$open[count(self::$open) - 1]['warnings'][] = $text;
        }

        return true;
    }

    /** A value as JSON can carry it. */
    public static function describe($value, int $depth = 0)
    {
        if (is_array($value)) {
            if ($depth > 8) {
                return '(nested deeper)';
            }
            return array_map(static function ($item) use ($depth) {
                return self::describe($item, $depth + 1);
            }, $value);
        }
        if ($value instanceof Closure) {
            return '(closure)';
        }
        if (is_object($value)) {
            return '(object ' . get_class($value) . ')';
        }
        if (is_resource($value)) {
            return '(resource)';
        }
        if (is_float($value) && !is_finite($value)) {
            return (string) $value;
        }

        return $value;
    }
}
