<?php

namespace Emulator;

use Closure;
use Throwable;

/** Records what a module function really did: its value and type, output, warnings, exceptions, exit, time, and what it left behind. */
final class Recorder
{
    /** @var array[] */
    private static $calls = [];
    /** @var array[] calls that have begun and not ended; the innermost is last */
    private static $open = [];
    /** @var array<string, array> raised outside of calls */
    private static $warnings = [];
    /** @var array{changes: array[], module_log: array[], activity_log: array[], emails: array[], api_calls: array[]} left behind outside of calls */
    private static $outside = self::NOTHING;

    /** @var array[] what left a file that a browser opened */
    private static $uncaught = [];

    const NOTHING = ['changes' => [], 'module_log' => [], 'activity_log' => [], 'emails' => [], 'api_calls' => []];
    /** These have records of their own. */
    const LOGS = ['tblmodulelog', 'tblactivitylog', 'tblemails'];

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
        if ($last['output'] === '' && $last['warnings'] === [] && $last['missing'] === [] && $last['left_behind'] === self::NOTHING) {
            array_pop(self::$calls);
        }
    }

    private static function begin(string $module, string $name, ?Subject $subject): void
    {
        self::settle();
        ob_start();
        self::$open[] = [
            'module' => $module,
            'function' => $name,
            'service_id' => $subject === null ? null : $subject->serviceId(),
            'addon_id' => $subject === null ? null : $subject->addonId(),
            'level' => ob_get_level(),
            'started' => microtime(true),
            'warnings' => [],
            'missing' => [],
            'left_behind' => self::NOTHING,
        ];
    }

    private static function end($returned, ?Throwable $error, bool $exited): string
    {
        $milliseconds = round((microtime(true) - self::$open[count(self::$open) - 1]['started']) * 1000, 2);
        self::settle();
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
            'threw' => $error === null ? null : self::thrown($error),
            'exited' => $exited,
            'output' => $output,
            'warnings' => array_values($call['warnings']),
            'missing' => $call['missing'],
            'milliseconds' => $milliseconds,
            'left_behind' => $call['left_behind'],
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
                self::$calls[$last]['threw'] = ['class' => 'fatal error', 'message' => $fatal['message'], 'file' => self::inWhmcs($fatal['file']), 'line' => $fatal['line']];
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

    /** Outside of calls, in a file that a browser opened. */
    public static function uncaught(Throwable $error): void
    {
        self::$uncaught[] = self::thrown($error);
    }

    public static function uncaughtErrors(): array
    {
        return self::$uncaught;
    }

    public static function warningsOutsideCalls(): array
    {
        return array_values(self::$warnings);
    }

    /** Something that is left behind: an entry of a log, an e-mail, a call of the API. It belongs to the innermost call. */
    public static function note(string $kind, array $entry): void
    {
        if (self::$open === []) {
            self::$outside[$kind][] = $entry;
        } else {
            self::$open[count(self::$open) - 1]['left_behind'][$kind][] = $entry;
        }
    }

    /** What WHMCS itself, and hooks, left behind outside of the module's functions. */
    public static function leftOutsideCalls(): array
    {
        self::settle();

        return self::$outside;
    }

    /** Hands what came up since the last time to the call that is innermost now. */
    private static function settle(): void
    {
        self::noteUnhandledWarning();
        foreach (Changes::take() as $change) {
            if (!in_array($change['table'], self::LOGS, true) || $change['kind'] !== 'inserted') {
                self::note('changes', $change);
            }
        }
        $missing = Missing::take();
        if (self::$open !== []) {
            $innermost = &self::$open[count(self::$open) - 1];
            $innermost['missing'] = array_merge($innermost['missing'], $missing);
        }
    }

    /** When OPcache compiles a file, it keeps what is wrong with it from every handler; PHP knows the last one. */
    private static function noteUnhandledWarning(): void
    {
        $last = error_get_last();
        if ($last !== null && self::isInWhmcs($last['file']) && in_array($last['type'], [E_DEPRECATED, E_WARNING, E_COMPILE_WARNING], true)) {
            error_clear_last();
            self::onWarning($last['type'], $last['message'], $last['file'], $last['line']);
        }
    }

    /** With the place in the module from where it came, when it was thrown in a library. */
    public static function thrown(Throwable $error): array
    {
        $thrown = ['class' => get_class($error), 'message' => $error->getMessage(), 'file' => self::inWhmcs($error->getFile()), 'line' => $error->getLine()];
        if (self::isInWhmcs($error->getFile())) {
            return $thrown;
        }
        foreach ($error->getTrace() as $frame) {
            if (self::isInWhmcs($frame['file'] ?? '')) {
                return $thrown + ['called_from' => ['file' => self::inWhmcs($frame['file']), 'line' => $frame['line'] ?? 0]];
            }
        }

        return $thrown;
    }

    private static function isInWhmcs(string $file): bool
    {
        return defined('ROOTDIR') && strncmp($file, ROOTDIR . '/', strlen(ROOTDIR) + 1) === 0;
    }

    /** A file's path inside WHMCS's folder. */
    public static function inWhmcs(string $file): string
    {
        return self::isInWhmcs($file) ? substr($file, strlen(ROOTDIR) + 1) : $file;
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
        if (!self::isInWhmcs($file) && in_array($level, [E_DEPRECATED, E_USER_DEPRECATED], true)) {
            return true;
        }
        if (Templates::mutes($level, $file, $message)) {
            return true;
        }
        $warning = ['level' => $names[$level] ?? "E_$level", 'message' => $message, 'file' => self::inWhmcs($file), 'line' => $line];
        if (self::$open === []) {
            $told = &self::$warnings;
        } else {
            $told = &self::$open[count(self::$open) - 1]['warnings'];
        }
        $key = implode("\0", $warning);
        $told[$key] = $told[$key] ?? $warning + ['times' => 0];
        $told[$key]['times']++;

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
