<?php

namespace Emulator;

use Throwable;
use WHMCS\Config\Setting;

/** What staff set up before anybody can order: servers, products, product addons, prices. */
final class Catalogue
{
    public static function addServer(array $arguments): array
    {
        $module = Arguments::text($arguments, 'module');
        self::showServerForm($module);
        $id = Database::insert('tblservers', [
            'name' => Arguments::text($arguments, 'name', 'Server'),
            'type' => $module,
            'hostname' => Arguments::text($arguments, 'hostname', ''),
            'ipaddress' => Arguments::text($arguments, 'ipaddress', ''),
            'username' => Arguments::text($arguments, 'username', ''),
            'password' => Secrets::encrypt(Arguments::text($arguments, 'password', '')),
            'accesshash' => Arguments::text($arguments, 'accesshash', ''),
            'secure' => empty($arguments['secure']) ? '' : 'on',
            'port' => isset($arguments['port']) && $arguments['port'] !== '' ? (int) $arguments['port'] : null,
        ]);
        Hooks::run('ServerAdd', ['serverid' => $id]);

        return ['server_id' => $id];
    }

    /** Before staff can save the form they have seen it, with every module loaded; some make themselves active there. */
    private static function showServerForm(string $module): void
    {
        if (!is_file(Modules::folder($module) . "/$module.php")) {
            return;
        }
        try {
            Modules::load($module);
        } catch (Throwable $error) {
            // The record has it; the form is shown all the same.
            return;
        }
        Hooks::loadFilesOfModules();
    }

    public static function addProduct(array $arguments): array
    {
        $cycle = Arguments::text($arguments, 'billing_cycle', 'monthly');
        $module = Arguments::text($arguments, 'module', '');
        $name = Arguments::text($arguments, 'name');
        $id = Database::insert('tblproducts', [
            'type' => Arguments::text($arguments, 'type', 'other'),
            'name' => $name,
            'slug' => strtolower(preg_replace('/[^A-Za-z0-9]+/', '-', $name)),
            'description' => Arguments::text($arguments, 'description', ''),
            'autosetup' => Arguments::text($arguments, 'autosetup', ''),
            'servertype' => $module,
            'servergroup' => self::serverGroup(Arguments::optionalId($arguments, 'server_id')),
            'paytype' => ['free' => 'free', 'onetime' => 'onetime'][BillingCycle::key($cycle)] ?? 'recurring',
            'welcomeemail' => Emails::templateFor($arguments['welcome_email'] ?? false, $name),
            'showdomainoptions' => 1,
            'configoptionsupgrade' => 1,
            'created_at' => Clock::now(),
            'updated_at' => Clock::now(),
        ] + self::optionColumns($arguments['options'] ?? []));
        Database::table('emulator_product_cycles')->insert(['product_id' => $id, 'cycle' => BillingCycle::key($cycle)]);
        self::price('product', $id, Arguments::money($arguments, 'recurring_amount'), Arguments::money($arguments, 'setup_fee'));
        ConfigurableOptions::define($id, (array) ($arguments['configurable_options'] ?? []));
        CustomFields::define('product', $id, (array) ($arguments['custom_fields'] ?? []));
        foreach ((array) ($arguments['upgrades_to'] ?? []) as $upgrade) {
            Database::insert('tblproduct_upgrade_products', ['product_id' => $id, 'upgrade_product_id' => (int) $upgrade]);
        }
        self::activateHooksOf($module);

        return ['product_id' => $id];
    }

    public static function addProductAddon(array $arguments): array
    {
        $module = Arguments::text($arguments, 'module', '');
        $name = Arguments::text($arguments, 'name');
        $id = Database::insert('tbladdons', [
            'name' => $name,
            'packages' => implode(',', (array) ($arguments['for_products'] ?? [])),
            'billingcycle' => BillingCycle::key(Arguments::text($arguments, 'billing_cycle', 'monthly')),
            'autoactivate' => Arguments::text($arguments, 'autosetup', ''),
            'type' => Arguments::text($arguments, 'type', 'other'),
            'module' => $module,
            'showorder' => 1,
            'server_group_id' => self::serverGroup(Arguments::optionalId($arguments, 'server_id')),
            'welcomeemail' => Emails::templateFor($arguments['welcome_email'] ?? false, $name),
            'created_at' => Clock::now(),
            'updated_at' => Clock::now(),
        ]);
        foreach (self::optionColumns($arguments['options'] ?? []) as $column => $value) {
            Database::insert('tblmodule_configuration', [
                'entity_type' => 'addon', 'entity_id' => $id, 'setting_name' => $column, 'friendly_name' => $column, 'value' => $value,
                'created_at' => Clock::now(), 'updated_at' => Clock::now(),
            ]);
        }
        self::price('addon', $id, Arguments::money($arguments, 'recurring_amount'), Arguments::money($arguments, 'setup_fee'));
        CustomFields::define('addon', $id, (array) ($arguments['custom_fields'] ?? []));
        self::activateHooksOf($module);

        return ['addon_id' => $id];
    }

    public static function saveProductOptions(array $arguments): array
    {
        $id = Arguments::id($arguments, 'product_id');
        ProductForm::save($id);
        Database::table('tblproducts')->where('id', $id)->update(self::optionColumns($arguments['options'] ?? []) + ['updated_at' => Clock::now()]);
        Hooks::run('ProductEdit', (array) Database::row('tblproducts', $id) + ['pid' => $id]);
        Hooks::run('AdminProductConfigFieldsSave', ['pid' => $id]);

        return [];
    }

    /** Options given as an ordered list, or by configoptionN. */
    private static function optionColumns(array $options): array
    {
        $columns = [];
        $position = 0;
        foreach ($options as $key => $value) {
            $position++;
            $column = preg_match('/^configoption([1-9]|1\d|2[0-4])$/', (string) $key) ? (string) $key : "configoption$position";
            if ($position > 24) {
                throw new UsageError('a product has at most 24 module options');
            }
            $columns[$column] = is_bool($value) ? ($value ? 'on' : '') : (string) $value;
        }

        return $columns;
    }

    private static function serverGroup(?int $serverId): int
    {
        if ($serverId === null) {
            return 0;
        }
        Database::row('tblservers', $serverId);
        $known = Database::table('tblservergroupsrel')->where('serverid', $serverId)->value('groupid');
        if ($known !== null) {
            return (int) $known;
        }
        $group = Database::insert('tblservergroups', ['name' => "Group of server $serverId"]);
        Database::insert('tblservergroupsrel', ['groupid' => $group, 'serverid' => $serverId]);

        return $group;
    }

    public static function serverOfGroup(int $groupId): int
    {
        return (int) Database::table('tblservergroupsrel')->where('groupid', $groupId)->orderBy('id')->value('serverid');
    }

    /** Sets a price in every currency by its rate. Every cycle has the same price: a product here is sold in one. */
    public static function price(string $type, int $id, string $amount, string $setupFee): void
    {
        foreach (Database::table('tblcurrencies')->get() as $currency) {
            $row = ['type' => $type, 'currency' => $currency->id, 'relid' => $id];
            foreach (array_keys(BillingCycle::MONTHS) as $cycle) {
                $row[$cycle] = Money::of($amount * (float) $currency->rate);
                $row[BillingCycle::setupFeeColumn($cycle)] = Money::of($setupFee * (float) $currency->rate);
            }
            Database::insert('tblpricing', $row);
        }
    }

    /** @return array{recurring: string, setup: string} */
    public static function priceOf(string $type, int $id, int $currencyId, string $cycle): array
    {
        $row = Database::table('tblpricing')->where('type', $type)->where('relid', $id)->where('currency', $currencyId)->first();
        if ($row === null || BillingCycle::key($cycle) === 'free') {
            return ['recurring' => '0.00', 'setup' => '0.00'];
        }

        return ['recurring' => Money::of($row->{BillingCycle::priceColumn($cycle)}), 'setup' => Money::of($row->{BillingCycle::setupFeeColumn($cycle)})];
    }

    /** A module's hooks.php is loaded on every page from the moment a product uses the module. */
    private static function activateHooksOf(string $module): void
    {
        if ($module === '' || !is_file(Modules::folder($module) . '/hooks.php')) {
            return;
        }
        $active = array_filter(explode(',', (string) Setting::getValue('ModuleHooks')));
        if (!in_array($module, $active, true)) {
            Setting::setValue('ModuleHooks', implode(',', array_merge($active, [$module])));
        }
    }
}
