<?php

namespace WHMCS\Order;

use WHMCS\Model\AbstractModel;

class Order extends AbstractModel
{
    protected $table = 'tblorders';
    public $timestamps = false;
    protected $columnMap = ['clientId' => 'userid', 'orderNumber' => 'ordernum', 'invoiceId' => 'invoiceid', 'paymentMethod' => 'paymentmethod'];

    public function client()
    {
        return $this->belongsTo(\WHMCS\User\Client::class, 'userid');
    }

    public function services()
    {
        return $this->hasMany(\WHMCS\Service\Service::class, 'orderid');
    }

    public function addons()
    {
        return $this->hasMany(\WHMCS\Service\Addon::class, 'orderid');
    }

    public function invoice()
    {
        return $this->belongsTo(\WHMCS\Billing\Invoice::class, 'invoiceid');
    }
}
