<?php

namespace Emulator;

use Emulator\Sql\SqliteConnector;
use Illuminate\Container\Container;
use Illuminate\Database\Query\Builder;
use WHMCS\Database\Capsule;

/** The one real connection, shared by the emulator, Capsule, Eloquent and the old query functions. */
final class Database
{
    public static function connect(string $file): void
    {
        $container = new Container();
        $container->bind('db.connector.sqlite', SqliteConnector::class);
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
        return Capsule::schema()->hasTable('emulator_clock');
    }

    public static function createSchema(): void
    {
        $schema = (string) file_get_contents(dirname(__DIR__, 2) . '/schema.sql');
        // MySQL's default collation compares text without regard to case.
        $schema = preg_replace('/ TEXT\b/', ' TEXT COLLATE NOCASE', $schema);
        Capsule::connection()->getPdo()->execAsWritten($schema);
    }

    /** Inserts a row with created_at and updated_at set, where the table has them. */
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
