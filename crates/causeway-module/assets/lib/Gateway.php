<?php

namespace WHMCS\Module\Server\__NAME__;

/** The Causeway gateway's side of the conversation: JSON over HTTPS, nothing kept in between. */
final class Gateway
{
    const CONNECT_SECONDS = 5;
    const ANSWER_BYTES = 1048576;

    /** @var string */
    private $token;

    private function __construct(string $token)
    {
        $this->token = $token;
    }

    /** The token stands in the server's Password or Access Hash field: versions of WHMCS differ in which one works. */
    public static function of(array $params): self
    {
        $password = self::withoutSpace($params['serverpassword'] ?? '');
        $accessHash = self::withoutSpace($params['serveraccesshash'] ?? '');
        if ($password === '' && $accessHash === '') {
            throw new GatewayError('No token is set. Enter the token for ' . Settings::TITLE . ' in the Password field'
                . ' (or Access Hash) of the server, and choose that server for the product.');
        }
        if ($password !== '' && $accessHash !== '' && !hash_equals($password, $accessHash)) {
            throw new GatewayError('The server\'s Password and Access Hash hold two different tokens.'
                . ' Keep the one that you were given for ' . Settings::TITLE . ' and empty the other field.');
        }
        return new self($password !== '' ? $password : $accessHash);
    }

    /** Runs an operation, and waits for its end no longer than the deadline. */
    public function operate(array $request, array $secrets): array
    {
        $seconds = $request['deadline_ms'] / 1000 + self::CONNECT_SECONDS;
        return $this->call($request['operation'], 'POST', '/v1/operations', $seconds, $request, $secrets);
    }

    /** What the gateway knows of a service; null when it has never heard of it. */
    public function service(string $reference): ?array
    {
        try {
            return $this->call('service', 'GET', '/v1/services/' . Settings::NAME . '/' . rawurlencode($reference), 4);
        } catch (GatewayError $error) {
            if ($error->getCode() === 404) {
                return null;
            }
            throw $error;
        }
    }

    /** Operations that ended, or still run, after a call was told that they were pending. */
    public function owed(): array
    {
        $path = '/v1/operations?owed=true&definition=' . Settings::NAME;
        $operations = $this->call('owed operations', 'GET', $path, 20)['operations'] ?? null;
        if (!is_array($operations)) {
            throw new GatewayError(self::unreadable('the list of operations is missing'));
        }
        return $operations;
    }

    /** Tells the gateway that the operation's result has been dealt with. */
    public function acknowledge(string $operationId): void
    {
        $this->call('acknowledge', 'POST', '/v1/operations/' . rawurlencode($operationId) . '/acknowledge', 20);
    }

    private function call(string $action, string $method, string $path, float $seconds, ?array $request = null, array $secrets = []): array
    {
        $log = new Log(array_merge($secrets, [$this->token]));
        $sent = ['request' => "$method $path", 'body' => $request];
        $status = 0;
        $answer = null;
        try {
            list($status, $body) = $this->send($method, $path, $seconds, $request);
            $answer = json_decode($body, true);
            $result = self::read($status, $body, $answer);
            $log->write($action, $sent, "HTTP $status", $answer);
            return $result;
        } catch (GatewayError $error) {
            $log->write($action, $sent, $status === 0 ? 'no answer' : "HTTP $status", is_array($answer) ? $answer : $error->getMessage());
            throw $error;
        }
    }

    /** Status and body of the answer. A redirect is never followed: it would send the token and the order elsewhere. */
    private function send(string $method, string $path, float $seconds, ?array $request): array
    {
        $body = '';
        $headers = ['Authorization: Bearer ' . $this->token, 'Accept: application/json', 'Expect:'];
        $curl = curl_init(Settings::GATEWAY . $path);
        curl_setopt_array($curl, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_CONNECTTIMEOUT_MS => min(self::CONNECT_SECONDS, $seconds) * 1000,
            CURLOPT_TIMEOUT_MS => (int) ($seconds * 1000),
            CURLOPT_NOSIGNAL => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_SSL_VERIFYPEER => true,
            CURLOPT_SSL_VERIFYHOST => 2,
            CURLOPT_USERAGENT => 'causeway-module/' . Settings::VERSION . ' (' . Settings::NAME . '; PHP ' . PHP_VERSION . ')',
            CURLOPT_WRITEFUNCTION => function ($curl, string $part) use (&$body): int {
                $body .= $part;
                return strlen($body) > self::ANSWER_BYTES ? 0 : strlen($part);
            },
        ]);
        if ($method === 'POST') {
            // Client data may hold malformed UTF-8, and an order must not fail for it.
            $json = $request === null ? '' : json_encode($request, JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES);
            curl_setopt($curl, CURLOPT_POSTFIELDS, $json);
            $headers[] = 'Content-Type: application/json';
        }
        curl_setopt($curl, CURLOPT_HTTPHEADER, $headers);
        if (curl_exec($curl) === false) {
            if (strlen($body) > self::ANSWER_BYTES) {
                throw new GatewayError(self::unreadable('it is larger than one megabyte'));
            }
            throw new GatewayError('The Causeway gateway at ' . Settings::GATEWAY . ' could not be reached: '
                . rtrim(curl_error($curl), '.') . '. Nothing was lost; try again later.');
        }
        return [(int) curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $body];
    }

    /** @param mixed $answer */
    private static function read(int $status, string $body, $answer): array
    {
        $code = is_array($answer) && is_string($answer['error']['code'] ?? null) ? $answer['error']['code'] : '';
        if ($status === 204) {
            return [];
        }
        if ($status === 200 && is_array($answer)) {
            return $answer;
        }
        if ($status === 401) {
            throw new GatewayError('The Causeway gateway does not accept the token. Enter the token that you were given for '
                . Settings::TITLE . ' in the Password field (or Access Hash) of the server.');
        }
        if ($code !== '') {
            $message = $answer['error']['message'] ?? '';
            throw new GatewayError('The Causeway gateway did not take the call (' . $code . '): '
                . (is_string($message) && $message !== '' ? $message : "HTTP $status"), $status);
        }
        throw new GatewayError(self::unreadable($body === '' ? "HTTP $status with an empty body" : "HTTP $status, not the expected JSON"));
    }

    private static function unreadable(string $why): string
    {
        return 'The answer of the Causeway gateway at ' . Settings::GATEWAY . ' could not be read: ' . $why
            . '. Nothing was lost; try again later, and check that the address leads to the gateway itself.';
    }

    /** @param mixed $text */
    private static function withoutSpace($text): string
    {
        return is_string($text) ? (string) preg_replace('/\s+/', '', $text) : '';
    }
}
