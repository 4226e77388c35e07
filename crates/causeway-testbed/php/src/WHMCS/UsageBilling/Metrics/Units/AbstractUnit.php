<?php

namespace WHMCS\UsageBilling\Metrics\Units;

use WHMCS\UsageBilling\Contracts\Metrics\UnitInterface;

abstract class AbstractUnit implements UnitInterface
{
    private $name;
    private $suffix;

    public function __construct($singlePerUnitName = '', $pluralPerUnitName = null, $prefix = null, $suffix = null)
    {
        $this->name = (string) $singlePerUnitName;
        $this->suffix = $suffix ?? $pluralPerUnitName ?? $this->name;
    }

    public function perUnitName($value = 1)
    {
        return $this->name;
    }

    public function suffix()
    {
        return $this->suffix;
    }

    public function decorate($value)
    {
        return trim("$value {$this->suffix}");
    }
}
