<?php

namespace WHMCS\Support;

use WHMCS\Model\AbstractModel;

class Ticket extends AbstractModel
{
    protected $table = 'tbltickets';
    protected $columnMap = ['clientId' => 'userid', 'departmentId' => 'did', 'ticketNumber' => 'tid'];
    public $timestamps = false;

    public function client()
    {
        return $this->belongsTo(\WHMCS\User\Client::class, 'userid');
    }
}
