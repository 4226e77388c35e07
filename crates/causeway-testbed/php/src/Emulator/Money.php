<?php

namespace Emulator;

/** Amounts as decimal strings with two places. */
final class Money
{
    public static function of($amount): string
    {
        return number_format((float) $amount, 2, '.', '');
    }

    public static function isPositive($amount): bool
    {
        return (float) $amount > 0.004;
    }

    public static function display($amount, $currency): string
    {
        return $currency->prefix . number_format((float) $amount, 2, '.', ',') . $currency->suffix;
    }
}
