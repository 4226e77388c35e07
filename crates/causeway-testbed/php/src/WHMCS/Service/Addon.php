<?php

namespace WHMCS\Service;

use WHMCS\Model\AbstractModel;

class Addon extends AbstractModel
{
    protected $table = 'tblhostingaddons';
    protected $columnMap = [
        'clientId' => 'userid', 'orderId' => 'orderid', 'serviceId' => 'hostingid', 'addonId' => 'addonid', 'serverId' => 'server', 'registrationDate' => 'regdate',
        'recurringFee' => 'recurring', 'terminationDate' => 'termination_date', 'paymentGateway' => 'paymentmethod',
    ];

    public function client()
    {
        return $this->belongsTo(\WHMCS\User\Client::class, 'userid');
    }

    public function service()
    {
        return $this->belongsTo(Service::class, 'hostingid');
    }

    public function productAddon()
    {
        return $this->belongsTo(\WHMCS\Product\Addon::class, 'addonid');
    }

    public function order()
    {
        return $this->belongsTo(\WHMCS\Order\Order::class, 'orderid');
    }

    public function serverModel()
    {
        return $this->belongsTo(\WHMCS\Product\Server::class, 'server');
    }

    public function getServicePropertiesAttribute()
    {
        return new Properties(\Emulator\Subject::ofAddon((int) $this->getKey()), $this);
    }

    public function isService()
    {
        return false;
    }

    public function isAddon()
    {
        return true;
    }
}
