<?php

namespace WHMCS\Billing;

use WHMCS\Model\AbstractModel;

class Invoice extends AbstractModel
{
    protected $table = 'tblinvoices';
    protected $columnMap = ['clientId' => 'userid', 'invoiceNumber' => 'invoicenum', 'dateDue' => 'duedate', 'dateCreated' => 'date', 'datePaid' => 'datepaid', 'paymentGateway' => 'paymentmethod'];

    public function client()
    {
        return $this->belongsTo(\WHMCS\User\Client::class, 'userid');
    }

    public function items()
    {
        return $this->hasMany(Invoice\Item::class, 'invoiceid');
    }
}
