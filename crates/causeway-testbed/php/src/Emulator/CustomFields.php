<?php

namespace Emulator;

use Illuminate\Database\Query\Builder;
use WHMCS\Database\Capsule;

/** Custom fields and their values, of clients, services and addons. */
final class CustomFields
{
    /** @param array[] $fields name, type, required, admin_only, options */
    public static function define(string $type, int $ownerId, array $fields): void
    {
        foreach ($fields as $position => $field) {
            $field = is_array($field) ? $field : ['name' => $field];
            self::create($type, $ownerId, Arguments::text($field, 'name'), [
                'fieldtype' => Arguments::text($field, 'type', 'text'),
                'description' => Arguments::text($field, 'description', ''),
                'fieldoptions' => implode(',', (array) ($field['options'] ?? [])),
                'required' => empty($field['required']) ? '' : 'on',
                'adminonly' => empty($field['admin_only']) ? '' : 'on',
                'showorder' => empty($field['admin_only']) ? 'on' : '',
                'sortorder' => (int) $position,
            ]);
        }
    }

    /** Makes a field in one statement unless there is one of this name: of two requests at once, one makes it. */
    public static function create(string $type, int $ownerId, string $name, array $columns): int
    {
        $same = ['type' => $type, 'relid' => $ownerId, 'fieldname' => $name];
        $row = $same + ['created_at' => Clock::now(), 'updated_at' => Clock::now()] + $columns;
        $values = Capsule::connection()->query()
            ->selectRaw(implode(', ', array_fill(0, count($row), '?')), array_values($row))
            ->whereNotExists(static function (Builder $query) use ($same): void {
                $query->selectRaw('1')->from('tblcustomfields')->where($same);
            });
        Database::table('tblcustomfields')->insertUsing(array_keys($row), $values);

        return (int) Database::table('tblcustomfields')->where($same)->min('id');
    }

    /** "key|Label" is known to modules as "key". */
    public static function key(string $fieldName): string
    {
        return trim(explode('|', $fieldName, 2)[0]);
    }

    public static function label(string $fieldName): string
    {
        $parts = explode('|', $fieldName, 2);

        return trim($parts[1] ?? $parts[0]);
    }

    /** The fields of a product, an addon or clients, as rows of tblcustomfields. */
    public static function of(string $type, int $ownerId): array
    {
        return Database::table('tblcustomfields')
            ->where('type', $type)->where('relid', $ownerId)
            ->orderBy('sortorder')->orderBy('id')->get()->all();
    }

    public static function find(string $type, int $ownerId, string $name)
    {
        foreach (self::of($type, $ownerId) as $field) {
            if (strcasecmp($field->fieldname, $name) === 0 || strcasecmp(self::key($field->fieldname), $name) === 0 || strcasecmp(self::label($field->fieldname), $name) === 0) {
                return $field;
            }
        }

        return null;
    }

    public static function value(int $fieldId, int $relId): string
    {
        return (string) Database::table('tblcustomfieldsvalues')->where('fieldid', $fieldId)->where('relid', $relId)->value('value');
    }

    public static function save(int $fieldId, int $relId, string $value): void
    {
        $row = Database::table('tblcustomfieldsvalues')->where('fieldid', $fieldId)->where('relid', $relId);
        if ($row->exists()) {
            $row->update(['value' => $value, 'updated_at' => Clock::now()]);
        } else {
            Database::insert('tblcustomfieldsvalues', [
                'fieldid' => $fieldId, 'relid' => $relId, 'value' => $value, 'created_at' => Clock::now(), 'updated_at' => Clock::now(),
            ]);
        }
    }

    /** Values given by field name or id. */
    public static function saveAll(string $type, int $ownerId, int $relId, array $values): void
    {
        foreach ($values as $name => $value) {
            $field = is_int($name) || ctype_digit((string) $name)
                ? Database::table('tblcustomfields')->where('id', (int) $name)->first()
                : self::find($type, $ownerId, (string) $name);
            if ($field === null) {
                throw new UsageError("there is no custom field \"$name\"");
            }
            self::save((int) $field->id, $relId, self::afterHooks((int) $field->id, $relId, (string) $value));
        }
    }

    /** The value that is saved: hooks may give another. */
    public static function afterHooks(int $fieldId, int $relId, string $value): string
    {
        foreach (Hooks::run('CustomFieldSave', ['fieldid' => $fieldId, 'relid' => $relId, 'value' => $value]) as $answer) {
            if (is_array($answer) && isset($answer['value'])) {
                $value = (string) $answer['value'];
            }
        }

        return $value;
    }

    /** A service that moves to another product keeps the values of the fields that both products have by the same name. */
    public static function carryOver(Subject $subject, int $newProductId): void
    {
        $fields = (int) $subject->product->id === $newProductId ? [] : self::of('product', (int) $subject->product->id);
        foreach ($fields as $field) {
            $same = Database::table('tblcustomfields')->where('type', 'product')->where('relid', $newProductId)->where('fieldname', $field->fieldname)->value('id');
            if ($same !== null) {
                self::save((int) $same, $subject->serviceId(), self::value((int) $field->id, $subject->serviceId()));
            }
        }
    }

    /** Values by key, as modules get them in $params['customfields']. */
    public static function forModule(Subject $subject): array
    {
        $values = [];
        foreach (self::of($subject->customFieldType(), (int) $subject->product->id) as $field) {
            $values[self::key($field->fieldname)] = self::value((int) $field->id, $subject->ownId());
        }

        return $values;
    }
}
