<?php

namespace WHMCS\Billing\Invoice;

use WHMCS\Model\AbstractModel;

class Item extends AbstractModel
{
    protected $table = 'tblinvoiceitems';
    public $timestamps = false;
    protected $columnMap = ['invoiceId' => 'invoiceid', 'userId' => 'userid', 'relatedEntityId' => 'relid', 'dueDate' => 'duedate'];

    public function invoice()
    {
        return $this->belongsTo(\WHMCS\Billing\Invoice::class, 'invoiceid');
    }
}
