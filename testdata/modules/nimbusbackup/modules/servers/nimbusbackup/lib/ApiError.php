<?php

namespace WHMCS\Module\Server\NimbusBackup;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/** One readable line for staff; the code is the HTTP status, 0 without an answer. */
final class ApiError extends \RuntimeException
{
}
