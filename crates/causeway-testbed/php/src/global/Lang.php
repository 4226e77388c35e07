<?php

/** WHMCS's translator. */
class Lang
{
    public static function trans($key, array $parameters = [])
    {
        global $_LANG;
        $line = $_LANG;
        foreach (explode('.', (string) $key) as $part) {
            $line = is_array($line) ? ($line[$part] ?? null) : null;
        }
        $text = is_string($line) ? $line : (is_string($_LANG[$key] ?? null) ? $_LANG[$key] : (string) $key);

        return strtr($text, $parameters);
    }

    public static function getName()
    {
        return Emulator\Language::current();
    }

    public static function self()
    {
        return new self();
    }

    public static function __callStatic($name, $arguments)
    {
        Emulator\Missing::report(Emulator\Missing::METHOD, "Lang::$name");
        throw new RuntimeException("the emulator lacks Lang::$name");
    }
}
