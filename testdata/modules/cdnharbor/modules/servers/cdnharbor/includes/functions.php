<?php

if (!defined('WHMCS')) {
    exit('This file cannot be accessed directly');
}

define('CDNHARBOR_API', 'https://api.cdnharbor.example/v1/');

/**
 * @return object|null the decoded answer
 */
function cdnharbor_api(array $params, $method, $path, ?array $data = null)
{
    $url = CDNHARBOR_API . $path . (strpos($path, '?') === false ? '?' : '&') . 'api_key=' . urlencode($params['serverpassword']);
    $curl = curl_init();
    curl_setopt_array($curl, [
        CURLOPT_URL => $url,
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CONNECTTIMEOUT => 4,
        CURLOPT_TIMEOUT => 8,
        CURLOPT_SSL_VERIFYPEER => false,
        CURLOPT_SSL_VERIFYHOST => 0,
        CURLOPT_HTTPHEADER => ['Accept: application/json', 'Content-Type: application/json'],
    ]);
    if ($data !== null) {
        curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode((object) $data));
    }
    $response = curl_exec($curl);
    $error = curl_error($curl);
    if ($error !== '') {
        logActivity("CDN Harbor: $method $url failed: $error");
    }
    logModuleCall('cdnharbor', "$method $path", $data, $response, $error, [$params['serverpassword']]);
    $answer = json_decode((string) $response);

    return is_object($answer) ? $answer : null;
}

function cdnharbor_reason($answer)
{
    return isset($answer->error) && is_string($answer->error) && $answer->error !== '' ? $answer->error : 'CDN Harbor did not answer as expected';
}

/**
 * @return object|string|null the zone, null when there is none, or why it is not known
 */
function cdnharbor_find_zone(array $params)
{
    $answer = cdnharbor_api($params, 'GET', 'zones?hostname=' . urlencode($params['domain']));
    if (!isset($answer->zones) || !is_array($answer->zones)) {
        return cdnharbor_reason($answer);
    }

    return $answer->zones[0] ?? null;
}

function cdnharbor_zone(array $params)
{
    return (string) $params['model']->serviceProperties->get('Zone');
}
