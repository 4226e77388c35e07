<?php

namespace WHMCS\Module\Addon;

use WHMCS\Model\AbstractModel;

class Setting extends AbstractModel
{
    protected $table = 'tbladdonmodules';
    public $timestamps = false;

    public function scopeModule($query, $module)
    {
        return $query->where('module', $module);
    }
}
