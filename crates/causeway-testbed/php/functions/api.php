<?php

use Emulator\LocalApi;
use Emulator\Recorder;

function localAPI($command, $values = [], $adminUsername = '')
{
    $answer = LocalApi::call((string) $command, (array) $values);
    Recorder::note('api_calls', ['command' => (string) $command, 'values' => Recorder::describe((array) $values), 'answer' => Recorder::describe($answer)]);

    return $answer;
}
