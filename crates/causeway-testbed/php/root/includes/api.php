<?php

/** WHMCS's API over HTTP. */

require_once dirname(__DIR__) . '/init.php';

Emulator\HttpApi::answer();
