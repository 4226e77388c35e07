<?php

namespace WHMCS\Product;

use WHMCS\Model\AbstractModel;

class Server extends AbstractModel
{
    protected $table = 'tblservers';
    public $timestamps = false;
    protected $columnMap = ['ipAddress' => 'ipaddress', 'accessHash' => 'accesshash'];

    public function services()
    {
        return $this->hasMany(\WHMCS\Service\Service::class, 'server');
    }

    public function scopeOfModule($query, $module)
    {
        return $query->where('type', $module);
    }

    public function scopeEnabled($query)
    {
        return $query->where('disabled', 0);
    }
}
