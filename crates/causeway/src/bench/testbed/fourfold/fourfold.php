<?php
// Four functions over one API: what `causeway bench testbed` measures the test bed with.

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

function fourfold_call(array $params, string $method, string $path, ?array $body = null): string
{
    $curl = curl_init('https://' . $params['serverhostname'] . '/v1' . $path);
    curl_setopt_array($curl, [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_CONNECTTIMEOUT => 4,
        CURLOPT_TIMEOUT => 10,
        CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . $params['serverpassword'], 'Content-Type: application/json'],
    ]);
    if ($body !== null) {
        curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($body));
    }
    $answer = curl_exec($curl);
    $status = curl_getinfo($curl, CURLINFO_HTTP_CODE);
    if ($status === 404 && $method === 'DELETE') {
        return 'success';
    }
    $decoded = json_decode((string) $answer, true);
    return is_array($decoded) && $status < 300 ? 'success' : "The vendor answered $status to $method $path.";
}

function fourfold_CreateAccount(array $params)
{
    return fourfold_call($params, 'PUT', '/sites/site' . $params['serviceid'], ['domain' => $params['domain']]);
}

function fourfold_SuspendAccount(array $params)
{
    return fourfold_call($params, 'POST', '/sites/site' . $params['serviceid'] . '/pause');
}

function fourfold_UnsuspendAccount(array $params)
{
    return fourfold_call($params, 'POST', '/sites/site' . $params['serviceid'] . '/resume');
}

function fourfold_TerminateAccount(array $params)
{
    return fourfold_call($params, 'DELETE', '/sites/site' . $params['serviceid']);
}
