<?php

namespace Emulator\Sql;

use Emulator\Changes;
use Emulator\Missing;
use PDO;
use PDOException;
use PDOStatement;
use ReturnTypeWillChange;

/** A SQLite connection that takes MySQL's SQL, reports what it cannot take, and lets the changes of rows be seen. */
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

    public function queryAsWritten(string $sql): PDOStatement
    {
        return parent::query($sql);
    }

    #[ReturnTypeWillChange]
    public function rollBack()
    {
        $done = parent::rollBack();
        Changes::rolledBack($this);

        return $done;
    }

    private function reporting(string $query, callable $run)
    {
        $sql = MysqlSyntax::toSqlite($query);
        Changes::expect($this, $sql);
        try {
            return $run($sql);
        } catch (PDOException $error) {
            Missing::reportSql($error->getMessage(), $query);
            throw MysqlError::insteadOf($error, $query);
        }
    }
}
