<?php

use Emulator\LocalApi;

function localAPI($command, $values = [], $adminUsername = '')
{
    return LocalApi::call((string) $command, (array) $values);
}
