<?php

namespace Emulator\Sql;

use Illuminate\Database\SQLiteConnection as LaravelConnection;

/** Laravel's SQLite connection, quoting names as MySQL does. */
final class SqliteConnection extends LaravelConnection
{
    protected function getDefaultQueryGrammar()
    {
        return $this->withTablePrefix(new QueryGrammar());
    }

    protected function getDefaultSchemaGrammar()
    {
        return $this->withTablePrefix(new SchemaGrammar());
    }
}
