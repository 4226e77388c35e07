<?php

class StreamcastApi
{
    public static function request(array $params, $method, $path, ?array $values = null)
    {
        $curl = curl_init('https://' . $params['serverhostname'] . '/control' . $path);
        curl_setopt_array($curl, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_CONNECTTIMEOUT => 3,
            CURLOPT_TIMEOUT => 6,
            CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . $params['serverpassword'], 'Content-Type: application/json'],
        ]);
        if ($values !== null) {
            curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($values));
        }
        $body = curl_exec($curl);
        $hidden = [$params['serverpassword'], $params['password'] ?? '', trim((string) json_encode($params['password'] ?? ''), '"')];
        logModuleCall('streamcast', "$method $path", $values, $body, '', $hidden);
        $answer = json_decode((string) $body, true);

        return is_array($answer) ? $answer : [];
    }

    public static function state(array $params, $state)
    {
        $answer = self::request($params, 'PATCH', '/stations/station' . $params['serviceid'], ['air' => $state]);

        return ($answer['air'] ?? '') === $state ? 'success' : self::reason($answer);
    }

    public static function reason(array $answer)
    {
        return isset($answer['message']) && is_string($answer['message']) ? $answer['message'] : 'StreamCast did not answer in a way that could be read.';
    }
}
