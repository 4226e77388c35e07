<?php

namespace Emulator;

use Emulator\Sql\MysqlSpeakingPdo;
use PDO;
use PDOException;

/**
 * What statements really did to the rows: each table that is written to gets triggers of this connection alone, so that raw SQL,
 * Laravel and WHMCS's own functions are seen alike, with the values before and after.
 */
final class Changes
{
    const WRITE = '/^\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+[`"\[]?(\w+)/i';
    const DEFINITION = '/^\s*(CREATE|ALTER|DROP)\s+(?:TEMPORARY\s+|TEMP\s+)?TABLE\s+(IF\s+(?:NOT\s+)?EXISTS\s+)?[`"\[]?(\w+)/i';
    const DEEDS = ['CREATE' => 'table_created', 'ALTER' => 'table_altered', 'DROP' => 'table_dropped'];
    /** SQLite's functions take 127 arguments. */
    const COLUMNS_AT_ONCE = 100;

    /** @var array<string, string[]> the columns of each watched table */
    private static $columns = [];
    /** @var int rows that were handed out */
    private static $seen = 0;
    /** @var bool */
    private static $isWatching = false;

    /** Called before a statement is prepared; $sql is SQLite's already. */
    public static function expect(MysqlSpeakingPdo $pdo, string $sql): void
    {
        if (preg_match(self::WRITE, $sql, $match)) {
            self::watch($pdo, $match[1]);
        } elseif (preg_match(self::DEFINITION, $sql, $match)) {
            self::expectDefinition($pdo, self::DEEDS[strtoupper($match[1])], $match[3]);
        }
    }

    /** The triggers that were made inside the transaction are gone with it, and the rows that they wrote. */
    public static function rolledBack(MysqlSpeakingPdo $pdo): void
    {
        self::$columns = [];
        self::$isWatching = self::$isWatching && $pdo->queryAsWritten("SELECT 1 FROM sqlite_temp_master WHERE name = 'emulator_changes'")->fetchColumn() !== false;
        self::$seen = self::$isWatching ? min(self::$seen, (int) $pdo->queryAsWritten('SELECT max(id) FROM temp.emulator_changes')->fetchColumn()) : 0;
    }

    /** The changes since this was last asked. */
    public static function take(): array
    {
        if (!self::$isWatching) {
            return [];
        }
        $rows = self::pdo()->queryAsWritten('SELECT * FROM temp.emulator_changes WHERE id > ' . self::$seen . ' ORDER BY id')->fetchAll(PDO::FETCH_ASSOC);
        $changes = [];
        foreach ($rows as $row) {
            self::$seen = (int) $row['id'];
            $change = self::change($row);
            if ($change['kind'] !== 'updated' || $change['columns'] !== []) {
                $changes[] = $change;
            }
        }

        return $changes;
    }

    private static function watch(MysqlSpeakingPdo $pdo, string $table): void
    {
        if (isset(self::$columns[$table])) {
            return;
        }
        $columns = $pdo->queryAsWritten("SELECT name FROM pragma_table_info('$table')")->fetchAll(PDO::FETCH_COLUMN);
        self::$columns[$table] = $columns;
        if ($columns === []) {
            return;
        }
        self::begin($pdo);
        $old = self::values('OLD', $columns);
        $new = self::values('NEW', $columns);
        $sql = '';
        foreach (['INSERT' => ['inserted', 'NEW', 'NULL', $new], 'UPDATE' => ['updated', 'NEW', $old, $new], 'DELETE' => ['deleted', 'OLD', $old, 'NULL']] as $event => [$deed, $row, $before, $after]) {
            $sql .= "CREATE TEMP TRIGGER IF NOT EXISTS `emulator_{$deed}_$table` AFTER $event ON main.`$table` BEGIN "
                . "INSERT INTO emulator_changes (changed, deed, row, before, after) VALUES ('$table', '$deed', $row.rowid, $before, $after); END;";
        }
        try {
            $pdo->execAsWritten($sql);
        } catch (PDOException $unwatchable) {
            // A view or a virtual table: what is written to it is seen where it ends up.
            return;
        }
    }

    private static function begin(MysqlSpeakingPdo $pdo): void
    {
        if (!self::$isWatching) {
            $pdo->execAsWritten('CREATE TEMP TABLE IF NOT EXISTS emulator_changes (id INTEGER PRIMARY KEY AUTOINCREMENT, changed TEXT, deed TEXT, row INTEGER, before TEXT, after TEXT)');
            self::$isWatching = true;
        }
    }

    private static function values(string $row, array $columns): string
    {
        $arrays = [];
        foreach (array_chunk($columns, self::COLUMNS_AT_ONCE) as $some) {
            $arrays[] = 'json_array(' . implode(', ', array_map(static function (string $column) use ($row): string {
                $value = "$row.`$column`";
                return "iif(typeof($value) = 'blob', '(binary)', $value)";
            }, $some)) . ')';
        }

        return implode(" || '\n' || ", $arrays);
    }

    private static function expectDefinition(MysqlSpeakingPdo $pdo, string $deed, string $table): void
    {
        $exists = $pdo->queryAsWritten("SELECT 1 FROM main.sqlite_master WHERE name = '$table'")->fetchColumn() !== false;
        if ($exists === ($deed === 'table_created')) {
            return;
        }
        self::begin($pdo);
        if (isset(self::$columns[$table])) {
            // SQLite refuses to take away a column that a trigger names.
            foreach (['inserted', 'updated', 'deleted'] as $event) {
                $pdo->execAsWritten("DROP TRIGGER IF EXISTS temp.`emulator_{$event}_$table`");
            }
        }
        unset(self::$columns[$table]);
        $pdo->execAsWritten("INSERT INTO temp.emulator_changes (changed, deed) VALUES ('$table', '$deed')");
    }

    private static function change(array $row): array
    {
        $names = self::$columns[$row['changed']] ?? [];
        $before = self::decode($row['before']);
        $after = self::decode($row['after']);
        $columns = [];
        foreach ($names as $position => $name) {
            $old = $before[$position] ?? null;
            $new = $after[$position] ?? null;
            if ($old !== $new) {
                $columns[] = ['column' => $name, 'before' => $old, 'after' => $new];
            }
        }

        return ['table' => $row['changed'], 'kind' => $row['deed'], 'row' => $row['row'] === null ? null : (int) $row['row'], 'columns' => $columns];
    }

    private static function decode(?string $arrays): array
    {
        $values = [];
        foreach ($arrays === null ? [] : explode("\n", $arrays) as $array) {
            $values = array_merge($values, json_decode($array, true, 512, JSON_INVALID_UTF8_SUBSTITUTE) ?? []);
        }

        return $values;
    }

    private static function pdo(): MysqlSpeakingPdo
    {
        return \WHMCS\Database\Capsule::connection()->getPdo();
    }
}
