<?php

namespace Emulator;

use Throwable;

/** What a module asked of WHMCS and did not get: which piece, where in the module, how often. */
final class Missing
{
    const FUNCTION = 'function';
    const CLASS_ = 'class';
    const METHOD = 'method';
    const TABLE = 'table';
    const COLUMN = 'column';
    const API_COMMAND = 'api_command';
    const SQL = 'sql';

    const WORDS = [self::API_COMMAND => 'local API command', self::SQL => 'SQL:'];
    /** What asks whether a class exists has no need of it. */
    const ASKING = ['class_exists', 'interface_exists', 'trait_exists', 'is_a', 'is_subclass_of', 'is_callable', 'method_exists', 'property_exists', 'defined'];
    /** Libraries that come with WHMCS, and that modules use as if they were their own. */
    const LIBRARIES = '/^(Illuminate|GuzzleHttp|Carbon|Symfony|Monolog|Psr|PHPMailer|phpseclib3?|Ramsey|Doctrine|Firebase|Laminas|League)\\\\|^(DI|Smarty)$/';

    /** @var array<string, array> */
    private static $found = [];
    /** @var array<string, string> classes that no autoloader so far has found => where they were wanted */
    private static $wanted = [];
    /** @var array<string, array> pieces that no call's record has taken yet */
    private static $fresh = [];

    public static function report(string $kind, string $name, ?string $where = null): void
    {
        $where = $where ?? self::callerInModule();
        $key = "$kind $name $where";
        [$file, $line] = self::place($where);
        $piece = ['kind' => $kind, 'name' => $name, 'file' => $file, 'line' => $line, 'times' => 0];
        self::$found[$key] = self::$found[$key] ?? $piece;
        self::$found[$key]['times']++;
        self::$fresh[$key] = self::$fresh[$key] ?? $piece;
        self::$fresh[$key]['times']++;
    }

    /** @return array[] kind, name, file (inside WHMCS's folder, where it is there), line, times */
    public static function all(): array
    {
        self::settleClasses();

        return array_values(self::$found);
    }

    /** The pieces that came up since this was last asked. */
    public static function take(): array
    {
        self::settleClasses();
        $new = array_values(self::$fresh);
        self::$fresh = [];

        return $new;
    }

    private static function settleClasses(): void
    {
        foreach (self::$wanted as $class => $where) {
            unset(self::$wanted[$class]);
            // An autoloader behind ours may have found it.
            if (!class_exists($class, false) && !interface_exists($class, false) && !trait_exists($class, false)) {
                self::report(self::CLASS_, $class, $where);
            }
        }
    }

    /**
     * Those without which the emulator cannot say how the module would have fared. A column that WHMCS does not have is none of
     * them: the module fails here as it does there.
     */
    public static function decisive(): array
    {
        return array_values(array_filter(self::all(), static function (array $piece): bool {
            return $piece['kind'] !== self::COLUMN;
        }));
    }

    public static function describe(array $piece): string
    {
        return (self::WORDS[$piece['kind']] ?? $piece['kind']) . ' ' . $piece['name'];
    }

    /** The last autoloader: a class of WHMCS's that nobody found. */
    public static function reportClass(string $class): void
    {
        $isOurs = strncmp($class, 'WHMCS\\', 6) === 0 && !preg_match('/^WHMCS\\\\Module\\\\(Server|Addon)\\\\\w+\\\\/', $class);
        if (!$isOurs && !preg_match(self::LIBRARIES, $class)) {
            return;
        }
        foreach (array_slice(debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS, 6), 1) as $frame) {
            if (in_array($frame['function'] ?? '', self::ASKING, true) && !isset($frame['class'])) {
                return;
            }
        }
        $where = self::callerInModule(false);
        if ($where !== '') {
            self::$wanted[$class] = $where;
        }
    }

    public static function reportThrowable(Throwable $error): void
    {
        $where = $error->getFile() . ':' . $error->getLine();
        if (preg_match('/^Call to undefined function (.+)\(\)/', $error->getMessage(), $match)) {
            $name = $match[1];
            $short = strrpos($name, '\\') === false ? $name : substr($name, strrpos($name, '\\') + 1);
            self::report(self::FUNCTION, $short, $where);
        } elseif (preg_match('/^Call to undefined method (WHMCS\\\\.+|App|Lang|Menu|DI)::(\w+)\(\)/', $error->getMessage(), $match)) {
            if (!preg_match('/^WHMCS\\\\Module\\\\(Server|Addon)\\\\\w+\\\\/', $match[1])) {
                self::report(self::METHOD, "{$match[1]}::{$match[2]}", $where);
            }
        }
    }

    /** Tables, columns and syntax that SQLite refused, where they concern WHMCS's own tables. */
    public static function reportSql(string $message, string $sql): void
    {
        if (preg_match('/no such table: (?:main\.)?(tbl\w+)/', $message, $match)) {
            self::report(self::TABLE, $match[1]);
        } elseif (preg_match('/(?:no such column: |has no column named )([\w.`"]+)/', $message, $match)) {
            $column = trim($match[1], '`"');
            if (strpos($column, 'tbl') === 0) {
                self::report(self::COLUMN, $column);
            } elseif (preg_match('/\btbl\w+/i', $sql, $table)) {
                self::report(self::COLUMN, "{$table[0]}.$column");
            }
        } elseif (preg_match('/no such function: (\w+)/', $message, $match)) {
            self::report(self::SQL, "function {$match[1]}");
        } elseif (strpos($message, 'syntax error') !== false) {
            self::report(self::SQL, "$message: $sql");
        }
    }

    /** Where in the module, or in a hook file, the request is now; else, when $orElse, where it is outside of the emulator. */
    private static function callerInModule(bool $orElse = true): string
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

        return $orElse ? $outside : '';
    }

    /** @return array{0: string, 1: int} */
    private static function place(string $where): array
    {
        $colon = (int) strrpos($where, ':');

        return [Recorder::inWhmcs(substr($where, 0, $colon)), (int) substr($where, $colon + 1)];
    }
}
