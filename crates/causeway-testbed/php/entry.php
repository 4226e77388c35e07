<?php

/**
 * The emulator's one door: reads a command, plays it, answers in JSON.
 * Under php-fpm the command is the request's body; on the command line it is standard input.
 */

require __DIR__ . '/bootstrap.php';

Emulator\Request::receive()->play();
