<?php

namespace WHMCS\CustomField;

use WHMCS\Model\AbstractModel;

class CustomFieldValue extends AbstractModel
{
    protected $table = 'tblcustomfieldsvalues';
    protected $columnMap = ['relatedId' => 'relid'];

    public function customField()
    {
        return $this->belongsTo(\WHMCS\CustomField::class, 'fieldid');
    }
}
