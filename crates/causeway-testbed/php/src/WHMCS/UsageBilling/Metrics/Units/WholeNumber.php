<?php

namespace WHMCS\UsageBilling\Metrics\Units;

class WholeNumber extends AbstractUnit
{
    const TYPE = 'whole_number';

    public function type()
    {
        return static::TYPE;
    }
}
