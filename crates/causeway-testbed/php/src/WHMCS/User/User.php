<?php

namespace WHMCS\User;

use WHMCS\Model\AbstractModel;

class User extends AbstractModel
{
    protected $table = 'tblusers';
    protected $columnMap = ['firstName' => 'first_name', 'lastName' => 'last_name'];

    public function clients()
    {
        return $this->belongsToMany(Client::class, 'tblusers_clients', 'auth_user_id', 'client_id')->withPivot('owner');
    }

    public function getFullNameAttribute()
    {
        return trim($this->first_name . ' ' . $this->last_name);
    }
}
