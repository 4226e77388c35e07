<?php

// Prints a module's settings as PHP reads them, as JSON: settings.php <module folder> <namespace>.
require $argv[1] . '/lib/Settings.php';
$settings = new ReflectionClass('WHMCS\\Module\\Server\\' . $argv[2] . '\\Settings');
echo json_encode($settings->getConstants(), JSON_THROW_ON_ERROR);
