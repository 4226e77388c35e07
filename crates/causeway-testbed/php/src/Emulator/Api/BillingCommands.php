<?php

namespace Emulator\Api;

use Emulator\Clock;
use Emulator\Database;
use Emulator\Emails;
use Emulator\Hooks;
use Emulator\Invoices;
use Emulator\Money;
use Emulator\Payments;
use Emulator\UsageError;

/** Invoices, credit and transactions beside those of an order. */
final class BillingCommands
{
    public static function createInvoice(array $values): array
    {
        $client = (int) ($values['userid'] ?? 0);
        self::client($client);
        $items = [];
        for ($number = 1; isset($values["itemdescription$number"]); $number++) {
            $items[] = ['type' => '', 'relid' => 0, 'description' => (string) $values["itemdescription$number"], 'amount' => Money::of($values["itemamount$number"] ?? 0), 'taxed' => empty($values["itemtaxed$number"]) ? 0 : 1];
        }
        $status = (string) ($values['status'] ?? 'Unpaid');
        $id = Invoices::create($client, (string) ($values['duedate'] ?? Clock::today()), (string) ($values['paymentmethod'] ?? 'mailin'), $items, 'api');
        $changes = ['status' => $status, 'notes' => (string) ($values['notes'] ?? '')] + (isset($values['date']) ? ['date' => (string) $values['date']] : []);
        Database::table('tblinvoices')->where('id', $id)->update($changes);

        return ['invoiceid' => $id, 'status' => $status];
    }

    public static function updateInvoice(array $values): array
    {
        $id = (int) ($values['invoiceid'] ?? 0);
        $invoice = Database::table('tblinvoices')->where('id', $id)->first();
        if ($invoice === null) {
            throw new UsageError('Invoice ID Not Found');
        }
        if (($values['status'] ?? '') === 'Paid' && $invoice->status === 'Unpaid') {
            Payments::pay($id, '');
        }
        $changes = array_intersect_key($values, array_flip(['status', 'paymentmethod', 'credit', 'date', 'duedate', 'datepaid', 'notes', 'taxrate', 'taxrate2', 'invoicenum']));
        Database::table('tblinvoices')->where('id', $id)->update($changes + ['updated_at' => Clock::now()]);
        if (!empty($values['publishandsendemail'])) {
            Emails::sendTemplate('Invoice Created', (int) $invoice->userid, Emails::invoiceFields($id));
        }

        return ['invoiceid' => $id];
    }

    public static function getInvoices(array $values): array
    {
        $query = Database::table('tblinvoices')->join('tblclients', 'tblclients.id', '=', 'tblinvoices.userid');
        foreach (['userid' => 'tblinvoices.userid', 'status' => 'tblinvoices.status'] as $name => $column) {
            if (isset($values[$name])) {
                $query->where($column, $values[$name]);
            }
        }
        $total = $query->count();
        $start = (int) ($values['limitstart'] ?? 0);
        $invoices = [];
        foreach ($query->orderBy('tblinvoices.id')->offset($start)->limit((int) ($values['limitnum'] ?? 25))->get(['tblinvoices.*', 'firstname', 'lastname', 'companyname']) as $row) {
            $invoices[] = (array) $row;
        }

        return ['totalresults' => $total, 'startnumber' => $start, 'numreturned' => count($invoices), 'invoices' => ['invoice' => $invoices]];
    }

    public static function addCredit(array $values): array
    {
        $client = (int) ($values['clientid'] ?? 0);
        $row = self::client($client);
        if (empty($values['amount'])) {
            throw new UsageError('No Amount Provided');
        }
        $type = (string) ($values['type'] ?? 'add');
        if (!in_array($type, ['add', 'remove'], true)) {
            throw new UsageError('Type can only be add or remove');
        }
        $amount = $type === 'add' ? (float) $values['amount'] : -(float) $values['amount'];
        $balance = Money::of((float) $row->credit + $amount);
        Database::insert('tblcredit', ['clientid' => $client, 'admin_id' => 1, 'date' => Clock::today(), 'description' => (string) ($values['description'] ?? ''), 'amount' => Money::of($amount)]);
        Database::table('tblclients')->where('id', $client)->update(['credit' => $balance]);

        return ['newbalance' => $balance];
    }

    public static function addTransaction(array $values): array
    {
        if (empty($values['paymentmethod'])) {
            throw new UsageError('Payment Method is required');
        }
        $id = Database::insert('tblaccounts', [
            'userid' => (int) ($values['userid'] ?? 0), 'currency' => (int) ($values['currencyid'] ?? 0), 'gateway' => (string) $values['paymentmethod'], 'date' => Clock::now(),
            'description' => (string) ($values['description'] ?? ''), 'amountin' => Money::of($values['amountin'] ?? 0), 'fees' => Money::of($values['fees'] ?? 0),
            'amountout' => Money::of($values['amountout'] ?? 0), 'rate' => (float) ($values['rate'] ?? 1), 'transid' => (string) ($values['transid'] ?? ''), 'invoiceid' => (int) ($values['invoiceid'] ?? 0),
        ]);
        Hooks::run('AddTransaction', ['id' => $id] + (array) Database::row('tblaccounts', $id));

        return [];
    }

    public static function getPaymentMethods(): array
    {
        $methods = [];
        foreach (Database::table('tblpaymentgateways')->where('setting', 'name')->get() as $row) {
            $methods[] = ['module' => $row->gateway, 'displayname' => $row->value];
        }

        return ['totalresults' => count($methods), 'paymentmethods' => ['paymentmethod' => $methods]];
    }

    private static function client(int $id)
    {
        $client = Database::table('tblclients')->where('id', $id)->first();
        if ($client === null) {
            throw new UsageError('Client ID Not Found');
        }

        return $client;
    }
}
