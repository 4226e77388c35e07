<?php

namespace Emulator;

use Carbon\Carbon;
use DateTimeImmutable;

/** The installation's own time, never the machine's. */
final class Clock
{
    const START = '2026-01-01 09:00:00';

    public static function now(): string
    {
        return (string) Database::table('emulator_clock')->value('now');
    }

    public static function today(): string
    {
        return substr(self::now(), 0, 10);
    }

    public static function advance(int $days, int $hours): string
    {
        $now = (new DateTimeImmutable(self::now()))->modify("+{$days} days +{$hours} hours")->format('Y-m-d H:i:s');
        Database::table('emulator_clock')->update(['now' => $now]);
        self::showToCarbon();

        return $now;
    }

    public static function daysFromToday(int $days): string
    {
        return (new DateTimeImmutable(self::today()))->modify(sprintf('%+d days', $days))->format('Y-m-d');
    }

    public static function showToCarbon(): void
    {
        Carbon::setTestNow(Carbon::parse(self::now()));
    }
}
