<?php

namespace WHMCS\Module\Server\TideDns;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/** A line for staff; the code is the HTTP status, 0 without an answer. */
final class TideError extends \Exception
{
}
