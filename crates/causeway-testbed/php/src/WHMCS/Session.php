<?php

namespace WHMCS;

/** The visitor's session. */
class Session
{
    public static function get($key)
    {
        return $_SESSION[$key] ?? '';
    }

    public static function set($key, $value)
    {
        $_SESSION[$key] = $value;
    }

    public static function setAndRelease($key, $value)
    {
        self::set($key, $value);
    }

    public static function exists($key)
    {
        return isset($_SESSION[$key]);
    }

    public static function delete($key)
    {
        unset($_SESSION[$key]);
    }

    public static function getAndDelete($key)
    {
        $value = self::get($key);
        self::delete($key);

        return $value;
    }

    public static function release()
    {
        return true;
    }
}
