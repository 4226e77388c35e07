<?php

// Named one by one: WHMCS versions differ in how a folder's name becomes a namespace.
array_map(function (string $class) {
    require_once __DIR__ . '/' . $class . '.php';
}, ['Settings', 'GatewayError', 'Log', 'Gateway', 'Service', 'Module', 'Owed']);
