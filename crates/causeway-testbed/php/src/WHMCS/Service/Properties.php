<?php

namespace WHMCS\Service;

use Emulator\CustomFields;
use Emulator\Secrets;
use Emulator\Subject;

/** Values kept for a service or an addon: in custom fields, and for a service's special names in core columns. */
class Properties
{
    const CORE_COLUMNS = [
        'username' => 'username', 'password' => 'password', 'domain' => 'domain', 'dedicated ip' => 'dedicatedip', 'disk usage' => 'diskusage',
        'disk limit' => 'disklimit', 'bandwidth usage' => 'bwusage', 'bandwidth limit' => 'bwlimit', 'last update' => 'lastupdate',
        // WHMCS's documentation says that a core field keeps the licence key, and not which. Taken to be the domain: the unkindest reading for a module.
        'license key' => 'domain',
    ];

    /** @var Subject */
    private $subject;
    /** @var Service|Addon */
    private $model;

    public function __construct(Subject $subject, $model)
    {
        $this->subject = $subject;
        $this->model = $model;
    }

    /** @param array $data name => value, or name => ['type' => …, 'value' => …] */
    public function save(array $data)
    {
        foreach ($data as $name => $value) {
            $type = is_array($value) ? (string) ($value['type'] ?? 'text') : 'text';
            $this->saveOne((string) $name, (string) (is_array($value) ? ($value['value'] ?? '') : $value), $type);
        }

        return true;
    }

    public function get($name)
    {
        $this->subject->refresh();
        $column = $this->coreColumn((string) $name);
        if ($column !== null) {
            $value = (string) $this->subject->service->$column;
            return $column === 'password' ? Secrets::decrypt($value) : $value;
        }
        $field = $this->field((string) $name);

        return $field === null ? '' : CustomFields::value((int) $field->id, $this->subject->ownId());
    }

    private function saveOne(string $name, string $value, string $type): void
    {
        $column = $this->coreColumn($name);
        if ($column !== null) {
            $stored = $column === 'password' ? Secrets::encrypt($value) : $value;
            $this->subject->update([$column => $stored]);
            $this->model->setAttribute($column, $stored);
            $this->model->syncOriginalAttribute($column);
            return;
        }
        $field = $this->field($name);
        $id = $field === null
            ? CustomFields::create($this->subject->customFieldType(), (int) $this->subject->product->id, $name, ['fieldtype' => $type, 'adminonly' => 'on'])
            : (int) $field->id;
        CustomFields::save($id, $this->subject->ownId(), $value);
    }

    private function field(string $name)
    {
        return CustomFields::find($this->subject->customFieldType(), (int) $this->subject->product->id, $name);
    }

    /** Only services have core columns; on an addon every name is a custom field. */
    private function coreColumn(string $name): ?string
    {
        return $this->subject->isAddon() ? null : (self::CORE_COLUMNS[strtolower($name)] ?? null);
    }
}
