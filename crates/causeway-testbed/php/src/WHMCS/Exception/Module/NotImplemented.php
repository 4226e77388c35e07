<?php

namespace WHMCS\Exception\Module;

class NotImplemented extends \WHMCS\Exception
{
}
