<?php

namespace WHMCS\Service;

use WHMCS\Model\AbstractModel;

class Service extends AbstractModel
{
    protected $table = 'tblhosting';
    protected $columnMap = [
        'clientId' => 'userid', 'orderId' => 'orderid', 'productId' => 'packageid', 'serverId' => 'server', 'registrationDate' => 'regdate', 'status' => 'domainstatus',
        'recurringFee' => 'amount', 'recurringAmount' => 'amount', 'terminationDate' => 'termination_date', 'suspendReason' => 'suspendreason', 'suspensionReason' => 'suspendreason',
        'paymentGateway' => 'paymentmethod', 'overrideAutoSuspend' => 'overideautosuspend', 'overrideSuspendUntilDate' => 'overidesuspenduntil', 'bandwidthUsage' => 'bwusage',
        'bandwidthLimit' => 'bwlimit', 'lastUpdateDate' => 'lastupdate', 'dedicatedIp' => 'dedicatedip', 'assignedIps' => 'assignedips', 'firstPaymentAmount' => 'firstpaymentamount',
    ];

    public function client()
    {
        return $this->belongsTo(\WHMCS\User\Client::class, 'userid');
    }

    public function product()
    {
        return $this->belongsTo(\WHMCS\Product\Product::class, 'packageid');
    }

    public function order()
    {
        return $this->belongsTo(\WHMCS\Order\Order::class, 'orderid');
    }

    public function serverModel()
    {
        return $this->belongsTo(\WHMCS\Product\Server::class, 'server');
    }

    public function addons()
    {
        return $this->hasMany(Addon::class, 'hostingid');
    }

    public function customFieldValues()
    {
        return $this->hasMany(\WHMCS\CustomField\CustomFieldValue::class, 'relid')->whereHas('customField', static function ($query) {
            $query->where('type', 'product');
        });
    }

    public function cancellationRequests()
    {
        return $this->hasMany(CancellationRequest::class, 'relid');
    }

    public function scopeActive($query)
    {
        return $query->where('domainstatus', Status::ACTIVE);
    }

    public function scopeUserId($query, $userId)
    {
        return $query->where('userid', $userId);
    }

    public function getServicePropertiesAttribute()
    {
        return new Properties(\Emulator\Subject::find((int) $this->getKey()), $this);
    }

    public function isService()
    {
        return true;
    }

    public function isAddon()
    {
        return false;
    }
}
