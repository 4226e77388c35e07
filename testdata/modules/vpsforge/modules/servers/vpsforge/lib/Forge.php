<?php

namespace WHMCS\Module\Server\Vpsforge;

final class Forge
{
    private $host;
    private $token;

    public static function of(array $params)
    {
        $forge = new self();
        $forge->host = $params['serverhostname'];
        $forge->token = $params['serveraccesshash'] !== '' ? $params['serveraccesshash'] : $params['serverpassword'];

        return $forge;
    }

    public function call($method, $path, ?array $data = null, array $fine = [])
    {
        $ch = curl_init("https://{$this->host}/compute/v3$path");
        curl_setopt_array($ch, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_RETURNTRANSFER => 1,
            CURLOPT_CONNECTTIMEOUT => 5,
            CURLOPT_HTTPHEADER => ["X-Auth-Token: {$this->token}", 'Content-Type: application/json'],
        ]);
        if ($data !== null) {
            curl_setopt($ch, CURLOPT_POSTFIELDS, json_encode($data));
        }
        $body = curl_exec($ch);
        $status = curl_getinfo($ch, CURLINFO_HTTP_CODE);
        logModuleCall('vpsforge', "$method $path", $data, "$status $body", null, [$this->token]);
        if ($body === false) {
            throw new \RuntimeException('VPS Forge cannot be reached: ' . curl_error($ch));
        }
        if (in_array($status, $fine, true) || $status === 204) {
            return [];
        }
        $answer = json_decode($body, true);
        if ($status < 200 || $status > 299 || !isset($answer['id'])) {
            throw new \RuntimeException($answer['fault']['text'] ?? "VPS Forge answered with HTTP $status and nothing that could be read");
        }

        return $answer;
    }
}
