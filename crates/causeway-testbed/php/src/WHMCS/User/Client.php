<?php

namespace WHMCS\User;

use WHMCS\Model\AbstractModel;

class Client extends AbstractModel
{
    protected $table = 'tblclients';
    protected $columnMap = [
        'firstName' => 'firstname', 'lastName' => 'lastname', 'companyName' => 'companyname', 'phoneNumber' => 'phonenumber', 'currencyId' => 'currency', 'taxId' => 'tax_id',
        'groupId' => 'groupid', 'creditBalance' => 'credit', 'dateCreated' => 'datecreated',
    ];

    public function services()
    {
        return $this->hasMany(\WHMCS\Service\Service::class, 'userid');
    }

    public function addons()
    {
        return $this->hasMany(\WHMCS\Service\Addon::class, 'userid');
    }

    public function invoices()
    {
        return $this->hasMany(\WHMCS\Billing\Invoice::class, 'userid');
    }

    public function orders()
    {
        return $this->hasMany(\WHMCS\Order\Order::class, 'userid');
    }

    public function contacts()
    {
        return $this->hasMany(Client\Contact::class, 'userid');
    }

    public function domains()
    {
        return $this->hasMany(\WHMCS\Domain\Domain::class, 'userid');
    }

    public function users()
    {
        return $this->belongsToMany(User::class, 'tblusers_clients', 'client_id', 'auth_user_id')->withPivot('owner');
    }

    public function currencyrel()
    {
        return $this->belongsTo(\WHMCS\Billing\Currency::class, 'currency');
    }

    public function owner()
    {
        return $this->users()->wherePivot('owner', 1)->first();
    }

    public function getFullNameAttribute()
    {
        return trim($this->firstname . ' ' . $this->lastname);
    }
}
