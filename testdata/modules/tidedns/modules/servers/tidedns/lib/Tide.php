<?php

namespace WHMCS\Module\Server\TideDns;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

use GuzzleHttp\Client;
use GuzzleHttp\Exception\GuzzleException;

/** Requests to Tide DNS. */
final class Tide
{
    private $http;
    private $secrets;

    public function __construct(array $params)
    {
        $host = trim((string) ($params['serverhostname'] ?? ''));
        $user = (string) ($params['serverusername'] ?? '');
        $password = (string) ($params['serverpassword'] ?? '');
        if ($host === '' || $password === '') {
            throw new TideError('Enter host name, username and password of the server, and choose that server for the product.');
        }
        $this->secrets = [$password, base64_encode("$user:$password")];
        $this->http = new Client([
            'base_uri' => "https://$host/dns/",
            'auth' => [$user, $password],
            'headers' => ['Accept' => 'application/json'],
            'connect_timeout' => 4,
            'timeout' => 8,
            'verify' => true,
            'allow_redirects' => false,
            'http_errors' => false,
        ]);
    }

    /**
     * The decoded answer.
     *
     * @param int[] $fine statuses that are no errors; their answer is empty
     */
    public function request(string $method, string $path, ?array $json = null, array $fine = []): array
    {
        $status = 0;
        $answer = null;
        $outcome = 'no answer';
        try {
            $options = $json === null ? [] : ['body' => json_encode($json, JSON_INVALID_UTF8_SUBSTITUTE), 'headers' => ['Content-Type' => 'application/json']];
            $response = $this->http->request($method, $path, $options);
            $status = $response->getStatusCode();
            $answer = json_decode((string) $response->getBody(), true);
            $outcome = "HTTP $status";
        } catch (GuzzleException $error) {
            $outcome = 'no answer: ' . get_class($error);
        }
        logModuleCall('tidedns', "$method $path", $json ?? '', $outcome, is_array($answer) ? $answer : '', $this->secrets);

        if ($status === 0) {
            throw new TideError('Tide DNS did not answer. Nothing is lost; try again later.');
        }
        if (in_array($status, $fine, true)) {
            return [];
        }
        if ($status === 401) {
            throw new TideError('Tide DNS does not accept username and password of the server.');
        }
        if ($status >= 200 && $status < 300 && is_array($answer)) {
            return $answer;
        }
        $reason = is_array($answer) && is_string($answer['message'] ?? null) ? trim(strip_tags($answer['message'])) : '';
        throw new TideError($reason !== '' ? "Tide DNS: $reason" : "Tide DNS answered with HTTP $status and nothing that could be read. Nothing is lost; try again later.", $status);
    }
}
