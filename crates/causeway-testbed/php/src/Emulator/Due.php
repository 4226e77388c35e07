<?php

namespace Emulator;

/** Module calls that automation owes; each is made in a request of its own. */
final class Due
{
    /** @var array[] */
    private static $calls = [];

    public static function add(Subject $subject, string $function, string $reason): void
    {
        if ($subject->module() === '') {
            return;
        }
        $call = [
            'service_id' => $subject->serviceId(),
            'addon_id' => $subject->addonId(),
            'function' => $function,
            'reason' => $reason,
        ];
        if (!in_array($call, self::$calls, true)) {
            self::$calls[] = $call;
        }
    }

    public static function all(): array
    {
        return self::$calls;
    }
}
