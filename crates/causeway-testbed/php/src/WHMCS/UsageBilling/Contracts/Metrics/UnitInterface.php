<?php

namespace WHMCS\UsageBilling\Contracts\Metrics;

interface UnitInterface
{
    public function type();

    public function decorate($value);

    public function suffix();
}
