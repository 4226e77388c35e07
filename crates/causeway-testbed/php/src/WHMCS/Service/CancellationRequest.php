<?php

namespace WHMCS\Service;

use WHMCS\Model\AbstractModel;

class CancellationRequest extends AbstractModel
{
    protected $table = 'tblcancelrequests';
    protected $columnMap = ['serviceId' => 'relid', 'whenToCancel' => 'type'];

    public function service()
    {
        return $this->belongsTo(Service::class, 'relid');
    }
}
