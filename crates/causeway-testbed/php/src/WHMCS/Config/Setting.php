<?php

namespace WHMCS\Config;

use WHMCS\Model\AbstractModel;

/** A row of tblconfiguration. */
class Setting extends AbstractModel
{
    protected $table = 'tblconfiguration';
    protected $primaryKey = 'setting';
    protected $keyType = 'string';
    public $incrementing = false;

    /** @return string|null */
    public static function getValue($setting)
    {
        return static::query()->where('setting', $setting)->value('value');
    }

    public static function setValue($setting, $value)
    {
        static::query()->updateOrInsert(['setting' => $setting], ['value' => (string) $value]);

        return static::find($setting);
    }
}
