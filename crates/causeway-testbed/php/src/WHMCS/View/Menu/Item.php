<?php

namespace WHMCS\View\Menu;

/** A node of a navigation bar or sidebar. */
class Item
{
    /** @var string */
    private $name;
    /** @var array<string, mixed> */
    private $values = ['label' => '', 'uri' => '', 'icon' => '', 'order' => 0, 'badge' => '', 'bodyHtml' => '', 'footerHtml' => '', 'class' => '', 'attributes' => [], 'childrenAttributes' => [], 'linkAttributes' => [], 'extras' => [], 'headingHtml' => '', 'disabled' => false, 'current' => false];
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

    public function moveUp()
    {
        return $this->set('order', (int) $this->values['order'] - 15);
    }

    public function moveDown()
    {
        return $this->set('order', (int) $this->values['order'] + 15);
    }

    public function setAttribute($name, $value)
    {
        $this->values['attributes'][$name] = $value;

        return $this;
    }

    public function getAttribute($name, $default = null)
    {
        return $this->values['attributes'][$name] ?? $default;
    }

    public function setExtra($name, $value)
    {
        $this->values['extras'][$name] = $value;

        return $this;
    }

    public function getExtra($name, $default = null)
    {
        return $this->values['extras'][$name] ?? $default;
    }

    public function isDisabled()
    {
        return (bool) $this->values['disabled'];
    }

    public function isCurrent()
    {
        return (bool) $this->values['current'];
    }

    public function hasIcon()
    {
        return (string) $this->values['icon'] !== '';
    }

    public function hasBadge()
    {
        return (string) $this->values['badge'] !== '';
    }

    public function hasBodyHtml()
    {
        return (string) $this->values['bodyHtml'] !== '';
    }

    public function hasFooterHtml()
    {
        return (string) $this->values['footerHtml'] !== '';
    }

    public function getFirstChild()
    {
        return array_values($this->children)[0] ?? null;
    }

    public function getLastChild()
    {
        return array_values($this->children)[count($this->children) - 1] ?? null;
    }

    public function getRoot()
    {
        return $this->parent === null ? $this : $this->parent->getRoot();
    }

    public function count()
    {
        return count($this->children);
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
