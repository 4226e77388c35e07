<?php
// The usual hand-written module, as tutorials show it: curl in the callback, nothing recorded,
// nothing looked up before a retry. What `causeway bench` compares with.

function shieldpress_call(array $params, string $method, string $path, ?array $body = null): array
{
    $curl = curl_init($params['serverhostname'] . $path);
    curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
    curl_setopt($curl, CURLOPT_CUSTOMREQUEST, $method);
    curl_setopt($curl, CURLOPT_HTTPHEADER, [
        'Authorization: Bearer ' . $params['serverpassword'],
        'Accept: application/json',
        'Content-Type: application/json',
    ]);
    if ($body !== null) {
        curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($body));
    }
    $answer = curl_exec($curl);
    $status = curl_getinfo($curl, CURLINFO_HTTP_CODE);
    $error = curl_error($curl);
    curl_close($curl);
    if ($answer === false) {
        throw new Exception($error);
    }
    $decoded = json_decode($answer, true) ?: [];
    if ($status < 200 || $status > 299) {
        throw new Exception($decoded['message'] ?? ('HTTP ' . $status));
    }
    return $decoded;
}

function shieldpress_CreateAccount(array &$params): string
{
    try {
        $client = $params['clientsdetails'];
        $found = shieldpress_call($params, 'GET', '/users?email=' . urlencode($client['email']));
        $user = $found['data'][0] ?? shieldpress_call($params, 'POST', '/users', [
            'firstname' => $client['firstname'],
            'lastname' => $client['lastname'],
            'email' => $client['email'],
            'password' => $params['password'],
            'password_confirmation' => $params['password'],
        ]);
        $query = http_build_query(['domain' => $params['domain'], 'user_id' => $user['id']]);
        $found = shieldpress_call($params, 'GET', '/services?' . $query);
        $service = $found['data'][0] ?? shieldpress_call($params, 'POST', '/services', [
            'domain' => $params['domain'],
            'user_id' => $user['id'],
            'plan' => $params['configoption1'],
            'type_id' => 1,
        ]);
        $params['customfields']['service_id'] = $service['id'];
        $params['customfields']['license_key'] = $service['license']['key'];
    } catch (Exception $e) {
        return $e->getMessage();
    }
    return 'success';
}

function shieldpress_SuspendAccount(array &$params): string
{
    try {
        $id = $params['customfields']['service_id'];
        shieldpress_call($params, 'POST', '/services/' . $id . '/suspend');
    } catch (Exception $e) {
        return $e->getMessage();
    }
    return 'success';
}
