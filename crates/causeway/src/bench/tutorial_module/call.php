<?php
// Calls the module as WHMCS would: one web request for one callback. What the module would save with
// WHMCS goes back to the caller instead.

require __DIR__ . '/shieldpress.php';

$call = json_decode(file_get_contents('php://input'), true);
$params = $call['params'];
$function = 'shieldpress_' . $call['function'];
$result = $function($params);
echo json_encode(['result' => $result, 'customfields' => $params['customfields']]);
