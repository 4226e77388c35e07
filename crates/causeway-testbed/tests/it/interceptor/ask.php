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
} elseif ($ask['with'] === 'streams') {
    $context = stream_context_create([
        'http' => [
            'method' => $ask['method'],
            'header' => 'Content-Type: application/json',
            'content' => $ask['body'] === null ? '' : json_encode($ask['body']),
            'ignore_errors' => true,
        ] + (isset($ask['timeout_ms']) ? ['timeout' => $ask['timeout_ms'] / 1000] : []),
        'ssl' => ['verify_peer' => $ask['verify'], 'verify_peer_name' => $ask['verify']],
    ]);
    $stream = @fopen($ask['url'], 'r', false, $context);
    if ($stream === false) {
        $answered['errno'] = -1;
    } else {
        foreach (stream_get_meta_data($stream)['wrapper_data'] as $line) {
            if (preg_match('~^HTTP/\S+ (\d+)~', $line, $match)) {
                $answered['status'] = (int) $match[1];
            }
        }
        $answered['body'] = stream_get_contents($stream);
    }
} elseif ($ask['with'] === 'file_get_contents') {
    $body = @file_get_contents($ask['url']);
    $answered['errno'] = $body === false ? -1 : 0;
    $answered['status'] = $body === false ? 0 : 200;
    $answered['body'] = (string) $body;
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
