<?php

namespace Emulator\Sql;

use DateTimeImmutable;
use Emulator\Clock;
use PDO;

/** MySQL's functions, as SQLite functions in PHP. "Now" is the emulator's clock. */
final class MysqlFunctions
{
    public static function addTo(PDO $pdo): void
    {
        foreach (self::all() as $name => $function) {
            $pdo->sqliteCreateFunction($name, $function);
        }
    }

    private static function all(): array
    {
        $now = static function (): string {
            return Clock::now();
        };
        $today = static function (): string {
            return Clock::today();
        };
        $time = static function (): string {
            return substr(Clock::now(), 11);
        };
        $part = static function (string $format): callable {
            return static function ($moment) use ($format) {
                return $moment === null ? null : (int) (new DateTimeImmutable($moment))->format($format);
            };
        };

        return [
            'now' => $now, 'sysdate' => $now, 'localtime' => $now, 'localtimestamp' => $now, 'utc_timestamp' => $now, 'current_mysql_timestamp' => $now,
            'curdate' => $today, 'utc_date' => $today, 'current_mysql_date' => $today,
            'curtime' => $time, 'utc_time' => $time, 'current_mysql_time' => $time,
            'date_add' => static function ($moment, $amount, $unit) {
                return self::move($moment, (int) $amount, (string) $unit);
            },
            'adddate' => static function ($moment, $amount, $unit = 'DAY') {
                return self::move($moment, (int) $amount, (string) $unit);
            },
            'date_sub' => static function ($moment, $amount, $unit) {
                return self::move($moment, -(int) $amount, (string) $unit);
            },
            'subdate' => static function ($moment, $amount, $unit = 'DAY') {
                return self::move($moment, -(int) $amount, (string) $unit);
            },
            'datediff' => static function ($later, $earlier) {
                if ($later === null || $earlier === null) {
                    return null;
                }
                return (int) (new DateTimeImmutable(substr($earlier, 0, 10)))->diff(new DateTimeImmutable(substr($later, 0, 10)))->format('%r%a');
            },
            'unix_timestamp' => static function ($moment = null): int {
                return (new DateTimeImmutable($moment ?? Clock::now()))->getTimestamp();
            },
            'from_unixtime' => static function ($seconds): string {
                return gmdate('Y-m-d H:i:s', (int) $seconds);
            },
            'date_format' => static function ($moment, $format) {
                return $moment === null ? null : self::format((string) $moment, (string) $format);
            },
            'year' => $part('Y'), 'month' => $part('n'), 'day' => $part('j'), 'dayofmonth' => $part('j'), 'hour' => $part('G'), 'minute' => $part('i'), 'second' => $part('s'),
            'last_day' => static function ($moment) {
                return $moment === null ? null : (new DateTimeImmutable($moment))->format('Y-m-t');
            },
            'concat' => static function (...$parts) {
                return in_array(null, $parts, true) ? null : implode('', $parts);
            },
            'concat_ws' => static function ($separator, ...$parts) {
                return implode((string) $separator, array_filter($parts, static function ($part): bool {
                    return $part !== null;
                }));
            },
            'mysql_left' => static function ($text, $length) {
                return $text === null ? null : mb_substr((string) $text, 0, (int) $length);
            },
            'mysql_right' => static function ($text, $length) {
                return $text === null ? null : ((int) $length === 0 ? '' : mb_substr((string) $text, -(int) $length));
            },
            'substring_index' => static function ($text, $delimiter, $count) {
                $parts = explode((string) $delimiter, (string) $text);
                return implode((string) $delimiter, $count >= 0 ? array_slice($parts, 0, (int) $count) : array_slice($parts, (int) $count));
            },
            'find_in_set' => static function ($needle, $set): int {
                $position = array_search((string) $needle, explode(',', (string) $set), true);
                return $position === false ? 0 : $position + 1;
            },
            'regexp' => static function ($pattern, $text): int {
                return preg_match('/' . str_replace('/', '\\/', (string) $pattern) . '/iu', (string) $text) === 1 ? 1 : 0;
            },
            'md5' => static function ($text) {
                return $text === null ? null : md5((string) $text);
            },
            'sha1' => static function ($text) {
                return $text === null ? null : sha1((string) $text);
            },
            'rand' => static function (): float {
                return mt_rand() / (mt_getrandmax() + 1);
            },
            'greatest' => static function (...$values) {
                return max($values);
            },
            'least' => static function (...$values) {
                return min($values);
            },
            'char_length' => static function ($text) {
                return $text === null ? null : mb_strlen((string) $text);
            },
            'lpad' => static function ($text, $length, $pad): string {
                return substr(str_pad((string) $text, (int) $length, (string) $pad, STR_PAD_LEFT), 0, (int) $length);
            },
            'last_insert_id' => static function (): int {
                return (int) \WHMCS\Database\Capsule::connection()->getPdo()->lastInsertId();
            },
        ];
    }

    private static function move($moment, int $amount, string $unit): ?string
    {
        if ($moment === null) {
            return null;
        }
        $unit = strtolower($unit);
        if ($unit === 'quarter') {
            [$amount, $unit] = [$amount * 3, 'month'];
        }
        $moved = (new DateTimeImmutable((string) $moment))->modify(sprintf('%+d %s', $amount, $unit));
        $dateOnly = strlen((string) $moment) === 10 && !in_array($unit, ['second', 'minute', 'hour'], true);

        return $moved->format($dateOnly ? 'Y-m-d' : 'Y-m-d H:i:s');
    }

    private static function format(string $moment, string $format): string
    {
        $date = new DateTimeImmutable($moment);
        $letters = [
            '%Y' => 'Y', '%y' => 'y', '%m' => 'm', '%c' => 'n', '%d' => 'd', '%e' => 'j', '%H' => 'H', '%h' => 'h', '%i' => 'i', '%s' => 's', '%S' => 's',
            '%M' => 'F', '%b' => 'M', '%W' => 'l', '%a' => 'D', '%p' => 'A', '%T' => 'H:i:s', '%D' => 'jS', '%j' => 'z',
        ];

        return preg_replace_callback('/%./', static function (array $match) use ($date, $letters): string {
            return isset($letters[$match[0]]) ? $date->format($letters[$match[0]]) : substr($match[0], 1);
        }, $format);
    }
}
