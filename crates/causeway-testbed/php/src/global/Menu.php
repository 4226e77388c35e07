<?php

/** What WHMCS's menu hooks ask for the thing that the page is about. */
class Menu
{
    /** @var array<string, mixed> */
    private static $contexts = [];

    public static function addContext($name, $value)
    {
        self::$contexts[$name] = $value;
    }

    public static function context($name)
    {
        return self::$contexts[$name] ?? null;
    }

    /** A page of a module's own asks for one of WHMCS's sidebars by name; here it is empty but for what hooks add. */
    public static function primarySidebar($name = '')
    {
        self::addContext('primarySidebar', (string) $name);
    }

    public static function secondarySidebar($name = '')
    {
        self::addContext('secondarySidebar', (string) $name);
    }

    public static function __callStatic($name, $arguments)
    {
        Emulator\Missing::report(Emulator\Missing::METHOD, "Menu::$name");
        throw new RuntimeException("the emulator lacks Menu::$name");
    }
}
