<?php

namespace Emulator\Sql;

use PDOException;

/** SQLite's refusals in MySQL's words and numbers: modules show them, and some look at the code. */
final class MysqlError
{
    public static function insteadOf(PDOException $error, string $sql): PDOException
    {
        [$state, $number, $text] = self::translate($error->getMessage(), $sql);
        if ($state === null) {
            return $error;
        }
        $translated = new PDOException("SQLSTATE[$state]: $text", 0, $error);
        $translated->errorInfo = [$state, $number, $text];
        // PDO's own exceptions carry the state, a string, as their code; the constructor takes numbers alone.
        $code = new \ReflectionProperty(\Exception::class, 'code');
        $code->setAccessible(true);
        $code->setValue($translated, $state);

        return $translated;
    }

    private static function translate(string $message, string $sql): array
    {
        if (preg_match('/(?:no such column: |has no column named )([\w.`"]+)/', $message, $match)) {
            $column = trim($match[1], '`"');
            $beforeWhere = preg_split('/\bWHERE\b/i', $sql, 2)[0];
            $part = preg_match('/\b' . preg_quote($column, '/') . '\b/i', str_replace('`', '', $beforeWhere)) ? 'field list' : 'where clause';
            return ['42S22', 1054, "Column not found: 1054 Unknown column '$column' in '$part'"];
        }
        if (preg_match('/no such table: (?:main\.)?(\w+)/', $message, $match)) {
            return ['42S02', 1146, "Base table or view not found: 1146 Table 'whmcs.{$match[1]}' doesn't exist"];
        }
        if (preg_match('/table [`"]?(\w+)[`"]? already exists/', $message, $match)) {
            return ['42S01', 1050, "Base table or view already exists: 1050 Table '{$match[1]}' already exists"];
        }
        if (preg_match('/UNIQUE constraint failed: (.+)/', $message, $match)) {
            return ['23000', 1062, "Integrity constraint violation: 1062 Duplicate entry for key '{$match[1]}'"];
        }
        if (preg_match('/NOT NULL constraint failed: (?:\w+\.)?(\w+)/', $message, $match)) {
            return ['23000', 1048, "Integrity constraint violation: 1048 Column '{$match[1]}' cannot be null"];
        }

        return [null, null, null];
    }
}
