<?php

namespace WHMCS\Exception\Module;

class InvalidConfiguration extends \WHMCS\Exception
{
}
