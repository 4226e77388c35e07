<?php

namespace WHMCS\UsageBilling\Metrics\Units;

class Accounts extends WholeNumber
{
    const TYPE = 'whole_number';

    public function type()
    {
        return static::TYPE;
    }
}
