<?php

namespace WHMCS\User;

use WHMCS\Model\AbstractModel;

class Admin extends AbstractModel
{
    protected $table = 'tbladmins';
    protected $columnMap = ['firstName' => 'firstname', 'lastName' => 'lastname', 'roleId' => 'roleid'];

    public function getFullNameAttribute()
    {
        return trim($this->firstname . ' ' . $this->lastname);
    }
}
