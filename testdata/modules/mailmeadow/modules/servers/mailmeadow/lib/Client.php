<?php

namespace WHMCS\Module\Server\MailMeadow;

use GuzzleHttp\Client as Http;

class Client
{
    private Http $http;
    private array $params;

    public function __construct(array $params)
    {
        $this->params = $params;
        $this->http = new Http([
            'base_uri' => "https://{$params['serverhostname']}/api/",
            'connect_timeout' => 4,
            'timeout' => 8,
            // Their load balancer moves partners between regions.
            'allow_redirects' => ['max' => 3, 'strict' => true],
            'headers' => ['Authorization' => 'Token ' . $params['serverpassword'], 'Accept' => 'application/json'],
        ]);
    }

    public function request(string $method, string $path, ?array $json = null): array
    {
        $response = $this->http->request($method, $path, $json === null ? [] : ['json' => $json]);
        $body = (string) $response->getBody();
        logModuleCall('mailmeadow', "$method $path", $json, $body, '', [$this->params['serverpassword'], $this->params['password'] ?? '']);

        return $response->getStatusCode() === 204 ? [] : json_decode($body, true);
    }
}
