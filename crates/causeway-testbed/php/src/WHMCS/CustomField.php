<?php

namespace WHMCS;

use WHMCS\Model\AbstractModel;

class CustomField extends AbstractModel
{
    protected $table = 'tblcustomfields';
    protected $columnMap = ['relatedId' => 'relid', 'fieldName' => 'fieldname', 'fieldType' => 'fieldtype', 'adminOnly' => 'adminonly'];

    public function customFieldValues()
    {
        return $this->hasMany(CustomField\CustomFieldValue::class, 'fieldid');
    }
}
