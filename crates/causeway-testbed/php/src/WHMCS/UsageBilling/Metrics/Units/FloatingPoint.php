<?php

namespace WHMCS\UsageBilling\Metrics\Units;

class FloatingPoint extends AbstractUnit
{
    const TYPE = 'floating_point';

    public function type()
    {
        return static::TYPE;
    }
}
