<?php

namespace WHMCS\Billing;

use WHMCS\Model\AbstractModel;

class Currency extends AbstractModel
{
    protected $table = 'tblcurrencies';
    public $timestamps = false;

}
