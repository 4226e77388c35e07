<?php

/** WHMCS's init.php, as modules that bring pages of their own require it. */

require_once '{{ emulator }}/bootstrap.php';

Emulator\Visit::begin();
