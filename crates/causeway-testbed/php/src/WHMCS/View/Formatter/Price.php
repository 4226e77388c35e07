<?php

namespace WHMCS\View\Formatter;

/** An amount of a currency: what formatCurrency() gives. */
class Price
{
    /** @var float */
    private $amount;
    /** @var array */
    private $currency;

    public function __construct($amount, $currency = [])
    {
        $this->amount = (float) $amount;
        $this->currency = (array) $currency;
    }

    public function toNumeric()
    {
        return number_format($this->amount, 2, '.', '');
    }

    public function toPrefixed()
    {
        return ($this->currency['prefix'] ?? '') . $this->number();
    }

    public function toSuffixed()
    {
        return $this->number() . ($this->currency['suffix'] ?? '');
    }

    public function toFull()
    {
        return ($this->currency['prefix'] ?? '') . $this->number() . ($this->currency['suffix'] ?? '');
    }

    public function getCurrency()
    {
        return $this->currency;
    }

    public function __toString()
    {
        return $this->toFull();
    }

    private function number(): string
    {
        return number_format($this->amount, 2, '.', ',');
    }
}
