<?php

namespace Emulator;

/** Module folders: loading them, asking for their functions, autoloading their classes. */
final class Modules
{
    /** @var array<string, true> */
    private static $loaded = [];

    public static function folder(string $module): string
    {
        return ROOTDIR . '/modules/servers/' . $module;
    }

    /** Includes the module's main file once; what it returns or throws while loading is recorded. */
    public static function load(string $module): void
    {
        if (isset(self::$loaded[$module])) {
            return;
        }
        $file = self::folder($module) . "/$module.php";
        if (!preg_match('/^[a-z][a-z0-9_]*$/i', $module) || !is_file($file)) {
            throw new UsageError("there is no module file modules/servers/$module/$module.php");
        }
        self::$loaded[$module] = true;
        Recorder::includeFile($module, $file);
    }

    public static function has(string $module, string $function): bool
    {
        self::load($module);

        return function_exists("{$module}_{$function}");
    }

    /**
     * Calls <module>_<function> and gives what it returned.
     *
     * @throws \Throwable what the module threw
     */
    public static function call(string $module, string $function, ?Subject $subject, array $params)
    {
        self::load($module);

        return Recorder::call($module, $function, $subject, static function () use ($module, $function, $params) {
            return call_user_func("{$module}_{$function}", $params);
        });
    }

    /** What the module says of itself; nothing when it says nothing. */
    public static function metaDataByCommand(array $arguments): array
    {
        $module = Arguments::text($arguments, 'module');
        $meta = self::has($module, 'MetaData') ? self::call($module, 'MetaData', null, []) : [];

        return ['meta_data' => (object) (is_array($meta) ? $meta : [])];
    }

    public static function functionNamesByCommand(array $arguments): array
    {
        $module = Arguments::text($arguments, 'module');
        self::load($module);
        $names = [];
        foreach (get_defined_functions()['user'] as $name) {
            if (stripos($name, $module . '_') === 0) {
                $names[] = (new \ReflectionFunction($name))->getName();
            }
        }
        sort($names);

        return ['functions' => array_map(static function (string $name) use ($module): string {
            return substr($name, strlen($module) + 1);
        }, $names)];
    }

    /** WHMCS\Module\Server\<Name>\... from the module's lib/, the folder matched without regard to case and underscores. */
    public static function autoload(string $class): void
    {
        if (!preg_match('/^WHMCS\\\\Module\\\\(Server|Addon)\\\\(\w+)\\\\(.+)$/', $class, $match)) {
            return;
        }
        $plain = static function (string $name): string {
            return str_replace('_', '', strtolower($name));
        };
        foreach (glob(ROOTDIR . '/modules/' . strtolower($match[1]) . 's/*', GLOB_ONLYDIR) as $folder) {
            $file = $folder . '/lib/' . str_replace('\\', '/', $match[3]) . '.php';
            if ($plain(basename($folder)) === $plain($match[2]) && is_file($file)) {
                require_once $file;
                return;
            }
        }
    }
}
