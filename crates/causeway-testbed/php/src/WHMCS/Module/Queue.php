<?php

namespace WHMCS\Module;

use WHMCS\Model\AbstractModel;

class Queue extends AbstractModel
{
    protected $table = 'tblmodulequeue';

    public function scopeIncomplete($query)
    {
        return $query->where('completed', 0);
    }
}
