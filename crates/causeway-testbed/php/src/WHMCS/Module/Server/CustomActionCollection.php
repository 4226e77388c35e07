<?php

namespace WHMCS\Module\Server;

use Illuminate\Support\Collection;

class CustomActionCollection extends Collection
{
    public function add($item)
    {
        $this->items[] = $item;

        return $this;
    }
}
