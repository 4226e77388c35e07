<?php

use Emulator\Logs;

function logModuleCall($module, $action, $requestString, $responseData, $processedData = '', $replaceVars = [])
{
    Logs::module((string) $module, (string) $action, $requestString, $responseData, $processedData, (array) $replaceVars);
}

function logActivity($message, $userId = 0)
{
    Logs::activity((string) $message, (int) $userId);
}
