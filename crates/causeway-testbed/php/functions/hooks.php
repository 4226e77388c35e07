<?php

use Emulator\Hooks;

function add_hook($hookName, $priority, $hookFunction, $rollbackFunction = '')
{
    Hooks::add((string) $hookName, (int) $priority, $hookFunction);
}

function run_hook($hookName, $args, $unpackArguments = false)
{
    return Hooks::run((string) $hookName, (array) $args);
}
