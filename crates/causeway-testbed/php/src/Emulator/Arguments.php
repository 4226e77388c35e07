<?php

namespace Emulator;

/** Reads a command's arguments. */
final class Arguments
{
    public static function id(array $arguments, string $name): int
    {
        if (!isset($arguments[$name]) || !is_numeric($arguments[$name])) {
            throw new UsageError("the argument \"$name\" is needed: an id");
        }

        return (int) $arguments[$name];
    }

    public static function optionalId(array $arguments, string $name): ?int
    {
        return isset($arguments[$name]) ? self::id($arguments, $name) : null;
    }

    public static function text(array $arguments, string $name, ?string $default = null): string
    {
        if (!isset($arguments[$name])) {
            if ($default === null) {
                throw new UsageError("the argument \"$name\" is needed");
            }
            return $default;
        }

        return (string) $arguments[$name];
    }

    public static function money(array $arguments, string $name): string
    {
        return Money::of($arguments[$name] ?? '0');
    }
}
