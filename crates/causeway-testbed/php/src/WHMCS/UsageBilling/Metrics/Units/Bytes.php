<?php

namespace WHMCS\UsageBilling\Metrics\Units;

class Bytes extends FloatingPoint
{
    const TYPE = 'floating_point';

    public function type()
    {
        return static::TYPE;
    }
}
