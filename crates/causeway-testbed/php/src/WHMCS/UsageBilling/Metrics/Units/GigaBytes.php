<?php

namespace WHMCS\UsageBilling\Metrics\Units;

class GigaBytes extends FloatingPoint
{
    const TYPE = 'floating_point';

    public function type()
    {
        return static::TYPE;
    }
}
