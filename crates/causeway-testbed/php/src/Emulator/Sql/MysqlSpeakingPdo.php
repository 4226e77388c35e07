<?php

namespace Emulator\Sql;

use Emulator\Missing;
use PDO;
use PDOException;
use ReturnTypeWillChange;

/** A SQLite connection that takes MySQL's SQL, and reports what it cannot take. */
final class MysqlSpeakingPdo extends PDO
{
    #[ReturnTypeWillChange]
    public function prepare($query, $options = [])
    {
        return $this->reporting($query, function (string $sql) use ($options) {
            return parent::prepare($sql, $options ?: []);
        });
    }

    #[ReturnTypeWillChange]
    public function query($query, $fetchMode = null, ...$fetchModeArgs)
    {
        return $this->reporting($query, function (string $sql) use ($fetchMode, $fetchModeArgs) {
            return $fetchMode === null ? parent::query($sql) : parent::query($sql, $fetchMode, ...$fetchModeArgs);
        });
    }

    #[ReturnTypeWillChange]
    public function exec($query)
    {
        return $this->reporting($query, function (string $sql) {
            return parent::exec($sql);
        });
    }

    /** Runs SQL that is SQLite's already. */
    public function execAsWritten(string $sql): void
    {
        parent::exec($sql);
    }

    private function reporting(string $query, callable $run)
    {
        $sql = MysqlSyntax::toSqlite($query);
        try {
            return $run($sql);
        } catch (PDOException $error) {
            Missing::reportSql($error->getMessage(), $query);
            throw $error;
        }
    }
}
