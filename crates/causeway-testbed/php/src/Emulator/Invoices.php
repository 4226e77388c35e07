<?php

namespace Emulator;

/** Invoices and their items. */
final class Invoices
{
    /** @param Subject[] $subjects what the order holds; null when there is nothing to pay */
    public static function createForOrder(int $clientId, array $subjects, string $paymentMethod): ?int
    {
        $items = [];
        foreach ($subjects as $subject) {
            if (Money::isPositive($subject->row()->firstpaymentamount)) {
                $items[] = self::itemFor($subject, Clock::today(), $subject->row()->firstpaymentamount);
            }
        }

        return $items === [] ? null : self::create($clientId, Clock::today(), $paymentMethod, $items, 'autogen');
    }

    /** @param Subject[] $subjects renewed together: same client, same due date */
    public static function createForRenewal(int $clientId, string $dueDate, array $subjects): int
    {
        $items = [];
        foreach ($subjects as $subject) {
            $items[] = self::itemFor($subject, $dueDate, $subject->recurringAmount());
            $subject->update(['nextinvoicedate' => BillingCycle::next($dueDate, $subject->row()->billingcycle)]);
        }

        return self::create($clientId, $dueDate, $subjects[0]->row()->paymentmethod, $items, 'autogen');
    }

    private static function itemFor(Subject $subject, string $dueDate, string $amount): array
    {
        $description = $subject->productName() . ($subject->service->domain === '' ? '' : ' - ' . $subject->service->domain);
        if (BillingCycle::isRecurring($subject->row()->billingcycle)) {
            $description .= " ($dueDate - " . BillingCycle::next($dueDate, $subject->row()->billingcycle) . ')';
        }

        return ['type' => $subject->invoiceItemType(), 'relid' => $subject->ownId(), 'description' => $description, 'amount' => $amount];
    }

    /** @param array[] $items type, relid, description, amount */
    public static function create(int $clientId, string $dueDate, string $paymentMethod, array $items, string $source): int
    {
        $total = Money::of(array_sum(array_map('floatval', array_column($items, 'amount'))));
        $id = Database::insert('tblinvoices', [
            'userid' => $clientId, 'date' => Clock::today(), 'duedate' => $dueDate, 'subtotal' => $total, 'total' => $total, 'status' => 'Unpaid',
            'paymentmethod' => $paymentMethod, 'created_at' => Clock::now(), 'updated_at' => Clock::now(),
        ]);
        foreach ($items as $item) {
            Database::insert('tblinvoiceitems', ['invoiceid' => $id, 'userid' => $clientId, 'duedate' => $dueDate, 'paymentmethod' => $paymentMethod] + $item);
        }
        $vars = ['source' => $source, 'user' => $source === 'autogen' ? 'system' : 1, 'invoiceid' => $id, 'status' => 'Unpaid'];
        Hooks::run('InvoiceCreation', $vars);
        Emails::sendTemplate('Invoice Created', $clientId, Emails::invoiceFields($id));
        Hooks::run('InvoiceCreated', $vars);

        return $id;
    }

    public static function items(int $invoiceId): array
    {
        return Database::table('tblinvoiceitems')->where('invoiceid', $invoiceId)->orderBy('id')->get()->all();
    }

    /** Takes a service that ended off its unpaid invoices; an invoice left empty is cancelled. */
    public static function cancelFor(Subject $subject): void
    {
        $unpaid = Database::table('tblinvoiceitems')->join('tblinvoices', 'tblinvoices.id', '=', 'tblinvoiceitems.invoiceid')
            ->where('tblinvoiceitems.type', $subject->invoiceItemType())->where('tblinvoiceitems.relid', $subject->ownId())
            ->where('tblinvoices.status', 'Unpaid')->get(['tblinvoiceitems.id', 'tblinvoiceitems.invoiceid', 'tblinvoiceitems.amount']);
        foreach ($unpaid as $item) {
            if (count(self::items((int) $item->invoiceid)) === 1) {
                Database::table('tblinvoices')->where('id', $item->invoiceid)->update(['status' => 'Cancelled', 'date_cancelled' => Clock::now()]);
                Hooks::run('InvoiceCancelled', ['invoiceid' => (int) $item->invoiceid]);
                continue;
            }
            Database::table('tblinvoiceitems')->where('id', $item->id)->delete();
            $total = Money::of(array_sum(array_map('floatval', array_column(self::items((int) $item->invoiceid), 'amount'))));
            Database::table('tblinvoices')->where('id', $item->invoiceid)->update(['subtotal' => $total, 'total' => $total]);
        }
    }
}
