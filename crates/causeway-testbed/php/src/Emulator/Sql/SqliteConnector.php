<?php

namespace Emulator\Sql;

use PDO;

/** Opens SQLite so that it understands the words of MySQL. */
final class SqliteConnector
{
    public function connect(array $config): Pdo
    {
        $pdo = new MysqlSpeakingPdo('sqlite:' . $config['database'], null, null, [
            PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
            PDO::ATTR_TIMEOUT => 10,
            PDO::ATTR_STATEMENT_CLASS => [Statement::class],
        ]);
        $pdo->execAsWritten('PRAGMA journal_mode = WAL');
        $pdo->execAsWritten('PRAGMA synchronous = OFF');
        MysqlFunctions::addTo($pdo);

        return $pdo;
    }
}
