<?php

namespace WHMCS\Domain;

use WHMCS\Model\AbstractModel;

class Domain extends AbstractModel
{
    protected $table = 'tbldomains';
    protected $columnMap = ['clientId' => 'userid', 'orderId' => 'orderid', 'registrarModuleName' => 'registrar', 'expiryDate' => 'expirydate'];

    public function client()
    {
        return $this->belongsTo(\WHMCS\User\Client::class, 'userid');
    }
}
