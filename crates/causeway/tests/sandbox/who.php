<?php
require dirname(__DIR__, 3) . '/init.php';
header('Content-Type: application/json');
$user = new WHMCS\Authentication\CurrentUser();
echo json_encode(['asked' => $_POST['asked'], 'email' => $user->client()->email]);
