<?php

namespace WHMCS\Product;

use WHMCS\Model\AbstractModel;

class Addon extends AbstractModel
{
    protected $table = 'tbladdons';
    protected $columnMap = ['serverGroupId' => 'server_group_id', 'autoActivate' => 'autoactivate', 'billingCycle' => 'billingcycle', 'welcomeEmailTemplateId' => 'welcomeemail'];

    public function serviceAddons()
    {
        return $this->hasMany(\WHMCS\Service\Addon::class, 'addonid');
    }

    public function customFields()
    {
        return $this->hasMany(\WHMCS\CustomField::class, 'relid')->where('type', 'addon')->orderBy('sortorder');
    }

    public function moduleConfiguration()
    {
        return $this->hasMany(\WHMCS\Config\Module\ModuleConfiguration::class, 'entity_id')->where('entity_type', 'addon');
    }
}
