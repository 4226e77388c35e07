<?php

namespace Emulator\Sql;

/** Names go in backticks. In double quotes SQLite would take an unknown column for a string, and hide it. */
trait QuotesNamesLikeMysql
{
    protected function wrapValue($value)
    {
        return $value === '*' ? $value : '`' . str_replace('`', '``', $value) . '`';
    }
}
