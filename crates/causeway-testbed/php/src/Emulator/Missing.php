<?php

namespace Emulator;

use Throwable;

/** What a module asked of WHMCS and the emulator lacks. It ends the request loudly, even when the module caught the error. */
final class Missing
{
    /** @var array[] */
    private static $found = [];

    public static function report(string $what, ?string $where = null): void
    {
        foreach (self::$found as $known) {
            if ($known['what'] === $what) {
                return;
            }
        }
        self::$found[] = ['what' => $what, 'where' => $where ?? self::callerInModule()];
    }

    public static function all(): array
    {
        return self::$found;
    }

    /** The last autoloader: a WHMCS class nobody found. Asking whether it exists is no need of it. */
    public static function reportClass(string $class): void
    {
        if (strncmp($class, 'WHMCS\\', 6) !== 0 || preg_match('/^WHMCS\\\\Module\\\\(Server|Addon)\\\\\w+\\\\/', $class)) {
            return;
        }
        $asking = ['class_exists', 'interface_exists', 'trait_exists', 'is_a', 'is_subclass_of', 'is_callable', 'method_exists', 'defined'];
        foreach (array_slice(debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS, 5), 1) as $frame) {
            if (in_array($frame['function'] ?? '', $asking, true) && !isset($frame['class'])) {
                return;
            }
        }
        self::report("class $class");
    }

    public static function reportThrowable(Throwable $error): void
    {
        $where = $error->getFile() . ':' . $error->getLine();
        if (preg_match('/^Call to undefined function (.+)\(\)/', $error->getMessage(), $match)) {
            $name = $match[1];
            $short = strrpos($name, '\\') === false ? $name : substr($name, strrpos($name, '\\') + 1);
            self::report("function $short", $where);
        } elseif (preg_match('/^Call to undefined method (WHMCS\\\\.+|App|Lang|DI)::(\w+)\(\)/', $error->getMessage(), $match)) {
            if (!preg_match('/^WHMCS\\\\Module\\\\(Server|Addon)\\\\\w+\\\\/', $match[1])) {
                self::report("method {$match[1]}::{$match[2]}", $where);
            }
        }
    }

    /** Tables, columns and syntax that SQLite refused, where they concern WHMCS's own tables. */
    public static function reportSql(string $message, string $sql): void
    {
        $where = self::callerInModule();
        if (preg_match('/no such table: (?:main\.)?(tbl\w+)/', $message, $match)) {
            self::report("table {$match[1]}", $where);
        } elseif (preg_match('/(?:no such column: |has no column named )([\w.`"]+)/', $message, $match) && preg_match('/\btbl\w+/i', $sql, $table)) {
            self::report("column {$match[1]} (in a query on {$table[0]})", $where);
        } elseif (preg_match('/no such function: (\w+)/', $message, $match)) {
            self::report("SQL function {$match[1]}", $where);
        } elseif (strpos($message, 'syntax error') !== false) {
            self::report("SQL syntax ($message): $sql", $where);
        }
    }

    /** Where in the module, or in a hook file, the request is now. */
    private static function callerInModule(): string
    {
        $outside = '';
        foreach (debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS) as $frame) {
            $file = $frame['file'] ?? '';
            if (defined('ROOTDIR') && strncmp($file, ROOTDIR . '/', strlen(ROOTDIR) + 1) === 0) {
                return $file . ':' . $frame['line'];
            }
            if ($outside === '' && $file !== '' && strpos($file, __DIR__) !== 0) {
                $outside = $file . ':' . $frame['line'];
            }
        }

        return $outside;
    }
}
