<?php

namespace WHMCS\Model;

use Emulator\Clock;
use Illuminate\Database\Eloquent\Model;
use Illuminate\Support\Str;

/** WHMCS's models: attributes answer by the column's name, by the column's camelCase name, and by WHMCS's own name. */
abstract class AbstractModel extends Model
{
    /** @var array<string, string> WHMCS's name => column */
    protected $columnMap = [];
    protected $guarded = [];

    public function getAttribute($key)
    {
        return parent::getAttribute($this->columnFor($key));
    }

    public function setAttribute($key, $value)
    {
        return parent::setAttribute($this->columnFor($key), $value);
    }

    private function columnFor($key)
    {
        if (!is_string($key)) {
            return $key;
        }
        if (isset($this->columnMap[$key])) {
            return $this->columnMap[$key];
        }
        if (array_key_exists($key, $this->attributes) || method_exists($this, $key) || $this->hasGetMutator($key)) {
            return $key;
        }
        foreach ([strtolower($key), Str::snake($key)] as $column) {
            if (array_key_exists($column, $this->attributes)) {
                return $column;
            }
        }

        return $key;
    }

    public function freshTimestampString()
    {
        return Clock::now();
    }

    public function getDates()
    {
        return [];
    }
}
