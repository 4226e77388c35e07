<?php

namespace WHMCS\Product;

use WHMCS\Model\AbstractModel;

class Product extends AbstractModel
{
    protected $table = 'tblproducts';
    protected $columnMap = [
        'productGroupId' => 'gid', 'module' => 'servertype', 'serverGroupId' => 'servergroup', 'welcomeEmailTemplateId' => 'welcomeemail', 'autoSetup' => 'autosetup',
        'paymentType' => 'paytype', 'displayOrder' => 'order', 'isHidden' => 'hidden', 'isRetired' => 'retired', 'moduleConfigOption1' => 'configoption1',
        'moduleConfigOption2' => 'configoption2', 'moduleConfigOption3' => 'configoption3', 'moduleConfigOption4' => 'configoption4',
    ];

    public function services()
    {
        return $this->hasMany(\WHMCS\Service\Service::class, 'packageid');
    }

    public function productGroup()
    {
        return $this->belongsTo(Group::class, 'gid');
    }

    public function customFields()
    {
        return $this->hasMany(\WHMCS\CustomField::class, 'relid')->where('type', 'product')->orderBy('sortorder');
    }

    public function upgradeProducts()
    {
        return $this->belongsToMany(self::class, 'tblproduct_upgrade_products', 'product_id', 'upgrade_product_id');
    }

    public function scopeOfModule($query, $module)
    {
        return $query->where('servertype', $module);
    }
}
