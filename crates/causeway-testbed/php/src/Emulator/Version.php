<?php

namespace Emulator;

use WHMCS\Config\Setting;

/** What differs between the versions of WHMCS. */
final class Version
{
    public static function isAtLeast(int $major): bool
    {
        return (int) Setting::getValue('Version') >= $major;
    }
}
