<?php

namespace WHMCS\Database;

use Illuminate\Database\Capsule\Manager;

/** Laravel's query builder on WHMCS's one connection. */
class Capsule extends Manager
{
}
