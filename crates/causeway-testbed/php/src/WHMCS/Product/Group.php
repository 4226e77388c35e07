<?php

namespace WHMCS\Product;

use WHMCS\Model\AbstractModel;

class Group extends AbstractModel
{
    protected $table = 'tblproductgroups';
    public function products()
    {
        return $this->hasMany(Product::class, 'gid');
    }
}
