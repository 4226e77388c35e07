<?php

namespace Emulator;

use DateTimeImmutable;

/** WHMCS's billing cycles: their column in tblpricing, their name on a service, their length. */
final class BillingCycle
{
    const MONTHS = ['monthly' => 1, 'quarterly' => 3, 'semiannually' => 6, 'annually' => 12, 'biennially' => 24, 'triennially' => 36];
    const DISPLAY = [
        'monthly' => 'Monthly', 'quarterly' => 'Quarterly', 'semiannually' => 'Semi-Annually', 'annually' => 'Annually',
        'biennially' => 'Biennially', 'triennially' => 'Triennially', 'onetime' => 'One Time', 'free' => 'Free Account',
    ];

    /** The column name for whatever way a cycle is written. */
    public static function key(string $cycle): string
    {
        $plain = str_replace(['-', ' ', '_'], '', strtolower($cycle));
        $plain = $plain === 'freeaccount' ? 'free' : $plain;
        if (!isset(self::DISPLAY[$plain])) {
            throw new UsageError("unknown billing cycle \"$cycle\"");
        }

        return $plain;
    }

    public static function name(string $cycle): string
    {
        return self::DISPLAY[self::key($cycle)];
    }

    public static function isRecurring(string $cycle): bool
    {
        return isset(self::MONTHS[self::key($cycle)]);
    }

    /** The tblpricing column that holds this cycle's price; one-time prices stand under monthly. */
    public static function priceColumn(string $cycle): string
    {
        return self::isRecurring($cycle) ? self::key($cycle) : 'monthly';
    }

    public static function setupFeeColumn(string $cycle): string
    {
        return self::priceColumn($cycle)[0] . 'setupfee';
    }

    /** The date one cycle later; the last day of a shorter month stands for days it lacks. */
    public static function next(string $date, string $cycle): string
    {
        $day = new DateTimeImmutable($date);
        $first = $day->modify('first day of this month')->modify('+' . self::MONTHS[self::key($cycle)] . ' months');

        return $first->format('Y-m-') . sprintf('%02d', min((int) $day->format('j'), (int) $first->format('t')));
    }

    public static function previous(string $date, string $cycle): string
    {
        return (new DateTimeImmutable($date))->modify('-' . self::MONTHS[self::key($cycle)] . ' months')->format('Y-m-d');
    }
}
