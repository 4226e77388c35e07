<?php

namespace WHMCS\Exception\Module;

class NotActivated extends \WHMCS\Exception
{
}
