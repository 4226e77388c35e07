<?php

namespace Emulator\Api;

use Emulator\BillingCycle;
use Emulator\Database;
use Emulator\Invoices;
use Emulator\LocalApi;
use Emulator\Orders;
use Emulator\Payments;
use Emulator\Secrets;
use Emulator\UsageError;

final class OrderCommands
{
    public static function addOrder(array $values): array
    {
        $clientId = (int) ($values['clientid'] ?? 0);
        if (!Database::table('tblclients')->where('id', $clientId)->exists()) {
            throw new UsageError('Client ID Not Found');
        }
        $at = static function (string $name, int $position) use ($values) {
            $value = $values[$name] ?? null;
            return is_array($value) ? ($value[$position] ?? null) : ($position === 0 ? $value : null);
        };
        $items = [];
        foreach ((array) ($values['pid'] ?? []) as $position => $pid) {
            $item = ['product_id' => (int) $pid, 'domain' => (string) $at('domain', $position)];
            if ($at('billingcycle', $position) !== null) {
                $item['billing_cycle'] = BillingCycle::key((string) $at('billingcycle', $position));
            }
            $item['custom_fields'] = LocalApi::unpack($at('customfields', $position) ?? []);
            $item['configurable_options'] = LocalApi::unpack($at('configoptions', $position) ?? []);
            $item['addons'] = array_filter(array_map('intval', explode(',', (string) $at('addons', $position))));
            $items[] = $item;
        }
        $addons = array_merge((array) ($values['addonid'] ?? []), (array) ($values['addonids'] ?? []));
        $services = array_merge((array) ($values['serviceid'] ?? []), (array) ($values['serviceids'] ?? []));
        foreach ($addons as $position => $addonId) {
            $items[] = ['service_id' => (int) ($services[$position] ?? 0), 'addons' => [(int) $addonId]];
        }
        $order = Orders::place($clientId, $items, (string) ($values['paymentmethod'] ?? 'mailin'), false);

        return [
            'orderid' => $order['order_id'], 'productids' => implode(',', $order['service_ids']), 'serviceids' => implode(',', $order['service_ids']),
            'addonids' => implode(',', $order['addon_service_ids']), 'domainids' => '', 'invoiceid' => $order['invoice_id'],
        ];
    }

    public static function acceptOrder(array $values): array
    {
        $order = self::order($values);
        if ($order->status !== 'Pending') {
            throw new UsageError('Order ID not found or Status not Pending');
        }
        $columns = array_filter([
            'server' => isset($values['serverid']) ? (int) $values['serverid'] : null,
            'username' => $values['serviceusername'] ?? null,
            'password' => isset($values['servicepassword']) ? Secrets::encrypt((string) $values['servicepassword']) : null,
        ], static function ($value): bool {
            return $value !== null;
        });
        if ($columns !== []) {
            Database::table('tblhosting')->where('orderid', $order->id)->update($columns);
        }
        Orders::accept((int) $order->id, isset($values['autosetup']) ? (bool) $values['autosetup'] : null);

        return [];
    }

    public static function cancelOrder(array $values): array
    {
        Orders::cancel((int) self::order($values)->id);

        return [];
    }

    private static function order(array $values)
    {
        $order = Database::table('tblorders')->where('id', (int) ($values['orderid'] ?? 0))->first();
        if ($order === null) {
            throw new UsageError('Order ID not found or Status not Pending');
        }

        return $order;
    }

    public static function getOrders(array $values): array
    {
        $query = Database::table('tblorders')->orderByDesc('id');
        foreach (['id' => 'id', 'userid' => 'userid', 'status' => 'status'] as $name => $column) {
            if (isset($values[$name])) {
                $query->where($column, $values[$name]);
            }
        }
        $orders = [];
        foreach ($query->get() as $row) {
            $items = [];
            foreach (Orders::subjects((int) $row->id) as $subject) {
                $items[] = ['type' => $subject->isAddon() ? 'addon' : 'product', 'relid' => (string) $subject->ownId(), 'product' => $subject->productName(),
                    'domain' => $subject->service->domain, 'status' => $subject->status()];
            }
            $orders[] = LocalApi::strings((array) $row) + ['lineitems' => ['lineitem' => $items]];
        }

        return ['totalresults' => count($orders), 'startnumber' => 0, 'numreturned' => count($orders), 'orders' => ['order' => $orders]];
    }

    public static function addInvoicePayment(array $values): array
    {
        $invoice = self::invoice($values);
        if ($invoice->status === 'Unpaid') {
            Payments::pay((int) $invoice->id, (string) ($values['transid'] ?? ''));
        }

        return [];
    }

    public static function getInvoice(array $values): array
    {
        $invoice = self::invoice($values);
        $items = [];
        foreach (Invoices::items((int) $invoice->id) as $item) {
            $items[] = LocalApi::strings(['id' => $item->id, 'type' => $item->type, 'relid' => $item->relid, 'description' => $item->description, 'amount' => $item->amount, 'taxed' => $item->taxed]);
        }

        return ['invoiceid' => (string) $invoice->id] + LocalApi::strings((array) $invoice) + ['items' => ['item' => $items]];
    }

    private static function invoice(array $values)
    {
        $invoice = Database::table('tblinvoices')->where('id', (int) ($values['invoiceid'] ?? 0))->first();
        if ($invoice === null) {
            throw new UsageError('Invoice ID Not Found');
        }

        return $invoice;
    }
}
