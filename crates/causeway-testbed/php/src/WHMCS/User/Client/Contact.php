<?php

namespace WHMCS\User\Client;

use WHMCS\Model\AbstractModel;

class Contact extends AbstractModel
{
    protected $table = 'tblcontacts';
    protected $columnMap = ['clientId' => 'userid', 'firstName' => 'firstname', 'lastName' => 'lastname', 'companyName' => 'companyname', 'phoneNumber' => 'phonenumber'];

    public function client()
    {
        return $this->belongsTo(\WHMCS\User\Client::class, 'userid');
    }
}
