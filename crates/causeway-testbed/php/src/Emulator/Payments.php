<?php

namespace Emulator;

use WHMCS\Config\Setting;

/** What follows when an invoice is paid. */
final class Payments
{
    public static function payByCommand(array $arguments): array
    {
        $id = Arguments::id($arguments, 'invoice_id');
        if (Database::row('tblinvoices', $id)->status !== 'Unpaid') {
            throw new UsageError("invoice $id is not Unpaid");
        }
        self::pay($id, 'emulator-' . $id);

        return [];
    }

    /** WHMCS's order: InvoicePaidPreEmail, then automation, then InvoicePaid; OrderPaid for an order's invoice. */
    public static function pay(int $invoiceId, string $transaction): void
    {
        $invoice = Database::row('tblinvoices', $invoiceId);
        Database::insert('tblaccounts', [
            'userid' => $invoice->userid, 'gateway' => $invoice->paymentmethod, 'date' => Clock::now(), 'description' => 'Invoice Payment',
            'amountin' => $invoice->total, 'transid' => $transaction, 'invoiceid' => $invoiceId,
        ]);
        Database::table('tblinvoices')->where('id', $invoiceId)->update(['status' => 'Paid', 'datepaid' => Clock::now(), 'updated_at' => Clock::now()]);
        $vars = ['invoiceid' => $invoiceId];
        Hooks::run('InvoicePaidPreEmail', $vars);
        foreach (Invoices::items($invoiceId) as $item) {
            self::carryOut($item, $invoiceId);
        }
        Hooks::run('InvoicePaid', $vars);
        $order = Database::table('tblorders')->where('invoiceid', $invoiceId)->first();
        if ($order !== null) {
            Hooks::run('OrderPaid', ['orderId' => (int) $order->id, 'userId' => (int) $order->userid, 'invoiceId' => $invoiceId]);
        }
    }

    private static function carryOut($item, int $invoiceId): void
    {
        if ($item->type === 'Hosting') {
            self::serviceWasPaid(Subject::find((int) $item->relid), $invoiceId);
        } elseif ($item->type === 'Addon') {
            self::serviceWasPaid(Subject::ofAddon((int) $item->relid), $invoiceId);
        } elseif ($item->type === 'Upgrade') {
            Upgrades::carryOut((int) $item->relid, "invoice $invoiceId paid");
        }
    }

    private static function serviceWasPaid(Subject $subject, int $invoiceId): void
    {
        $row = $subject->row();
        $isFirst = (int) Database::table('tblorders')->where('id', $row->orderid)->value('invoiceid') === $invoiceId;
        if (BillingCycle::isRecurring($row->billingcycle)) {
            $subject->update(['nextduedate' => BillingCycle::next($row->nextduedate, $row->billingcycle)]);
        }
        if ($isFirst) {
            if ($subject->status() === 'Pending' && $subject->autosetup() === 'payment') {
                Due::add($subject, 'CreateAccount', "invoice $invoiceId paid");
            }
            return;
        }
        if ($subject->status() === 'Suspended' && Setting::getValue('AutoUnsuspend') === 'on' && self::suspendedForOverdue($subject)) {
            Due::add($subject, 'UnsuspendAccount', "invoice $invoiceId paid");
        }
        if (in_array($subject->status(), ['Active', 'Suspended'], true)) {
            Due::add($subject, 'Renew', "invoice $invoiceId paid");
        }
    }

    private static function suspendedForOverdue(Subject $subject): bool
    {
        $stillOverdue = $subject->row()->nextduedate <= Clock::daysFromToday(-(int) Setting::getValue('AutoSuspensionDays'));
        $reason = $subject->isAddon() ? '' : $subject->service->suspendreason;

        return !$stillOverdue && in_array($reason, ['', Automation::OVERDUE], true);
    }
}
