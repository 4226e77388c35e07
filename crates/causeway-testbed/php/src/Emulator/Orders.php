<?php

namespace Emulator;

/** Orders: what a client puts in the cart, and what staff accept. */
final class Orders
{
    public static function placeByCommand(array $arguments): array
    {
        $items = (array) ($arguments['items'] ?? []);
        $method = Arguments::text($arguments, 'payment_method', 'mailin');
        self::fillCart($items);
        foreach (Hooks::run('ShoppingCartValidateCheckout', ['paymentmethod' => $method, 'promocode' => '']) as $errors) {
            $errors = array_filter((array) $errors);
            if ($errors !== []) {
                throw new UsageError('a hook of ShoppingCartValidateCheckout refuses: ' . implode(' ', $errors));
            }
        }

        return self::place(Arguments::id($arguments, 'client_id'), $items, $method, true);
    }

    /** The cart as hooks find it in the session. */
    private static function fillCart(array $items): void
    {
        $products = [];
        foreach ($items as $item) {
            if (!isset($item['product_id'])) {
                continue;
            }
            $fields = [];
            foreach ((array) ($item['custom_fields'] ?? []) as $name => $value) {
                $field = CustomFields::find('product', (int) $item['product_id'], (string) $name);
                $fields[$field === null ? $name : (int) $field->id] = $value;
            }
            $products[] = [
                'pid' => (int) $item['product_id'], 'domain' => (string) ($item['domain'] ?? ''), 'billingcycle' => (string) ($item['billing_cycle'] ?? ''),
                'configoptions' => (array) ($item['configurable_options'] ?? []), 'customfields' => $fields, 'addons' => (array) ($item['addons'] ?? []), 'server' => [],
            ];
        }
        $_SESSION['cart'] = ['products' => $products];
    }

    /** @param bool $automatic false when the order comes through the API, which never sets up by itself */
    public static function place(int $clientId, array $items, string $paymentMethod, bool $automatic): array
    {
        $client = Database::row('tblclients', $clientId);
        $orderId = Database::insert('tblorders', [
            'ordernum' => random_int(1000000000, 9999999999), 'userid' => $clientId, 'date' => Clock::now(), 'paymentmethod' => $paymentMethod,
            'ipaddress' => '127.0.0.1', 'requestor_id' => $clientId,
        ]);
        $subjects = [];
        foreach ($items as $item) {
            $service = isset($item['service_id']) ? Subject::find((int) $item['service_id']) : self::addService($client, $orderId, $item, $paymentMethod);
            if (!isset($item['service_id'])) {
                $subjects[] = $service;
            }
            foreach ((array) ($item['addons'] ?? []) as $addonId) {
                $subjects[] = self::addAddon($client, $orderId, $service, (int) $addonId, $paymentMethod);
            }
        }
        $invoiceId = Invoices::createForOrder($clientId, $subjects, $paymentMethod);
        $total = $invoiceId === null ? '0.00' : Database::row('tblinvoices', $invoiceId)->total;
        Database::table('tblorders')->where('id', $orderId)->update(['invoiceid' => $invoiceId ?? 0, 'amount' => $total]);
        $serviceIds = self::ids($subjects, false);
        $addonIds = self::ids($subjects, true);
        Hooks::run('AfterShoppingCartCheckout', [
            'OrderID' => $orderId, 'OrderNumber' => Database::row('tblorders', $orderId)->ordernum, 'ServiceIDs' => $serviceIds, 'AddonIDs' => $addonIds,
            'DomainIDs' => [], 'RenewalIDs' => [], 'PaymentMethod' => $paymentMethod, 'InvoiceID' => $invoiceId, 'TotalDue' => $total,
        ]);
        if ($automatic) {
            foreach ($subjects as $subject) {
                $setup = $subject->autosetup();
                if ($setup === 'order' || ($setup === 'payment' && $invoiceId === null)) {
                    Due::add($subject, 'CreateAccount', "order $orderId placed");
                }
            }
        }

        return ['order_id' => $orderId, 'invoice_id' => $invoiceId, 'service_ids' => $serviceIds, 'addon_service_ids' => $addonIds];
    }

    /** @param Subject[] $subjects */
    private static function ids(array $subjects, bool $addons): array
    {
        $ids = [];
        foreach ($subjects as $subject) {
            if ($subject->isAddon() === $addons) {
                $ids[] = $subject->ownId();
            }
        }

        return $ids;
    }

    private static function addService($client, int $orderId, array $item, string $paymentMethod): Subject
    {
        $product = Database::row('tblproducts', Arguments::id($item, 'product_id'));
        $default = (string) (Database::table('emulator_product_cycles')->where('product_id', $product->id)->value('cycle') ?? 'monthly');
        $cycle = BillingCycle::key(Arguments::text($item, 'billing_cycle', $default));
        $domain = Arguments::text($item, 'domain', '');
        $price = Catalogue::priceOf('product', (int) $product->id, (int) $client->currency, $cycle);
        $id = Database::insert('tblhosting', [
            'userid' => $client->id, 'orderid' => $orderId, 'packageid' => $product->id, 'server' => Catalogue::serverOfGroup((int) $product->servergroup),
            'regdate' => Clock::today(), 'domain' => $domain, 'paymentmethod' => $paymentMethod, 'billingcycle' => BillingCycle::name($cycle),
            'username' => Arguments::text($item, 'username', ''), 'password' => Secrets::encrypt(Arguments::text($item, 'password', '')),
            'domainstatus' => 'Pending', 'created_at' => Clock::now(), 'updated_at' => Clock::now(),
        ] + self::firstDates($cycle));
        ConfigurableOptions::choose($id, (int) $product->id, (array) ($item['configurable_options'] ?? []));
        CustomFields::saveAll('product', (int) $product->id, $id, (array) ($item['custom_fields'] ?? []));
        $recurring = $price['recurring'] + ConfigurableOptions::recurringPrice($id, (int) $client->currency, $cycle);
        Database::table('tblhosting')->where('id', $id)->update([
            'firstpaymentamount' => Money::of($recurring + (float) $price['setup']),
            'amount' => Money::of(BillingCycle::isRecurring($cycle) ? $recurring : 0),
        ]);

        return Subject::find($id);
    }

    private static function addAddon($client, int $orderId, Subject $service, int $addonId, string $paymentMethod): Subject
    {
        $addon = Database::row('tbladdons', $addonId);
        $price = Catalogue::priceOf('addon', $addonId, (int) $client->currency, $addon->billingcycle);
        $id = Database::insert('tblhostingaddons', [
            'orderid' => $orderId, 'hostingid' => $service->serviceId(), 'addonid' => $addonId, 'userid' => $client->id,
            'server' => Catalogue::serverOfGroup((int) $addon->server_group_id), 'setupfee' => $price['setup'],
            'firstpaymentamount' => Money::of($price['recurring'] + (float) $price['setup']),
            'recurring' => BillingCycle::isRecurring($addon->billingcycle) ? $price['recurring'] : '0.00',
            'billingcycle' => BillingCycle::name($addon->billingcycle), 'status' => 'Pending', 'regdate' => Clock::today(),
            'paymentmethod' => $paymentMethod, 'created_at' => Clock::now(), 'updated_at' => Clock::now(),
        ] + self::firstDates($addon->billingcycle));

        return Subject::find($service->serviceId(), $id);
    }

    /** The order's own invoice covers the first cycle, so the next one to invoice is the second. */
    private static function firstDates(string $cycle): array
    {
        return BillingCycle::isRecurring($cycle)
            ? ['nextduedate' => Clock::today(), 'nextinvoicedate' => BillingCycle::next(Clock::today(), $cycle)]
            : [];
    }

    public static function acceptByCommand(array $arguments): array
    {
        $id = Arguments::id($arguments, 'order_id');
        if (Database::row('tblorders', $id)->status !== 'Pending') {
            throw new UsageError("order $id is not Pending");
        }
        self::accept($id, null);

        return [];
    }

    /** @param bool|null $autosetup true or false overrides the products' own setting */
    public static function accept(int $orderId, ?bool $autosetup): void
    {
        foreach (self::subjects($orderId) as $subject) {
            if ($subject->status() !== 'Pending') {
                continue;
            }
            if ($subject->module() === '') {
                $subject->setStatus('Active');
            } elseif ($autosetup ?? in_array($subject->autosetup(), ['order', 'on'], true)) {
                Due::add($subject, 'CreateAccount', "order $orderId accepted");
            }
        }
        Database::table('tblorders')->where('id', $orderId)->update(['status' => 'Active']);
        Logs::activity("Order Accepted - Order ID: $orderId");
        Hooks::run('AcceptOrder', ['orderid' => $orderId]);
    }

    /** @return Subject[] services and addons of an order */
    public static function subjects(int $orderId): array
    {
        $subjects = [];
        foreach (Database::table('tblhosting')->where('orderid', $orderId)->orderBy('id')->pluck('id') as $id) {
            $subjects[] = Subject::find((int) $id);
        }
        foreach (Database::table('tblhostingaddons')->where('orderid', $orderId)->orderBy('id')->pluck('id') as $id) {
            $subjects[] = Subject::ofAddon((int) $id);
        }

        return $subjects;
    }

    public static function cancel(int $orderId): void
    {
        foreach (self::subjects($orderId) as $subject) {
            if ($subject->status() === 'Pending') {
                $subject->setStatus('Cancelled');
            }
        }
        $order = Database::row('tblorders', $orderId);
        Database::table('tblorders')->where('id', $orderId)->update(['status' => 'Cancelled']);
        Database::table('tblinvoices')->where('id', $order->invoiceid)->where('status', 'Unpaid')
            ->update(['status' => 'Cancelled', 'date_cancelled' => Clock::now()]);
        Hooks::run('CancelOrder', ['orderid' => $orderId]);
    }
}
