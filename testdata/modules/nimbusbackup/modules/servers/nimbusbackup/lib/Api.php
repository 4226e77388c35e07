<?php

namespace WHMCS\Module\Server\NimbusBackup;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/** The vendor's API: JSON over verified HTTPS. Every request is sent once, and ends in time. */
final class Api
{
    const MASK = '***';
    const CONNECT_SECONDS = 5;

    /** @var string */
    private $base;
    /** @var string */
    private $token;
    /** @var string[] */
    private $secrets;
    /** @var float the moment at which the whole callback has to be over */
    private $deadline;

    private function __construct(array $params, float $seconds)
    {
        $host = trim((string) ($params['serverhostname'] ?? ''));
        $this->token = trim((string) ($params['serverpassword'] ?? ''));
        if ($host === '' || $this->token === '') {
            throw new ApiError('Enter host name and password (the API token) of the server, and choose that server for the product.');
        }
        $port = (int) ($params['serverport'] ?? 0);
        $this->base = 'https://' . $host . ($port === 0 || $port === 443 ? '' : ":$port") . '/v1';
        $this->secrets = Text::inEveryForm([$this->token, $params['serveraccesshash'] ?? '', $params['password'] ?? '']);
        $this->deadline = microtime(true) + $seconds;
    }

    public static function forOperation(array $params): self
    {
        return new self($params, 20.0);
    }

    public static function forPage(array $params): self
    {
        return new self($params, 4.0);
    }

    public function get(string $path): array
    {
        return $this->call('GET', $path, null, []);
    }

    /** A list of things that each have an id. */
    public function list(string $path): array
    {
        $rows = array_values($this->get($path));
        foreach ($rows as $row) {
            if (!is_array($row) || !isset($row['id'])) {
                throw new ApiError('Nimbus Backup answered with a list that could not be read. Try again later.');
            }
        }

        return $rows;
    }

    public function post(string $path, array $body, array $headers = []): array
    {
        return $this->call('POST', $path, $body, $headers);
    }

    public function patch(string $path, array $body): array
    {
        return $this->call('PATCH', $path, $body, []);
    }

    /** Done, too, when there is nothing to delete. */
    public function delete(string $path): void
    {
        try {
            $this->call('DELETE', $path, null, []);
        } catch (ApiError $error) {
            if ($error->getCode() !== 404 && $error->getCode() !== 410) {
                throw $error;
            }
        }
    }

    private function call(string $method, string $path, ?array $body, array $headers): array
    {
        $curl = curl_init($this->base . $path);
        $headers[] = 'Authorization: Bearer ' . $this->token;
        $headers[] = 'Accept: application/json';
        $milliseconds = max(1, (int) (($this->deadline - microtime(true)) * 1000));
        curl_setopt_array($curl, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_SSL_VERIFYPEER => true,
            CURLOPT_SSL_VERIFYHOST => 2,
            CURLOPT_CONNECTTIMEOUT_MS => min(self::CONNECT_SECONDS * 1000, $milliseconds),
            CURLOPT_TIMEOUT_MS => min(10000, $milliseconds),
        ]);
        if ($body !== null) {
            // A company name in malformed UTF-8 must not stop an order.
            curl_setopt($curl, CURLOPT_POSTFIELDS, (string) json_encode((object) $body, JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES));
            $headers[] = 'Content-Type: application/json';
        }
        curl_setopt($curl, CURLOPT_HTTPHEADER, $headers);
        $text = curl_exec($curl);
        $status = (int) curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        $answer = is_string($text) ? json_decode($text, true) : null;
        $this->log("$method $path", $body, $text === false ? curl_error($curl) : "HTTP $status, " . strlen($text) . ' bytes', $answer);

        if ($text === false) {
            throw new ApiError('Nimbus Backup could not be reached: ' . rtrim(curl_error($curl), '.') . '. Nothing is lost; try again later.');
        }
        if ($status === 204 && $text === '') {
            return [];
        }
        if ($status >= 200 && $status < 300 && is_array($answer) && isset($answer['data']) && is_array($answer['data'])) {
            return $answer['data'];
        }
        throw new ApiError($this->reason($status, $answer), $status);
    }

    /** @param mixed $answer */
    private function reason(int $status, $answer): string
    {
        if ($status === 401 || $status === 403) {
            return 'Nimbus Backup does not accept the API token. Check the password of the server.';
        }
        $message = is_array($answer) ? ($answer['message'] ?? $answer['error']['message'] ?? $answer['error'] ?? null) : null;
        if ($status >= 400 && $status < 500 && is_string($message) && $message !== '') {
            return 'Nimbus Backup refused: ' . str_replace($this->secrets, self::MASK, $message);
        }
        if ($status >= 200 && $status < 300) {
            return 'The answer of Nimbus Backup could not be read. Nothing is lost; try again later.';
        }

        return "Nimbus Backup answered with HTTP $status. Nothing is lost; try again later.";
    }

    /** What is no JSON is described only: half a secret could not be masked. @param mixed $answer */
    private function log(string $action, ?array $body, string $outcome, $answer): void
    {
        logModuleCall(
            'nimbusbackup',
            $action,
            $body === null ? '' : self::masked($body),
            $outcome,
            is_array($answer) ? self::masked($answer) : '',
            $this->secrets
        );
    }

    private static function masked(array $values): array
    {
        foreach ($values as $name => $value) {
            if (is_array($value)) {
                $values[$name] = self::masked($value);
            } elseif (preg_match('/passw|secret|token|key|url/i', (string) $name) === 1) {
                $values[$name] = self::MASK;
            }
        }

        return $values;
    }
}
