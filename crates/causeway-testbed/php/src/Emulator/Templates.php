<?php

namespace Emulator;

use SmartyBC;

/** Smarty, set up as WHMCS does: Smarty 2's syntax still works. */
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
        $smarty->setTemplateDir(ROOTDIR . '/templates/six');
        $smarty->setCaching(false);
        $smarty->muteUndefinedOrNullWarnings();
        $smarty->assign($variables);

        return $smarty;
    }

    private static function newSmarty()
    {
        self::autoload('Smarty');

        return class_exists('SmartyBC', false) ? new SmartyBC() : new \Smarty();
    }

    /** As with WHMCS's own Smarty, a template may name what is not there. */
    public static function mutes(string $file, string $message): bool
    {
        return strncmp($file, ROOTDIR . '/templates_c/', strlen(ROOTDIR) + 13) === 0
            && preg_match('/^(Undefined |Trying to access array offset on value of type (null|bool)|Attempt to read property ".*" on (null|bool))/', $message) === 1;
    }

    /** Modules make a Smarty of their own, as WHMCS has the class. */
    public static function autoload(string $class): void
    {
        if ($class !== 'Smarty' && $class !== 'SmartyBC') {
            return;
        }
        if (stream_resolve_include_path('smarty4/Smarty.class.php')) {
            require_once 'smarty4/Smarty.class.php';
        } else {
            require_once 'smarty3/SmartyBC.class.php';
        }
    }
}
