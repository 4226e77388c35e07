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
        Database::showTime($now);
        self::setCarbon();

        return $now;
    }

    public static function daysFromToday(int $days): string
    {
        return (new DateTimeImmutable(self::today()))->modify(sprintf('%+d days', $days))->format('Y-m-d');
    }

    /** An autoloader that goes before all others: who first uses Carbon finds it at the installation's time. */
    public static function showToCarbon(string $class): void
    {
        if ($class === Carbon::class) {
            spl_autoload_unregister([self::class, 'showToCarbon']);
            spl_autoload_call($class);
            self::setCarbon();
        }
    }

    private static function setCarbon(): void
    {
        Carbon::setTestNow(Carbon::parse(self::now()));
    }
}
