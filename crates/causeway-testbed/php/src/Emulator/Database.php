<?php

namespace Emulator;

use Emulator\Sql\MariaDb;
use Emulator\Sql\MariaDbSchema;
use Emulator\Sql\SqliteConnection;
use Emulator\Sql\SqliteConnector;
use Illuminate\Container\Container;
use Illuminate\Database\Connection;
use Illuminate\Database\Query\Builder;
use WHMCS\Database\Capsule;

/** The one real connection, shared by the emulator, Capsule, Eloquent and the old query functions. */
final class Database
{
    /** To the database of an installation: the file in its folder, or the one of MariaDB's that a file there names. */
    public static function connect(string $install): void
    {
        $container = new Container();
        $mariadb = "$install/mariadb.json";
        $capsule = new Capsule($container);
        $capsule->addConnection(is_file($mariadb)
            ? MariaDb::configure($container, (array) json_decode((string) file_get_contents($mariadb), true))
            : self::configureSqlite($container, "$install/whmcs.sqlite"));
        $capsule->setAsGlobal();
        $capsule->bootEloquent();
    }

    private static function configureSqlite(Container $container, string $file): array
    {
        $container->bind('db.connector.sqlite', SqliteConnector::class);
        Connection::resolverFor('sqlite', static function ($pdo, $database, $prefix, $config): SqliteConnection {
            return new SqliteConnection($pdo, $database, $prefix, $config);
        });
        if (!is_file($file)) {
            touch($file);
        }

        return ['driver' => 'sqlite', 'database' => $file, 'prefix' => ''];
    }

    public static function table(string $name): Builder
    {
        return Capsule::table($name);
    }

    public static function isSetUp(): bool
    {
        $found = Capsule::connection()->getPdo()->query(self::isMariaDb()
            ? "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'emulator_clock'"
            : "SELECT 1 FROM sqlite_master WHERE name = 'emulator_clock'");

        return $found->fetchColumn() !== false;
    }

    public static function createSchema(): void
    {
        $schema = (string) file_get_contents(dirname(__DIR__, 2) . '/schema.sql');
        if (self::isMariaDb()) {
            Capsule::connection()->getPdo()->exec(MariaDbSchema::of($schema));
            return;
        }
        // MySQL's default collation compares text without regard to case.
        $schema = preg_replace('/ TEXT\b/', ' TEXT COLLATE NOCASE', $schema);
        Capsule::connection()->getPdo()->execAsWritten($schema);
    }

    /** The clock was set: NOW() in SQL tells its time. On SQLite it asks the clock. */
    public static function showTime(string $now): void
    {
        if (self::isMariaDb()) {
            MariaDb::showTime(Capsule::connection()->getPdo(), $now);
        }
    }

    /** @return array{columns: string[], rows: array<array<?string>>} */
    public static function queryByCommand(array $arguments): array
    {
        $statement = Capsule::connection()->getPdo()->query($arguments['sql']);
        $columns = [];
        for ($position = 0; $position < $statement->columnCount(); $position++) {
            $columns[] = $statement->getColumnMeta($position)['name'];
        }
        $texts = static function (array $row): array {
            return array_map(static function ($value): ?string {
                return $value === null ? null : (string) $value;
            }, $row);
        };

        return ['columns' => $columns, 'rows' => array_map($texts, $statement->fetchAll(\PDO::FETCH_NUM))];
    }

    private static function isMariaDb(): bool
    {
        return Capsule::connection()->getDriverName() === 'mysql';
    }

    /** Inserts a row and gives its id. */
    public static function insert(string $table, array $row): int
    {
        return (int) self::table($table)->insertGetId($row);
    }

    /** The row with this id, or a UsageError. */
    public static function row(string $table, int $id)
    {
        $row = self::table($table)->where('id', $id)->first();
        if ($row === null) {
            throw new UsageError("$table has no row with id $id");
        }

        return $row;
    }
}
