<?php

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

add_hook('AfterCronJob', 1, function () {
    require_once __DIR__ . '/lib/load.php';
    \WHMCS\Module\Server\__NAME__\Owed::settle();
});
