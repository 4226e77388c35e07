<?php

use WHMCS\Config\Setting;

/** WHMCS's application, as `App::` and as the old `global $whmcs`. */
class App
{
    public static function getSystemURL($withTrailing = true)
    {
        $url = (string) Setting::getValue('SystemURL');

        return $withTrailing ? $url : rtrim($url, '/');
    }

    public static function getSystemSSLURL()
    {
        return self::getSystemURL();
    }

    public static function getVersion()
    {
        return new WHMCS\Version\SemanticVersion((string) Setting::getValue('Version'));
    }

    public static function isInRequest($key)
    {
        return isset($_REQUEST[$key]);
    }

    public static function getFromRequest($key, $subKey = null)
    {
        $value = $_REQUEST[$key] ?? '';

        return $subKey === null ? $value : ($value[$subKey] ?? '');
    }

    public static function self()
    {
        return new self();
    }

    public static function get_req_var($key)
    {
        return self::getFromRequest($key);
    }

    public static function get_config($key)
    {
        return Setting::getValue($key);
    }

    public static function getRemoteIp()
    {
        return $_SERVER['REMOTE_ADDR'];
    }

    public static function getLicense()
    {
        Emulator\Missing::report(Emulator\Missing::METHOD, 'App::getLicense');
        throw new RuntimeException('the emulator lacks App::getLicense');
    }

    public static function redirect($path, $query = [])
    {
        header('Location: ' . $path . ($query ? '?' . (is_array($query) ? http_build_query($query) : $query) : ''));
        exit;
    }

    public static function isAdminAreaRequest()
    {
        return defined('ADMINAREA');
    }

    public static function isClientAreaRequest()
    {
        return defined('CLIENTAREA');
    }

    public static function __callStatic($name, $arguments)
    {
        Emulator\Missing::report(Emulator\Missing::METHOD, "App::$name");
        throw new RuntimeException("the emulator lacks App::$name");
    }

    public function __call($name, $arguments)
    {
        return self::__callStatic($name, $arguments);
    }
}
