<?php

namespace Emulator;

use DateTimeImmutable;

/** Upgrades of a service to another product, or of its configurable options. */
final class Upgrades
{
    public static function orderByCommand(array $arguments): array
    {
        $subject = Subject::find(Arguments::id($arguments, 'service_id'));
        $order = self::order(
            $subject,
            (int) ($arguments['new_product_id'] ?? $subject->service->packageid),
            (string) ($arguments['new_billing_cycle'] ?? $subject->service->billingcycle),
            (array) ($arguments['configurable_options'] ?? [])
        );

        return ['upgrade_id' => $order['upgrade_id'], 'invoice_id' => $order['invoice_id']];
    }

    /** @return array{upgrade_id: int, order_id: int, invoice_id: int|null, amount: string} */
    public static function order(Subject $subject, int $productId, string $cycle, array $options): array
    {
        $service = $subject->service;
        $product = Database::row('tblproducts', $productId);
        $samePackage = $productId === (int) $service->packageid && BillingCycle::key($cycle) === BillingCycle::key($service->billingcycle);
        $recurring = self::newRecurring($subject, $productId, $cycle, $options);
        [$daysLeft, $daysInCycle] = self::daysLeft($service);
        $amount = Money::of(($recurring - (float) $service->amount) * $daysLeft / $daysInCycle);
        $orderId = Database::insert('tblorders', [
            'ordernum' => random_int(1000000000, 9999999999), 'userid' => $service->userid, 'date' => Clock::now(),
            'amount' => Money::isPositive($amount) ? $amount : '0.00', 'paymentmethod' => $service->paymentmethod,
        ]);
        $upgradeId = Database::insert('tblupgrades', [
            'userid' => $service->userid, 'orderid' => $orderId, 'type' => $samePackage ? 'configoptions' : 'package', 'date' => Clock::today(),
            'relid' => $subject->serviceId(), 'originalvalue' => $samePackage ? (string) json_encode(ConfigurableOptions::forModule($subject)) : (string) $service->packageid,
            'newvalue' => (string) json_encode(['product' => $productId, 'cycle' => BillingCycle::key($cycle), 'options' => (object) $options]),
            'new_recurring_amount' => $recurring, 'amount' => $amount, 'days_remaining' => $daysLeft, 'total_days_in_cycle' => $daysInCycle,
            'recurringchange' => Money::of($recurring - (float) $service->amount),
        ]);
        $invoiceId = null;
        if (Money::isPositive($amount)) {
            $invoiceId = Invoices::create((int) $service->userid, Clock::today(), $service->paymentmethod, [[
                'type' => 'Upgrade', 'relid' => $upgradeId, 'description' => "Upgrade of {$subject->productName()} to {$product->name}", 'amount' => $amount,
            ]], 'autogen');
            Database::table('tblorders')->where('id', $orderId)->update(['invoiceid' => $invoiceId]);
        } else {
            self::carryOut($upgradeId, 'upgrade without payment');
        }

        return ['upgrade_id' => $upgradeId, 'order_id' => $orderId, 'invoice_id' => $invoiceId, 'amount' => $amount];
    }

    private static function newRecurring(Subject $subject, int $productId, string $cycle, array $options): string
    {
        $currency = (int) Clients::currency((int) $subject->service->userid)->id;
        $before = Database::table('tblhostingconfigoptions')->where('relid', $subject->serviceId())->get()->all();
        ConfigurableOptions::choose($subject->serviceId(), $productId, $options);
        $choices = ConfigurableOptions::recurringPrice($subject->serviceId(), $currency, $cycle);
        Database::table('tblhostingconfigoptions')->where('relid', $subject->serviceId())->delete();
        foreach ($before as $row) {
            Database::insert('tblhostingconfigoptions', (array) $row);
        }

        return Money::of(Catalogue::priceOf('product', $productId, $currency, $cycle)['recurring'] + (float) $choices);
    }

    /** @return int[] days until the next due date, days in the whole cycle */
    private static function daysLeft($service): array
    {
        if (!BillingCycle::isRecurring($service->billingcycle)) {
            return [1, 1];
        }
        $days = static function (string $from, string $to): int {
            return (int) (new DateTimeImmutable($from))->diff(new DateTimeImmutable($to))->format('%r%a');
        };
        $inCycle = max(1, $days(BillingCycle::previous($service->nextduedate, $service->billingcycle), $service->nextduedate));

        return [max(0, min($inCycle, $days(Clock::today(), $service->nextduedate))), $inCycle];
    }

    /** Puts the service on its new product and options; the module's ChangePackage is due. */
    public static function carryOut(int $upgradeId, string $reason): void
    {
        $upgrade = Database::row('tblupgrades', $upgradeId);
        $wanted = json_decode($upgrade->newvalue, true);
        $subject = Subject::find((int) $upgrade->relid);
        CustomFields::carryOver($subject, (int) $wanted['product']);
        $subject->update([
            'packageid' => $wanted['product'], 'billingcycle' => BillingCycle::name($wanted['cycle']), 'amount' => $upgrade->new_recurring_amount,
        ]);
        ConfigurableOptions::choose($subject->serviceId(), (int) $wanted['product'], $wanted['options']);
        $newValue = $upgrade->type === 'package' ? $wanted['product'] . ',' . $wanted['cycle'] : json_encode($wanted['options']);
        Database::table('tblupgrades')->where('id', $upgradeId)->update(['status' => 'Completed', 'paid' => 'Y', 'newvalue' => $newValue]);
        Database::insert('emulator_upgrade_hooks', [
            'upgrade_id' => $upgradeId, 'service_id' => $subject->serviceId(),
            'hook' => $upgrade->type === 'package' ? 'AfterProductUpgrade' : 'AfterConfigOptionsUpgrade',
        ]);
        Due::add($subject, 'ChangePackage', $reason);
    }

    /** The hooks of upgrades whose ChangePackage has now been called. */
    public static function runHooksAfterChangePackage(Subject $subject): void
    {
        $waiting = Database::table('emulator_upgrade_hooks')->where('service_id', $subject->serviceId());
        foreach ($waiting->get() as $row) {
            Database::table('emulator_upgrade_hooks')->where('upgrade_id', $row->upgrade_id)->delete();
            Hooks::run($row->hook, ['upgradeid' => (int) $row->upgrade_id]);
        }
    }
}
