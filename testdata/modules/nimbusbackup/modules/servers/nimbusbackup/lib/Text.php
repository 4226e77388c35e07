<?php

namespace WHMCS\Module\Server\NimbusBackup;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

final class Text
{
    /** One line, never empty, with nothing in it that a browser would run. */
    public static function line(\Throwable $error): string
    {
        $known = $error instanceof ApiError ? $error->getMessage() : 'Nimbus Backup: ' . get_class($error) . ' in the module. The Module Log has the last request.';
        $line = trim((string) preg_replace('/\s+/', ' ', strtr($known, ['<' => '‹', '>' => '›'])));

        return $line === '' ? 'Nimbus Backup failed without a reason. The Module Log has the last request.' : $line;
    }

    /** @param mixed $value */
    public static function html($value): string
    {
        return htmlspecialchars(is_scalar($value) ? (string) $value : '', ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }

    /** Secrets as they may turn up in a request, an answer or an address. @param mixed[] $secrets @return string[] */
    public static function inEveryForm(array $secrets): array
    {
        $forms = [];
        foreach ($secrets as $secret) {
            if (is_string($secret) && $secret !== '') {
                array_push($forms, $secret, trim((string) json_encode($secret, JSON_INVALID_UTF8_SUBSTITUTE), '"'), rawurlencode($secret), self::html($secret));
            }
        }

        return array_values(array_unique($forms));
    }
}
