<?php

namespace Emulator\Sql;

use Emulator\Missing;
use PDO;
use PDOException;
use ReturnTypeWillChange;

/** A connection to MariaDB that reports the tables, columns and functions which it does not have. */
final class ReportingPdo extends PDO
{
    #[ReturnTypeWillChange]
    public function prepare($query, $options = [])
    {
        return $this->reporting($query, function () use ($query, $options) {
            return parent::prepare($query, $options ?: []);
        });
    }

    #[ReturnTypeWillChange]
    public function query($query, $fetchMode = null, ...$fetchModeArgs)
    {
        return $this->reporting($query, function () use ($query, $fetchMode, $fetchModeArgs) {
            return $fetchMode === null ? parent::query($query) : parent::query($query, $fetchMode, ...$fetchModeArgs);
        });
    }

    #[ReturnTypeWillChange]
    public function exec($query)
    {
        return $this->reporting($query, function () use ($query) {
            return parent::exec($query);
        });
    }

    private function reporting(string $query, callable $run)
    {
        try {
            return $run();
        } catch (PDOException $error) {
            Missing::reportSql(self::inWordsOfSqlite($error), $query);
            throw $error;
        }
    }

    private static function inWordsOfSqlite(PDOException $error): string
    {
        $patterns = [
            1146 => ["/Table '[^.']*\.([^']+)'/", 'no such table: '],
            1054 => ["/Unknown column '([^']+)'/", 'no such column: '],
            1305 => ['/FUNCTION (?:\w+\.)?(\w+)/', 'no such function: '],
        ];
        [$pattern, $words] = $patterns[(int) ($error->errorInfo[1] ?? 0)] ?? ['/(?!)/', ''];

        return preg_match($pattern, $error->getMessage(), $match) ? $words . $match[1] : '';
    }
}
