<?php

/** What every request needs before the first line of a module runs. */

error_reporting(E_ALL);
date_default_timezone_set('UTC');
mb_internal_encoding('UTF-8');

foreach (['Illuminate/Database', 'Illuminate/Support', 'GuzzleHttp', 'Carbon'] as $library) {
    require_once $library . '/autoload.php';
}

spl_autoload_register(static function (string $class): void {
    foreach (['Emulator\\' => '/src/Emulator/', 'WHMCS\\' => '/src/WHMCS/'] as $prefix => $folder) {
        if (strncmp($class, $prefix, strlen($prefix)) === 0) {
            $file = __DIR__ . $folder . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
            if (is_file($file)) {
                require_once $file;
            }
        }
    }
});
spl_autoload_register([Emulator\Clock::class, 'showToCarbon'], true, true);
spl_autoload_register([Emulator\Modules::class, 'autoload']);
spl_autoload_register([Emulator\Templates::class, 'autoload']);
spl_autoload_register([Emulator\Missing::class, 'reportClass']);

foreach (glob(__DIR__ . '/functions/*.php') as $file) {
    require_once $file;
}
foreach (glob(__DIR__ . '/src/global/*.php') as $file) {
    require_once $file;
}
