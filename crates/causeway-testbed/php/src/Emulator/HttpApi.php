<?php

namespace Emulator;

/** includes/api.php: WHMCS's API over HTTP. */
final class HttpApi
{
    /** What a caller of the API shows, as staff would have made it under API Credentials. */
    const IDENTIFIER = 'emulator-api-identifier';
    const SECRET = 'emulator-api-secret';

    public static function answer(): void
    {
        $values = $_POST + $_GET;
        $shown = [(string) ($values['identifier'] ?? $values['username'] ?? ''), (string) ($values['secret'] ?? $values['password'] ?? '')];
        if ($shown !== [self::IDENTIFIER, self::SECRET]) {
            http_response_code(403);
            self::write(['result' => 'error', 'message' => isset($values['identifier']) ? 'Invalid or missing credentials' : 'Authentication Failed'], $values);
            return;
        }
        $action = (string) ($values['action'] ?? '');
        self::write($action === '' ? ['result' => 'error', 'message' => 'Invalid API Command Value'] : LocalApi::call($action, array_diff_key($values, ['identifier' => 1, 'secret' => 1, 'username' => 1, 'password' => 1, 'action' => 1, 'responsetype' => 1])), $values);
    }

    private static function write(array $answer, array $values): void
    {
        if (($values['responsetype'] ?? 'xml') === 'json') {
            header('Content-Type: application/json');
            echo json_encode($answer, JSON_INVALID_UTF8_SUBSTITUTE);
            return;
        }
        header('Content-Type: application/xml; charset=utf-8');
        echo "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<whmcsapi version=\"" . htmlspecialchars((string) \WHMCS\Config\Setting::getValue('Version')) . "\">\n"
            . '<action>' . htmlspecialchars((string) ($values['action'] ?? '')) . "</action>\n" . self::xml($answer) . '</whmcsapi>';
    }

    /** A list repeats the name of what it stands in. */
    private static function xml(array $values, string $name = ''): string
    {
        $xml = '';
        foreach ($values as $key => $value) {
            $tag = is_int($key) ? $name : (string) $key;
            $isList = is_array($value) && array_keys($value) === range(0, count($value) - 1);
            if ($isList) {
                $xml .= self::xml($value, $tag);
            } else {
                $xml .= "<$tag>" . (is_array($value) ? "\n" . self::xml($value) : htmlspecialchars((string) $value)) . "</$tag>\n";
            }
        }

        return $xml;
    }
}
