<?php

/**
 * Plays whole lives on the PHP half alone: php tests/run.php [name of one test]
 * Each request is a process of its own, as under php-fpm.
 */

require __DIR__ . '/Installation.php';
require __DIR__ . '/scenarios.php';

$only = $argv[1] ?? null;
$failures = 0;
foreach (scenarios() as $name => $scenario) {
    if ($only !== null && $only !== $name) {
        continue;
    }
    $installation = new Installation();
    try {
        $scenario($installation);
        echo "ok      $name\n";
    } catch (Throwable $error) {
        $failures++;
        echo "FAILED  $name: {$error->getMessage()} ({$error->getFile()}:{$error->getLine()})\n";
    } finally {
        $installation->remove();
    }
}
exit($failures === 0 ? 0 : 1);
