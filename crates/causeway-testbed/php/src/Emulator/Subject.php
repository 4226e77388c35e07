<?php

namespace Emulator;

use WHMCS\Service\Addon;
use WHMCS\Service\Service;

/** What a module call is about: a service, or a product addon of one. */
final class Subject
{
    /** @var object the row of tblhosting */
    public $service;
    /** @var object|null the row of tblhostingaddons */
    public $addon;
    /** @var object the row of tblproducts or tbladdons */
    public $product;

    private function __construct($service, $addon)
    {
        $this->service = $service;
        $this->addon = $addon;
        $this->product = $addon === null
            ? Database::row('tblproducts', (int) $service->packageid)
            : Database::row('tbladdons', (int) $addon->addonid);
    }

    public static function find(int $serviceId, ?int $addonId = null): self
    {
        $addon = $addonId === null ? null : Database::row('tblhostingaddons', $addonId);
        if ($addon !== null && (int) $addon->hostingid !== $serviceId) {
            throw new UsageError("addon $addonId belongs to service {$addon->hostingid}, not to $serviceId");
        }

        return new self(Database::row('tblhosting', $serviceId), $addon);
    }

    public static function ofAddon(int $addonId): self
    {
        return self::find((int) Database::row('tblhostingaddons', $addonId)->hostingid, $addonId);
    }

    public static function fromArguments(array $arguments): self
    {
        return self::find(Arguments::id($arguments, 'service_id'), Arguments::optionalId($arguments, 'addon_id'));
    }

    public function isAddon(): bool
    {
        return $this->addon !== null;
    }

    public function serviceId(): int
    {
        return (int) $this->service->id;
    }

    public function addonId(): ?int
    {
        return $this->addon === null ? null : (int) $this->addon->id;
    }

    /** The id under which custom field values and queue entries are kept. */
    public function ownId(): int
    {
        return $this->addonId() ?? $this->serviceId();
    }

    public function module(): string
    {
        return (string) ($this->isAddon() ? $this->product->module : $this->product->servertype);
    }

    public function autosetup(): string
    {
        return (string) ($this->isAddon() ? $this->product->autoactivate : $this->product->autosetup);
    }

    /** The type of custom fields that describe this: WHMCS's words for tblcustomfields.type. */
    public function customFieldType(): string
    {
        return $this->isAddon() ? 'addon' : 'product';
    }

    public function row()
    {
        return $this->addon ?? $this->service;
    }

    public function status(): string
    {
        return (string) ($this->isAddon() ? $this->addon->status : $this->service->domainstatus);
    }

    public function setStatus(string $status): void
    {
        $this->update([$this->isAddon() ? 'status' : 'domainstatus' => $status]);
    }

    public function update(array $columns): void
    {
        Database::table($this->isAddon() ? 'tblhostingaddons' : 'tblhosting')
            ->where('id', $this->ownId())
            ->update($columns + ['updated_at' => Clock::now()]);
        $this->refresh();
    }

    public function refresh(): void
    {
        $fresh = self::find($this->serviceId(), $this->addonId());
        $this->service = $fresh->service;
        $this->addon = $fresh->addon;
        $this->product = $fresh->product;
    }

    /** @return Service|Addon what modules get as $params['model'] */
    public function model()
    {
        return $this->isAddon() ? Addon::findOrFail($this->addonId()) : Service::findOrFail($this->serviceId());
    }

    /** WHMCS's word in the invoice item's type column. */
    public function invoiceItemType(): string
    {
        return $this->isAddon() ? 'Addon' : 'Hosting';
    }

    public function recurringAmount(): string
    {
        return Money::of($this->isAddon() ? $this->addon->recurring : $this->service->amount);
    }

    public function productName(): string
    {
        return (string) $this->product->name;
    }

    public function describe(): string
    {
        $text = "Service ID: {$this->serviceId()}";

        return $this->isAddon() ? "$text - Addon ID: {$this->addonId()}" : $text;
    }
}
