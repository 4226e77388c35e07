<?php

namespace Emulator;

/** What a customer chooses when ordering: WHMCS's configurable options. */
final class ConfigurableOptions
{
    const TYPES = ['dropdown' => '1', 'radio' => '2', 'yesno' => '3', 'quantity' => '4'];

    public static function define(int $productId, array $options): void
    {
        if ($options === []) {
            return;
        }
        $group = Database::insert('tblproductconfiggroups', ['name' => "Options of product $productId"]);
        Database::insert('tblproductconfiglinks', ['gid' => $group, 'pid' => $productId]);
        foreach (array_values($options) as $order => $option) {
            $id = Database::insert('tblproductconfigoptions', [
                'gid' => $group,
                'optionname' => Arguments::text($option, 'name'),
                'optiontype' => self::TYPES[Arguments::text($option, 'type', 'dropdown')] ?? '1',
                'qtymaximum' => (int) ($option['maximum'] ?? 0),
                'order' => $order,
            ]);
            foreach (array_values($option['choices'] ?? []) as $sort => $choice) {
                $choice = is_array($choice) ? $choice : ['name' => $choice];
                $choiceId = Database::insert('tblproductconfigoptionssub', [
                    'configid' => $id, 'optionname' => Arguments::text($choice, 'name'), 'sortorder' => $sort,
                ]);
                Catalogue::price('configoptions', $choiceId, Arguments::money($choice, 'price'), '0');
            }
        }
    }

    /** @return object[] rows of tblproductconfigoptions that belong to a product */
    public static function ofProduct(int $productId): array
    {
        return Database::table('tblproductconfigoptions')
            ->join('tblproductconfiglinks', 'tblproductconfiglinks.gid', '=', 'tblproductconfigoptions.gid')
            ->where('tblproductconfiglinks.pid', $productId)
            ->orderBy('tblproductconfigoptions.order')->orderBy('tblproductconfigoptions.id')
            ->get(['tblproductconfigoptions.*'])->all();
    }

    /** Stores a service's choices, by option name or id; what is not chosen keeps its value, or takes the first choice. */
    public static function choose(int $serviceId, int $productId, array $chosen): void
    {
        $options = self::ofProduct($productId);
        foreach (array_keys($chosen) as $name) {
            if (self::among($options, (string) $name) === null) {
                throw new UsageError("product $productId has no configurable option \"$name\"");
            }
        }
        foreach ($options as $option) {
            $given = $chosen[$option->optionname] ?? $chosen[CustomFields::key($option->optionname)] ?? $chosen[$option->id] ?? null;
            $kept = Database::table('tblhostingconfigoptions')->where('relid', $serviceId)->where('configid', $option->id);
            if ($given === null && $kept->exists()) {
                continue;
            }
            [$choiceId, $quantity] = self::choice($option, $given);
            $kept->delete();
            Database::insert('tblhostingconfigoptions', ['relid' => $serviceId, 'configid' => $option->id, 'optionid' => $choiceId, 'qty' => $quantity]);
        }
        Database::table('tblhostingconfigoptions')->where('relid', $serviceId)
            ->whereNotIn('configid', array_column($options, 'id'))->delete();
    }

    private static function among(array $options, string $name)
    {
        foreach ($options as $option) {
            if ($name === (string) $option->id || $name === $option->optionname || $name === CustomFields::key($option->optionname)) {
                return $option;
            }
        }

        return null;
    }

    private static function choice($option, $given): array
    {
        $choices = Database::table('tblproductconfigoptionssub')->where('configid', $option->id)->orderBy('sortorder')->get()->all();
        $first = $choices === [] ? 0 : (int) $choices[0]->id;
        if (in_array((string) $option->optiontype, ['3', '4'], true)) {
            return [$first, (int) (is_array($given) ? ($given['qty'] ?? 0) : $given)];
        }
        if ($given === null) {
            return [$first, 0];
        }
        foreach ($choices as $choice) {
            if ((string) $given === (string) $choice->id || $given === $choice->optionname || $given === CustomFields::key($choice->optionname)) {
                return [(int) $choice->id, 0];
            }
        }
        throw new UsageError("the configurable option \"{$option->optionname}\" has no choice \"$given\"");
    }

    /** Choices by option name, as modules get them in $params['configoptions']. */
    public static function forModule(Subject $subject): array
    {
        $values = [];
        foreach (self::chosen($subject->serviceId()) as $row) {
            $isNumber = in_array((string) $row->optiontype, ['3', '4'], true);
            $values[CustomFields::key($row->optionname)] = $isNumber ? (int) $row->qty : CustomFields::key((string) $row->choicename);
        }

        return $subject->isAddon() ? [] : $values;
    }

    public static function chosen(int $serviceId): array
    {
        return Database::table('tblhostingconfigoptions')
            ->join('tblproductconfigoptions', 'tblproductconfigoptions.id', '=', 'tblhostingconfigoptions.configid')
            ->leftJoin('tblproductconfigoptionssub', 'tblproductconfigoptionssub.id', '=', 'tblhostingconfigoptions.optionid')
            ->where('tblhostingconfigoptions.relid', $serviceId)
            ->orderBy('tblproductconfigoptions.order')->orderBy('tblproductconfigoptions.id')
            ->get(['tblhostingconfigoptions.*', 'tblproductconfigoptions.optionname', 'tblproductconfigoptions.optiontype', 'tblproductconfigoptionssub.optionname as choicename'])
            ->all();
    }

    /** What a service's choices add to its recurring price. */
    public static function recurringPrice(int $serviceId, int $currencyId, string $cycle): string
    {
        $sum = 0.0;
        foreach (self::chosen($serviceId) as $row) {
            $price = (float) Catalogue::priceOf('configoptions', (int) $row->optionid, $currencyId, $cycle)['recurring'];
            $sum += in_array((string) $row->optiontype, ['3', '4'], true) ? $price * (int) $row->qty : $price;
        }

        return Money::of($sum);
    }
}
