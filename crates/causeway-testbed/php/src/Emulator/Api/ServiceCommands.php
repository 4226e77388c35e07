<?php

namespace Emulator\Api;

use Emulator\BillingCycle;
use Emulator\Cancellations;
use Emulator\Clients;
use Emulator\Clock;
use Emulator\ConfigurableOptions;
use Emulator\CustomFields;
use Emulator\Database;
use Emulator\Hooks;
use Emulator\LocalApi;
use Emulator\Missing;
use Emulator\Money;
use Emulator\Secrets;
use Emulator\Subject;
use Emulator\Upgrades;
use Emulator\UsageError;

final class ServiceCommands
{
    const UPDATED_COLUMNS = [
        'pid' => 'packageid', 'serverid' => 'server', 'regdate' => 'regdate', 'nextduedate' => 'nextduedate', 'terminationdate' => 'termination_date',
        'domain' => 'domain', 'firstpaymentamount' => 'firstpaymentamount', 'recurringamount' => 'amount', 'paymentmethod' => 'paymentmethod',
        'billingcycle' => 'billingcycle', 'subscriptionid' => 'subscriptionid', 'status' => 'domainstatus', 'notes' => 'notes', 'serviceusername' => 'username',
        'overidesuspenduntil' => 'overidesuspenduntil', 'ns1' => 'ns1', 'ns2' => 'ns2', 'dedicatedip' => 'dedicatedip', 'assignedips' => 'assignedips',
        'diskusage' => 'diskusage', 'disklimit' => 'disklimit', 'bwusage' => 'bwusage', 'bwlimit' => 'bwlimit', 'suspendreason' => 'suspendreason', 'promoid' => 'promoid',
    ];

    public static function subject(array $values): Subject
    {
        $id = (int) ($values['serviceid'] ?? $values['accountid'] ?? 0);
        if ($id === 0) {
            throw new UsageError('Service ID is required');
        }
        if (!Database::table('tblhosting')->where('id', $id)->exists()) {
            throw new UsageError('Service ID Not Found');
        }

        return Subject::find($id);
    }

    public static function getClientsProducts(array $values): array
    {
        $query = Database::table('tblhosting')->orderBy('id');
        foreach (['clientid' => 'userid', 'serviceid' => 'id', 'pid' => 'packageid', 'domain' => 'domain', 'username2' => 'username'] as $name => $column) {
            if (isset($values[$name]) && $values[$name] !== '') {
                $query->where($column, $values[$name]);
            }
        }
        $all = $query->pluck('id')->all();
        $start = (int) ($values['limitstart'] ?? 0);
        $products = [];
        foreach (array_slice($all, $start, (int) ($values['limitnum'] ?? 25)) as $id) {
            $products[] = self::product(Subject::find((int) $id));
        }

        return [
            'clientid' => $values['clientid'] ?? null, 'serviceid' => $values['serviceid'] ?? null, 'pid' => $values['pid'] ?? null, 'domain' => $values['domain'] ?? null,
            'totalresults' => (string) count($all), 'startnumber' => $start, 'numreturned' => count($products), 'products' => ['product' => $products],
        ];
    }

    private static function product(Subject $subject): array
    {
        $service = $subject->service;
        $server = Database::table('tblservers')->where('id', $service->server)->first();
        $group = (string) Database::table('tblproductgroups')->where('id', $subject->product->gid)->value('name');
        $gateway = (string) Database::table('tblpaymentgateways')->where('gateway', $service->paymentmethod)->where('setting', 'name')->value('value');
        $row = LocalApi::strings([
            'id' => (int) $service->id, 'qty' => (int) $service->qty, 'clientid' => (int) $service->userid, 'orderid' => (int) $service->orderid,
            'ordernumber' => (string) Database::table('tblorders')->where('id', $service->orderid)->value('ordernum'), 'pid' => (int) $service->packageid,
            'regdate' => $service->regdate, 'name' => $subject->productName(), 'translated_name' => $subject->productName(), 'groupname' => $group, 'translated_groupname' => $group,
            'domain' => $service->domain, 'dedicatedip' => $service->dedicatedip, 'serverid' => (int) $service->server, 'servername' => $server->name ?? '',
            'serverip' => $server->ipaddress ?? '', 'serverhostname' => $server->hostname ?? '', 'suspensionreason' => $service->suspendreason,
            'firstpaymentamount' => Money::of($service->firstpaymentamount), 'recurringamount' => Money::of($service->amount), 'paymentmethod' => $service->paymentmethod,
            'paymentmethodname' => $gateway, 'billingcycle' => $service->billingcycle, 'nextduedate' => $service->nextduedate, 'status' => $service->domainstatus,
            'username' => $service->username, 'password' => Secrets::decrypt((string) $service->password), 'subscriptionid' => $service->subscriptionid, 'promoid' => (int) $service->promoid,
            'overideautosuspend' => (int) $service->overideautosuspend === 1 ? 'on' : '', 'overidesuspenduntil' => $service->overidesuspenduntil, 'ns1' => $service->ns1, 'ns2' => $service->ns2,
            'assignedips' => $service->assignedips, 'notes' => $service->notes, 'diskusage' => (int) $service->diskusage, 'disklimit' => (int) $service->disklimit,
            'bwusage' => (int) $service->bwusage, 'bwlimit' => (int) $service->bwlimit, 'lastupdate' => $service->lastupdate,
        ]);
        $row['customfields'] = ['customfield' => []];
        foreach (CustomFields::of('product', (int) $service->packageid) as $field) {
            $row['customfields']['customfield'][] = [
                'id' => (string) $field->id, 'name' => CustomFields::key($field->fieldname), 'translated_name' => CustomFields::label($field->fieldname),
                'value' => CustomFields::value((int) $field->id, $subject->serviceId()),
            ];
        }
        $row['configoptions'] = ['configoption' => []];
        $types = ['1' => 'dropdown', '2' => 'radio', '3' => 'yesno', '4' => 'quantity'];
        foreach (ConfigurableOptions::chosen($subject->serviceId()) as $option) {
            $row['configoptions']['configoption'][] = [
                'id' => (string) $option->configid, 'option' => CustomFields::label($option->optionname), 'type' => $types[(string) $option->optiontype] ?? 'dropdown',
                'value' => in_array((string) $option->optiontype, ['3', '4'], true) ? (string) $option->qty : CustomFields::label((string) $option->choicename),
            ];
        }

        return $row;
    }

    public static function getClientsAddons(array $values): array
    {
        $query = Database::table('tblhostingaddons')->orderBy('id');
        foreach (['clientid' => 'userid', 'serviceid' => 'hostingid', 'addonid' => 'addonid'] as $name => $column) {
            if (isset($values[$name])) {
                $query->where($column, $values[$name]);
            }
        }
        $addons = [];
        foreach ($query->get() as $row) {
            $name = (string) Database::table('tbladdons')->where('id', $row->addonid)->value('name');
            $addons[] = LocalApi::strings(['id' => (int) $row->id, 'qty' => (int) $row->qty, 'userid' => (int) $row->userid, 'orderid' => (int) $row->orderid,
                'serviceid' => (int) $row->hostingid, 'addonid' => (int) $row->addonid, 'name' => $row->name === '' ? $name : $row->name, 'setupfee' => $row->setupfee,
                'recurring' => $row->recurring, 'billingcycle' => $row->billingcycle, 'status' => $row->status, 'regdate' => $row->regdate, 'nextduedate' => $row->nextduedate,
                'nextinvoicedate' => $row->nextinvoicedate, 'paymentmethod' => $row->paymentmethod, 'notes' => $row->notes]);
        }

        return ['serviceid' => $values['serviceid'] ?? null, 'clientid' => $values['clientid'] ?? null, 'totalresults' => count($addons), 'addons' => ['addon' => $addons]];
    }

    public static function updateClientProduct(array $values): array
    {
        $subject = self::subject($values);
        $columns = [];
        foreach (self::UPDATED_COLUMNS as $name => $column) {
            if (isset($values[$name])) {
                $columns[$column] = $values[$name];
            }
        }
        if (isset($values['servicepassword'])) {
            $columns['password'] = Secrets::encrypt((string) $values['servicepassword']);
        }
        if (isset($values['overideautosuspend'])) {
            $columns['overideautosuspend'] = in_array($values['overideautosuspend'], ['on', '1', 1, true], true) ? 1 : 0;
        }
        $unsettable = ['domain' => 'domain', 'serviceusername' => 'username', 'servicepassword' => 'password', 'subscriptionid' => 'subscriptionid', 'ns1' => 'ns1', 'ns2' => 'ns2',
            'dedicatedip' => 'dedicatedip', 'assignedips' => 'assignedips', 'notes' => 'notes', 'suspendreason' => 'suspendreason'];
        foreach ((array) ($values['unset'] ?? []) as $name) {
            if (isset($unsettable[$name])) {
                $columns[$unsettable[$name]] = '';
            }
        }
        Hooks::run('PreServiceEdit', ['serviceid' => $subject->serviceId()]);
        $subject->update($columns);
        foreach (LocalApi::unpack($values['customfields'] ?? []) as $name => $value) {
            $field = is_numeric($name) ? Database::table('tblcustomfields')->where('id', $name)->first() : CustomFields::find('product', (int) $subject->service->packageid, (string) $name);
            if ($field !== null) {
                CustomFields::save((int) $field->id, $subject->serviceId(), (string) $value);
            }
        }
        if (isset($values['configoptions'])) {
            ConfigurableOptions::choose($subject->serviceId(), (int) $subject->service->packageid, LocalApi::unpack($values['configoptions']));
        }
        Hooks::run('ServiceEdit', ['userid' => (int) $subject->service->userid, 'serviceid' => $subject->serviceId()]);

        return ['serviceid' => (string) $subject->serviceId()];
    }

    public static function updateClientAddon(array $values): array
    {
        $id = (int) ($values['id'] ?? 0);
        if (!Database::table('tblhostingaddons')->where('id', $id)->exists()) {
            throw new UsageError('Addon ID Not Found');
        }
        $columns = ['status', 'nextduedate', 'nextinvoicedate', 'recurring', 'billingcycle', 'name', 'setupfee', 'notes', 'paymentmethod'];
        Database::table('tblhostingaddons')->where('id', $id)->update(array_intersect_key($values, array_flip($columns)) + ['updated_at' => Clock::now()]);

        return ['id' => $id];
    }

    public static function upgradeProduct(array $values): array
    {
        $subject = self::subject($values);
        $old = $subject->product;
        $newId = (int) ($values['newproductid'] ?? $subject->service->packageid);
        $new = Database::row('tblproducts', $newId);
        $cycle = (string) ($values['newproductbillingcycle'] ?? $subject->service->billingcycle);
        $options = ($values['type'] ?? 'product') === 'configoptions' ? (array) ($values['configoptions'] ?? []) : [];
        if (!empty($values['calconly'])) {
            Missing::report(Missing::API_COMMAND, 'UpgradeProduct with calconly');
        }
        $order = Upgrades::order($subject, $newId, $cycle, $options);

        return [
            'oldproductid' => (string) $old->id, 'oldproductname' => $old->name, 'newproductid' => $newId, 'newproductname' => $new->name,
            'newproductbillingcycle' => BillingCycle::key($cycle), 'price' => Money::display($order['amount'], Clients::currency((int) $subject->service->userid)),
            'id' => (string) $order['upgrade_id'], 'orderid' => $order['order_id'], 'invoiceid' => $order['invoice_id'],
        ];
    }

    public static function addCancelRequest(array $values): array
    {
        $subject = self::subject($values);
        if (Cancellations::isRequested($subject)) {
            throw new UsageError('Existing Cancellation Request Exists');
        }
        $type = in_array($values['type'] ?? '', Cancellations::TYPES, true) ? $values['type'] : 'Immediate';
        Cancellations::request($subject, $type, (string) ($values['reason'] ?? ''));

        return ['serviceid' => (string) $subject->serviceId(), 'userid' => (string) $subject->service->userid];
    }

    public static function getProducts(array $values): array
    {
        $query = Database::table('tblproducts')->orderBy('id');
        foreach (['pid' => 'id', 'gid' => 'gid', 'module' => 'servertype'] as $name => $column) {
            if (isset($values[$name])) {
                $query->where($column, $values[$name]);
            }
        }
        $products = [];
        foreach ($query->get() as $row) {
            $products[] = ['pid' => (string) $row->id, 'gid' => (string) $row->gid, 'type' => $row->type, 'name' => $row->name, 'description' => $row->description,
                'module' => $row->servertype, 'paytype' => $row->paytype, 'pricing' => [], 'customfields' => ['customfield' => []], 'configoptions' => ['configoption' => []]];
        }

        return ['totalresults' => count($products), 'products' => ['product' => $products]];
    }
}
