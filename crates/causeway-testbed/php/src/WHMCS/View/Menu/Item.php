<?php

namespace WHMCS\View\Menu;

/** A node of a navigation bar or sidebar. */
class Item
{
    /** @var string */
    private $name;
    /** @var array<string, mixed> */
    private $values = ['label' => '', 'uri' => '', 'icon' => '', 'order' => 0, 'badge' => '', 'bodyHtml' => '', 'footerHtml' => '', 'class' => '', 'attributes' => [], 'disabled' => false, 'current' => false];
    /** @var Item[] */
    private $children = [];
    /** @var Item|null */
    private $parent;

    public function __construct($name, array $options = [])
    {
        $this->name = (string) $name;
        $this->values = array_intersect_key($options, $this->values) + $this->values;
    }

    public function getName()
    {
        return $this->name;
    }

    public function addChild($child, array $options = [])
    {
        $item = $child instanceof self ? $child : new self($child, $options);
        $item->parent = $this;
        $this->children[$item->getName()] = $item;

        return $item;
    }

    public function getChild($name)
    {
        return $this->children[$name] ?? null;
    }

    public function getChildren()
    {
        return $this->children;
    }

    public function hasChildren()
    {
        return $this->children !== [];
    }

    public function removeChild($name)
    {
        unset($this->children[$name instanceof self ? $name->getName() : $name]);

        return $this;
    }

    public function getParent()
    {
        return $this->parent;
    }

    public function disable()
    {
        return $this->set('disabled', true);
    }

    public function enable()
    {
        return $this->set('disabled', false);
    }

    public function moveToFront()
    {
        return $this->set('order', -1000);
    }

    public function moveToBack()
    {
        return $this->set('order', 1000);
    }

    private function set(string $name, $value): self
    {
        $this->values[$name] = $value;

        return $this;
    }

    /** getLabel(), setLabel(…), getUri(), setOrder(…), … */
    public function __call($method, $arguments)
    {
        $name = lcfirst(substr($method, 3));
        if (strncmp($method, 'set', 3) === 0 && array_key_exists($name, $this->values)) {
            return $this->set($name, $arguments[0] ?? null);
        }
        if (strncmp($method, 'get', 3) === 0 && array_key_exists($name, $this->values)) {
            return $this->values[$name];
        }
        \Emulator\Missing::report(\Emulator\Missing::METHOD, self::class . "::$method");
        throw new \BadMethodCallException("the emulator lacks $method on a menu item");
    }
}
