<?php

namespace WHMCS\Version;

class SemanticVersion
{
    /** @var string */
    private $version;

    public function __construct($version)
    {
        $this->version = (string) $version;
    }

    public function getCanonical()
    {
        return $this->version;
    }

    public function getRelease()
    {
        return explode('-', $this->version)[0];
    }

    public function getCasual()
    {
        return $this->getRelease();
    }

    public function getMajor()
    {
        return explode('.', $this->getRelease())[0];
    }

    public function getMinor()
    {
        return explode('.', $this->getRelease())[1] ?? '0';
    }

    public static function compare($one, $other, $operator)
    {
        return version_compare($one->getRelease(), $other->getRelease(), $operator);
    }

    public function __toString()
    {
        return $this->version;
    }
}
