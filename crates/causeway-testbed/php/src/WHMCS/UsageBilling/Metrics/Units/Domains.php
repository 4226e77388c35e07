<?php

namespace WHMCS\UsageBilling\Metrics\Units;

class Domains extends WholeNumber
{
    const TYPE = 'whole_number';

    public function type()
    {
        return static::TYPE;
    }
}
