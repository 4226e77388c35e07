<?php

namespace Emulator;

use Emulator\Sql\SqliteConnection;
use Emulator\Sql\SqliteConnector;
use Illuminate\Container\Container;
use Illuminate\Database\Connection;
use Illuminate\Database\Query\Builder;
use WHMCS\Database\Capsule;

/** The one real connection, shared by the emulator, Capsule, Eloquent and the old query functions. */
final class Database
{
    public static function connect(string $file): void
    {
        $container = new Container();
        $container->bind('db.connector.sqlite', SqliteConnector::class);
        Connection::resolverFor('sqlite', static function ($pdo, $database, $prefix, $config): SqliteConnection {
            return new SqliteConnection($pdo, $database, $prefix, $config);
        });
        $capsule = new Capsule($container);
        if (!is_file($file)) {
            touch($file);
        }
        $capsule->addConnection(['driver' => 'sqlite', 'database' => $file, 'prefix' => '']);
        $capsule->setAsGlobal();
        $capsule->bootEloquent();
    }

    public static function table(string $name): Builder
    {
        return Capsule::table($name);
    }

    public static function isSetUp(): bool
    {
        $found = Capsule::connection()->getPdo()->query("SELECT 1 FROM sqlite_master WHERE name = 'emulator_clock'");

        return $found->fetchColumn() !== false;
    }

    public static function createSchema(): void
    {
        $schema = (string) file_get_contents(dirname(__DIR__, 2) . '/schema.sql');
        // MySQL's default collation compares text without regard to case.
        $schema = preg_replace('/ TEXT\b/', ' TEXT COLLATE NOCASE', $schema);
        Capsule::connection()->getPdo()->execAsWritten($schema);
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
