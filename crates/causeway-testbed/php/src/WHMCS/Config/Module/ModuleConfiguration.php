<?php

namespace WHMCS\Config\Module;

use WHMCS\Model\AbstractModel;

class ModuleConfiguration extends AbstractModel
{
    protected $table = 'tblmodule_configuration';
    protected $columnMap = ['entityType' => 'entity_type', 'entityId' => 'entity_id', 'settingName' => 'setting_name', 'friendlyName' => 'friendly_name'];
}
