<?php

namespace Emulator;

use SmartyBC;
use WHMCS\Config\Setting;

/** Smarty, set up as WHMCS does: version 3 with WHMCS 8, 4 with WHMCS 9; Smarty 2's syntax still works. */
final class Templates
{
    public static function renderFile(string $file, array $variables): string
    {
        $smarty = self::smarty($variables);
        $smarty->addTemplateDir(dirname($file));

        return $smarty->fetch('file:' . $file);
    }

    public static function renderText(string $template, array $variables): string
    {
        return self::smarty($variables)->fetch('string:' . $template);
    }

    /** A module's template: named with or without suffix, in the module's folder or its templates/. */
    public static function findInModule(string $module, string $name): ?string
    {
        $folder = Modules::folder($module);
        $plain = preg_replace('/\.tpl$/', '', $name);
        foreach (["$folder/$plain.tpl", "$folder/templates/$plain.tpl"] as $file) {
            if (is_file($file)) {
                return $file;
            }
        }

        return null;
    }

    private static function smarty(array $variables)
    {
        $smarty = self::newSmarty();
        $smarty->setCompileDir(ROOTDIR . '/templates_c');
        $smarty->setTemplateDir(ROOTDIR . '/templates/' . Setting::getValue('Template'));
        $smarty->setCaching(false);
        if (method_exists($smarty, 'muteUndefinedOrNullWarnings')) {
            $smarty->muteUndefinedOrNullWarnings();
        }
        $smarty->registerPlugin('function', 'lang', static function (array $params): string {
            $values = [];
            foreach (array_diff_key($params, ['key' => 1]) as $name => $value) {
                $values[":$name"] = (string) $value;
            }
            return \Lang::trans((string) ($params['key'] ?? ''), $values);
        });
        $smarty->assign($variables);

        return $smarty;
    }

    private static function newSmarty()
    {
        self::autoload('Smarty');

        return class_exists('SmartyBC', false) ? new SmartyBC() : new \Smarty();
    }

    /** As with WHMCS's own Smarty, a template may name what is not there; and what is deprecated in compiled code is Smarty's affair. */
    public static function mutes(int $level, string $file, string $message): bool
    {
        if (strncmp($file, ROOTDIR . '/templates_c/', strlen(ROOTDIR) + 13) !== 0) {
            return false;
        }

        return in_array($level, [E_DEPRECATED, E_USER_DEPRECATED], true)
            || preg_match('/^(Undefined |Trying to access array offset on value of type (null|bool)|Attempt to read property ".*" on (null|bool))/', $message) === 1;
    }

    /** Modules make a Smarty of their own, as WHMCS has the class. */
    public static function autoload(string $class): void
    {
        if ($class !== 'Smarty' && $class !== 'SmartyBC') {
            return;
        }
        $libraries = Version::isAtLeast(9) ? ['smarty4/Smarty.class.php', 'smarty3/SmartyBC.class.php'] : ['smarty3/SmartyBC.class.php', 'smarty4/Smarty.class.php'];
        foreach ($libraries as $library) {
            if (stream_resolve_include_path($library)) {
                require_once $library;
                return;
            }
        }
    }
}
