<?php

namespace WHMCS\Exception\Module;

class SingleSignOnError extends \WHMCS\Exception
{
}
