<?php

namespace WHMCS\UsageBilling\Metrics\Units;

class MegaBytes extends FloatingPoint
{
    const TYPE = 'floating_point';

    public function type()
    {
        return static::TYPE;
    }
}
