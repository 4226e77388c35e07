<?php

namespace WHMCS\Input;

/** WHMCS keeps what people enter with HTML's special characters encoded. */
class Sanitize
{
    public static function encode($value)
    {
        return self::each($value, static function (string $text): string {
            return htmlspecialchars($text, ENT_QUOTES);
        });
    }

    public static function decode($value)
    {
        return self::each($value, static function (string $text): string {
            return html_entity_decode($text, ENT_QUOTES);
        });
    }

    public static function makeSafeForOutput($value)
    {
        return self::encode(self::decode($value));
    }

    public static function convertToCompatHtml($value)
    {
        return self::makeSafeForOutput($value);
    }

    private static function each($value, callable $change)
    {
        if (is_array($value)) {
            return array_map(static function ($item) use ($change) {
                return self::each($item, $change);
            }, $value);
        }

        return is_string($value) ? $change($value) : $value;
    }
}
