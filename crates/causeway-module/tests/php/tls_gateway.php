<?php

/**
 * A gateway with a certificate of its own, for the name localhost: tls_gateway.php <file for the certificate>.
 * Prints its port, then answers every call with a succeeded operation until its stdin ends.
 */
$config = tempnam(sys_get_temp_dir(), 'causeway');
file_put_contents($config, "[req]\ndistinguished_name = dn\n[dn]\n[v3]\nsubjectAltName = DNS:localhost\nbasicConstraints = critical,CA:TRUE\n");
$options = ['config' => $config, 'x509_extensions' => 'v3', 'digest_alg' => 'sha256', 'private_key_bits' => 2048];
$key = openssl_pkey_new($options);
$certificate = openssl_csr_sign(openssl_csr_new(['commonName' => 'localhost'], $key, $options), null, $key, 2, $options);
openssl_x509_export($certificate, $pem);
openssl_pkey_export($key, $keyPem, null, $options);
unlink($config);
file_put_contents($argv[1], $pem . $keyPem);

$context = stream_context_create(['ssl' => ['local_cert' => $argv[1]]]);
$server = stream_socket_server('tls://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
echo parse_url('tcp://' . stream_socket_get_name($server, false), PHP_URL_PORT), "\n";
while (true) {
    $readable = [$server, STDIN];
    $none = [];
    if (stream_select($readable, $none, $none, null) === false || in_array(STDIN, $readable, true)) {
        exit;
    }
    // A caller that does not trust the certificate hangs up in here.
    $caller = @stream_socket_accept($server, 5);
    if ($caller === false) {
        continue;
    }
    $length = 0;
    while (($line = fgets($caller)) !== false && trim($line) !== '') {
        $length = stripos($line, 'Content-Length:') === 0 ? (int) substr($line, 15) : $length;
    }
    stream_get_contents($caller, $length);
    $body = '{"status":"succeeded","properties":{}}';
    fwrite($caller, "HTTP/1.1 200 OK\r\nContent-Length: " . strlen($body) . "\r\nConnection: close\r\n\r\n" . $body);
    fclose($caller);
}
