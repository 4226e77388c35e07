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
    const WRITE = '/^\s*(INSERT|REPLACE|UPDATE|DELETE)(?:\s+OR\s+\w+)?(?:\s+(?:INTO|FROM))?\s+[`"\[]?(\w+)/i';
    /** What a statement may do to rows. */
    const EVENTS = ['INSERT' => ['inserted', 'updated'], 'REPLACE' => ['inserted'], 'UPDATE' => ['updated'], 'DELETE' => ['deleted']];
    const DEFINITION = '/^\s*(CREATE|ALTER|DROP)\s+(?:TEMPORARY\s+|TEMP\s+)?TABLE\s+(IF\s+(?:NOT\s+)?EXISTS\s+)?[`"\[]?(\w+)/i';
    const STATEMENTS = ['inserted' => 'INSERT', 'updated' => 'UPDATE', 'deleted' => 'DELETE'];
    const DEEDS = ['CREATE' => 'table_created', 'ALTER' => 'table_altered', 'DROP' => 'table_dropped'];
    /** SQLite's functions take 127 arguments. */
    const COLUMNS_AT_ONCE = 100;

    /** @var array<string, string[]> the columns of each watched table */
    private static $columns = [];
    /** @var array<string, string[]> what is watched of each table */
    private static $watched = [];
    /** @var int rows that were handed out */
    private static $seen = 0;
    /** @var bool */
    private static $isWatching = false;

    /** Called before a statement is prepared; $sql is SQLite's already. */
    public static function expect(MysqlSpeakingPdo $pdo, string $sql): void
    {
        if (preg_match(self::WRITE, $sql, $match)) {
            $verb = strtoupper($match[1]);
            $events = $verb === 'INSERT' && stripos($sql, 'ON CONFLICT') === false ? ['inserted'] : self::EVENTS[$verb];
            if ($events !== ['inserted'] || !in_array($match[2], Recorder::LOGS, true)) {
                self::watch($pdo, $match[2], $events);
            }
        } elseif (preg_match(self::DEFINITION, $sql, $match)) {
            self::expectDefinition($pdo, self::DEEDS[strtoupper($match[1])], $match[3]);
        }
    }

    /** The triggers that were made inside the transaction are gone with it, and the rows that they wrote. */
    public static function rolledBack(MysqlSpeakingPdo $pdo): void
    {
        self::$columns = self::$watched = [];
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

    /** @param string[] $events */
    private static function watch(MysqlSpeakingPdo $pdo, string $table, array $events): void
    {
        $events = array_diff($events, self::$watched[$table] ?? []);
        if ($events === []) {
            return;
        }
        self::$watched[$table] = array_merge(self::$watched[$table] ?? [], $events);
        self::$columns[$table] = self::$columns[$table] ?? $pdo->queryAsWritten("SELECT name FROM pragma_table_info('$table')")->fetchAll(PDO::FETCH_COLUMN);
        if (self::$columns[$table] === []) {
            return;
        }
        self::begin($pdo);
        $sql = '';
        foreach ($events as $event) {
            $row = $event === 'deleted' ? 'OLD' : 'NEW';
            $before = $event === 'inserted' ? 'NULL' : self::values('OLD', self::$columns[$table]);
            $after = $event === 'deleted' ? 'NULL' : self::values('NEW', self::$columns[$table]);
            $sql .= "CREATE TEMP TRIGGER IF NOT EXISTS `emulator_{$event}_$table` AFTER " . self::STATEMENTS[$event] . " ON main.`$table` BEGIN "
                . "INSERT INTO emulator_changes (changed, deed, row, before, after) VALUES ('$table', '$event', $row.rowid, $before, $after); END;";
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
        if (isset(self::$watched[$table])) {
            // SQLite refuses to take away a column that a trigger names.
            foreach (['inserted', 'updated', 'deleted'] as $event) {
                $pdo->execAsWritten("DROP TRIGGER IF EXISTS temp.`emulator_{$event}_$table`");
            }
        }
        unset(self::$columns[$table], self::$watched[$table]);
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
