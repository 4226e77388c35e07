<?php

namespace Emulator\Sql;

/** Rewrites what SQLite's grammar refuses; what a function can answer is in MysqlFunctions. */
final class MysqlSyntax
{
    const UNIT = '(SECOND|MINUTE|HOUR|DAY|WEEK|MONTH|QUARTER|YEAR)';

    /** Every rewriting below needs one of these. */
    const WORTH_A_LOOK = '/[\'"]|^\s*(?:SHOW|DESC|CREATE|TRUNCATE|ALTER)|\b(?:IGNORE|CURRENT_|LEFT|RIGHT|IF|FOR\s+UPDATE|INTERVAL|DUPLICATE)|^\s*UPDATE\s+[`"]?tbl/i';

    public static function toSqlite(string $sql): string
    {
        if (!preg_match(self::WORTH_A_LOOK, $sql)) {
            return $sql;
        }
        [$sql, $literals] = self::takeOutLiterals($sql);
        if (preg_match('/^\s*SHOW\b|^\s*DESC(RIBE)?\b/i', $sql)) {
            return self::show(self::putBack($sql, $literals));
        }
        $sql = preg_replace('/\bCURRENT_(TIMESTAMP|DATE|TIME)\b(?!\s*\()/i', 'current_mysql_$1()', $sql);
        $sql = preg_replace_callback('/^(\s*CREATE\s+(?:TEMPORARY\s+)?TABLE\b.*)$/is', static function (array $match): string {
            return self::createTable($match[1]);
        }, $sql);
        $sql = preg_replace('/^\s*TRUNCATE\s+(?:TABLE\s+)?/i', 'DELETE FROM ', $sql);
        $sql = preg_replace('/^\s*INSERT\s+IGNORE\b/i', 'INSERT OR IGNORE', $sql);
        // WHMCS runs without MySQL's strict mode: NULL in a column that takes none becomes the column's default.
        $sql = preg_replace('/^\s*UPDATE\s+([`"]?tbl(?!configuration))/i', 'UPDATE OR REPLACE $1', $sql);
        $sql = preg_replace('/^(\s*ALTER\s+TABLE\b.*?)\s+(?:AFTER\s+\S+|FIRST)\s*;?\s*$/is', '$1', $sql);
        $sql = preg_replace('/\bLEFT\s*\(/i', 'mysql_left(', $sql);
        $sql = preg_replace('/\bRIGHT\s*\(/i', 'mysql_right(', $sql);
        $sql = preg_replace('/\bIF\s*\((?=[^()]*(?:\([^()]*\)[^()]*)*,)/i', 'iif(', $sql);
        $sql = preg_replace('/\s+FOR\s+UPDATE\s*;?\s*$/i', '', $sql);
        $sql = self::intervals($sql);
        $sql = preg_replace_callback('/\bON\s+DUPLICATE\s+KEY\s+UPDATE\b(.*)$/is', static function (array $match): string {
            return 'ON CONFLICT DO UPDATE SET' . preg_replace('/\bVALUES\s*\(\s*([`\w]+)\s*\)/i', 'excluded.$1', $match[1]);
        }, $sql);

        return self::putBack($sql, $literals);
    }

    /** DATE_ADD(x, INTERVAL 3 DAY) becomes date_add(x, 3, 'DAY'); x - INTERVAL 3 DAY becomes date_sub(x, 3, 'DAY'). */
    private static function intervals(string $sql): string
    {
        $amount = '(\x01\d+\x01|[-+]?\s*\d+|\?|:\w+|[`"\w.]+)';
        $sql = preg_replace('/,\s*INTERVAL\s+' . $amount . '\s+' . self::UNIT . '\b/i', ", $1, '$2'", $sql);
        $moment = '([\w.`"]+(?:\(\s*[^()]*\))?|\?)';
        foreach (['+' => 'date_add', '-' => 'date_sub'] as $sign => $function) {
            $sql = preg_replace(
                '/' . $moment . '\s*\\' . $sign . '\s*INTERVAL\s+' . $amount . '\s+' . self::UNIT . '\b/i',
                "$function($1, $2, '$3')",
                $sql
            );
        }

        return $sql;
    }

    private static function createTable(string $sql): string
    {
        $sql = preg_replace('/\)\s*(?:(?:ENGINE|TYPE|DEFAULT\s+CHARSET|CHARSET|DEFAULT\s+CHARACTER\s+SET|CHARACTER\s+SET|COLLATE|DEFAULT\s+COLLATE|AUTO_INCREMENT|ROW_FORMAT|COMMENT)\s*=?\s*[\w\x01]+\s*,?\s*)+;?\s*$/i', ')', $sql);
        $sql = preg_replace('/\s+(?:CHARACTER\s+SET|CHARSET|COLLATE)\s+\w+/i', '', $sql);
        $sql = preg_replace('/\s+COMMENT\s+\x01\d+\x01/i', '', $sql);
        $sql = preg_replace('/\bUNSIGNED\b|\bZEROFILL\b|\s+ON\s+UPDATE\s+current_mysql_timestamp\(\)/i', '', $sql);
        $sql = preg_replace('/DEFAULT\s+current_mysql_timestamp\(\)/i', 'DEFAULT CURRENT_TIMESTAMP', $sql);
        $sql = preg_replace('/\bENUM\s*\([^)]*\)/i', 'TEXT', $sql);
        if (preg_match('/\bAUTO_INCREMENT\b/i', $sql)) {
            $sql = preg_replace('/([`"]?\w+[`"]?)\s+(?:BIG|SMALL|MEDIUM|TINY)?INT(?:EGER)?(?:\s*\(\s*\d+\s*\))?[^,()]*?\bAUTO_INCREMENT\b[^,()]*/i', '$1 INTEGER PRIMARY KEY AUTOINCREMENT', $sql, 1);
            $sql = preg_replace('/,\s*PRIMARY\s+KEY\s*\([^)]*\)/i', '', $sql);
        }
        $sql = preg_replace('/,\s*UNIQUE\s+(?:KEY|INDEX)\s+[`"]?\w*[`"]?\s*\(/i', ', UNIQUE (', $sql);

        return preg_replace('/,\s*(?:FULLTEXT\s+)?(?:KEY|INDEX)\s+[`"]?\w*[`"]?\s*\([^()]*(?:\(\d+\)[^()]*)*\)/i', '', $sql);
    }

    private static function show(string $sql): string
    {
        if (preg_match('/^\s*SHOW\s+TABLES(?:\s+LIKE\s+(.+?))?\s*;?\s*$/i', $sql, $match)) {
            return "SELECT name FROM sqlite_master WHERE type = 'table'" . (isset($match[1]) ? ' AND name LIKE ' . $match[1] : '');
        }
        if (preg_match('/^\s*(?:SHOW\s+(?:FULL\s+)?(?:COLUMNS|FIELDS)\s+(?:FROM|IN)|DESC(?:RIBE)?)\s+[`"]?(\w+)[`"]?(?:\s+(?:LIKE\s+|WHERE\s+[`"]?Field[`"]?\s*=\s*)(.+?))?\s*;?\s*$/i', $sql, $match)) {
            return "SELECT name AS Field, type AS Type FROM pragma_table_info('{$match[1]}')" . (isset($match[2]) ? ' WHERE name LIKE ' . $match[2] : '');
        }

        return $sql;
    }

    /** @return array{0: string, 1: string[]} the SQL with placeholders, and the quoted strings they stand for */
    private static function takeOutLiterals(string $sql): array
    {
        $literals = [];
        $sql = preg_replace_callback("/'(?:[^'\\\\]|''|\\\\.)*'|\"(?:[^\"\\\\]|\"\"|\\\\.)*\"/s", static function (array $match) use (&$literals): string {
            $literals[] = self::literal($match[0]);
            return "\x01" . (count($literals) - 1) . "\x01";
        }, $sql) ?? $sql;

        return [$sql, $literals];
    }

    /** Both of MySQL's quotes hold strings, and escape with a backslash; SQLite's strings stand in single quotes and only double them. */
    private static function literal(string $quoted): string
    {
        $quote = $quoted[0];
        $text = str_replace($quote . $quote, $quote, substr($quoted, 1, -1));
        $text = preg_replace_callback('/\\\\(.)/s', static function (array $match): string {
            $special = ['n' => "\n", 'r' => "\r", 't' => "\t", '0' => "\0", '%' => '\\%', '_' => '\\_'];
            return $special[$match[1]] ?? $match[1];
        }, $text);

        return "'" . str_replace("'", "''", $text) . "'";
    }

    private static function putBack(string $sql, array $literals): string
    {
        return preg_replace_callback('/\x01(\d+)\x01/', static function (array $match) use ($literals): string {
            return $literals[(int) $match[1]];
        }, $sql);
    }
}
