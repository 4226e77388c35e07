<?php

namespace Emulator;

/** What WHMCS keeps encrypted, and the random values it makes up. */
final class Secrets
{
    public static function key(): string
    {
        return hash('sha256', 'causeway emulator installation key');
    }

    public static function encrypt(string $plain): string
    {
        $vector = random_bytes(16);
        $body = $vector . openssl_encrypt($plain, 'aes-256-cbc', hex2bin(self::key()), OPENSSL_RAW_DATA, $vector);

        return base64_encode(hash_hmac('sha256', $body, self::key(), true) . $body);
    }

    /** '' for anything encrypt() did not make. */
    public static function decrypt(string $encrypted): string
    {
        $raw = base64_decode($encrypted, true);
        if ($raw === false || strlen($raw) < 64) {
            return '';
        }
        $body = substr($raw, 32);
        if (!hash_equals(hash_hmac('sha256', $body, self::key(), true), substr($raw, 0, 32))) {
            return '';
        }

        return (string) openssl_decrypt(substr($body, 16), 'aes-256-cbc', hex2bin(self::key()), OPENSSL_RAW_DATA, substr($body, 0, 16));
    }

    /** Letters of both cases and digits, as WHMCS generates for a new service. */
    public static function password(int $length = 10): string
    {
        $letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
        $password = '';
        while (strlen($password) < $length) {
            $password .= $letters[random_int(0, strlen($letters) - 1)];
        }

        return $password;
    }

    public static function uuid(): string
    {
        $hex = bin2hex(random_bytes(16));
        $hex[12] = '4';
        $hex[16] = '89ab'[hexdec($hex[16]) % 4];

        return implode('-', [substr($hex, 0, 8), substr($hex, 8, 4), substr($hex, 12, 4), substr($hex, 16, 4), substr($hex, 20)]);
    }
}
