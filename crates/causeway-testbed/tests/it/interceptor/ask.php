<?php
// Makes one HTTP request as modules do, and says what came of it.
$ask = json_decode(file_get_contents('php://input'), true);
$answered = ['errno' => 0, 'status' => 0, 'body' => ''];
if ($ask['with'] === 'guzzle') {
    require 'GuzzleHttp/autoload.php';
    try {
        $client = new GuzzleHttp\Client(['http_errors' => false, 'verify' => $ask['verify']]);
        $response = $client->request($ask['method'], $ask['url'], $ask['body'] === null ? [] : ['json' => $ask['body']]);
        $answered['status'] = $response->getStatusCode();
        $answered['body'] = (string) $response->getBody();
    } catch (GuzzleHttp\Exception\TransferException $exception) {
        $answered['errno'] = $exception->getHandlerContext()['errno'] ?? -1;
    }
} else {
    $curl = curl_init($ask['url']);
    curl_setopt_array($curl, [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CUSTOMREQUEST => $ask['method'],
        CURLOPT_CONNECTTIMEOUT_MS => $ask['connect_timeout_ms'] ?? 0,
        CURLOPT_TIMEOUT_MS => $ask['timeout_ms'] ?? 0,
        CURLOPT_SSL_VERIFYPEER => $ask['verify'],
        CURLOPT_SSL_VERIFYHOST => $ask['verify'] ? 2 : 0,
    ]);
    if ($ask['body'] !== null) {
        curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($ask['body']));
        curl_setopt($curl, CURLOPT_HTTPHEADER, ['Content-Type: application/json']);
    }
    $answered['body'] = curl_exec($curl) ?: '';
    $answered['errno'] = curl_errno($curl);
    $answered['status'] = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
}
echo json_encode($answered);
