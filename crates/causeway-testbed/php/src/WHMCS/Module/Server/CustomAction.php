<?php

namespace WHMCS\Module\Server;

/** A button on the client's home page and in the Actions sidebar. */
class CustomAction
{
    private $identifier;
    private $display;
    private $callable;
    private $params;
    private $permissions;
    private $active;

    public static function factory(string $identifier, string $display, callable $callable, array $params = [], array $permissions = [], bool $active = true): self
    {
        $action = new static();
        $action->identifier = $identifier;
        $action->display = $display;
        $action->callable = $callable;
        $action->params = $params;
        $action->permissions = $permissions;
        $action->active = $active;

        return $action;
    }

    public function getIdentifier()
    {
        return $this->identifier;
    }

    public function getDisplay()
    {
        return $this->display;
    }

    public function isActive()
    {
        return $this->active;
    }

    public function invokeCallable()
    {
        return call_user_func_array($this->callable, $this->params);
    }

    public function toArray()
    {
        return ['identifier' => $this->identifier, 'display' => $this->display, 'permissions' => $this->permissions, 'active' => $this->active];
    }
}
