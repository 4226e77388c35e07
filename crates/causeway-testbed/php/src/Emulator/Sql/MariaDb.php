<?php

namespace Emulator\Sql;

use Illuminate\Container\Container;
use PDO;
use PDOException;

/** A database of MariaDB's, as WHMCS has it: not strict, in UTC, at the installation's own time. */
final class MariaDb
{
    public static function configure(Container $container, array $place): array
    {
        $container->bind('db.connector.mysql', MariaDbConnector::class);

        return $place + [
            'driver' => 'mysql', 'host' => 'localhost', 'username' => 'root', 'password' => '', 'prefix' => '',
            'charset' => 'utf8mb4', 'collation' => 'utf8mb4_unicode_ci', 'timezone' => '+00:00', 'modes' => [],
        ];
    }

    public static function showTime(PDO $pdo, string $now): void
    {
        $pdo->exec('SET timestamp = UNIX_TIMESTAMP(' . $pdo->quote($now) . ')');
    }

    public static function showTimeOfClock(PDO $pdo): void
    {
        try {
            $now = $pdo->query('SELECT now FROM emulator_clock')->fetchColumn();
        } catch (PDOException $notSetUp) {
            return;
        }
        if (is_string($now)) {
            self::showTime($pdo, $now);
        }
    }
}
