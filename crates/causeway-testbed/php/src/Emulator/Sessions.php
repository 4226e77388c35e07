<?php

namespace Emulator;

use SessionHandlerInterface;
use SessionUpdateTimestampHandlerInterface;

/**
 * What a visitor's session holds from one page to the next. A real PHP session, so that a module's own session_start() finds it
 * begun, as in WHMCS; but pages do not wait for each other, since WHMCS's automation has no session at all.
 */
final class Sessions implements SessionHandlerInterface, SessionUpdateTimestampHandlerInterface
{
    /** @param string $visitor "client 3", "admin 1", or nothing for nobody, whose session ends with the page */
    public static function begin(string $visitor): void
    {
        $_SESSION = [];
        if ($visitor !== '' && session_status() === PHP_SESSION_NONE && !headers_sent()) {
            session_set_save_handler(new self());
            session_id(str_replace(' ', '-', $visitor));
            session_start(['use_cookies' => 0, 'use_only_cookies' => 0, 'cache_limiter' => '', 'gc_probability' => 0, 'use_strict_mode' => 0]);
        }
        [$kind, $id] = explode(' ', $visitor . ' ', 3);
        unset($_SESSION['uid'], $_SESSION['adminid']);
        if ($kind !== '') {
            $_SESSION[$kind === 'admin' ? 'adminid' : 'uid'] = (int) $id;
        }
    }

    private static function file(string $id): string
    {
        return dirname(ROOTDIR) . "/sessions/$id";
    }

    #[\ReturnTypeWillChange]
    public function open($path, $name)
    {
        return is_dir(dirname(ROOTDIR) . '/sessions') || @mkdir(dirname(ROOTDIR) . '/sessions') || is_dir(dirname(ROOTDIR) . '/sessions');
    }

    #[\ReturnTypeWillChange]
    public function read($id)
    {
        return (string) @file_get_contents(self::file($id));
    }

    #[\ReturnTypeWillChange]
    public function write($id, $data)
    {
        return file_put_contents(self::file($id) . '.new' . getmypid(), $data) !== false && rename(self::file($id) . '.new' . getmypid(), self::file($id));
    }

    #[\ReturnTypeWillChange]
    public function close()
    {
        return true;
    }

    #[\ReturnTypeWillChange]
    public function destroy($id)
    {
        return !is_file(self::file($id)) || unlink(self::file($id));
    }

    #[\ReturnTypeWillChange]
    public function gc($maxLifetime)
    {
        return 0;
    }

    #[\ReturnTypeWillChange]
    public function validateId($id)
    {
        return true;
    }

    #[\ReturnTypeWillChange]
    public function updateTimestamp($id, $data)
    {
        return true;
    }
}
