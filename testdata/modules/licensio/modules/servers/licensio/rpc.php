<?php

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

use GuzzleHttp\Client;

function licensio_client($params)
{
    return new Client([
        'base_uri' => 'https://' . $params['serverhostname'],
        'verify' => false,
        'http_errors' => false,
        'allow_redirects' => false,
    ]);
}

/** @return array|null */
function licensio_read($params, $values)
{
    $values += ['user' => $params['serverusername'], 'pass' => $params['serverpassword']];
    try {
        $text = (string) licensio_client($params)->get('/api.php', ['query' => $values])->getBody();
    } catch (Exception $e) {
        $text = '';
    }
    logModuleCall('licensio', $values['action'], $values, $text, '', [$params['serverpassword']]);

    return json_decode($text, true);
}

/** @return string */
function licensio_write($params, $values)
{
    $login = ['user' => $params['serverusername'], 'pass' => $params['serverpassword']];
    try {
        $text = (string) licensio_client($params)->post('/api.php', ['form_params' => $values + $login])->getBody();
    } catch (Exception $e) {
        $text = '';
    }
    logModuleCall('licensio', $values['action'], $values, $text, '', [$params['serverpassword']]);

    return $text;
}

function licensio_number($params)
{
    return (string) $params['model']->serviceProperties->get('Licence Number');
}
