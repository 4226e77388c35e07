<?php

namespace Emulator;

use WHMCS\Config\Setting;

/** The daily cron. It calls no module itself: what it owes is given back as due. */
final class Automation
{
    const OVERDUE = 'Overdue on Payment';

    public static function advanceClock(array $arguments): array
    {
        return ['now' => Clock::advance((int) ($arguments['days'] ?? 0), (int) ($arguments['hours'] ?? 0))];
    }

    public static function runDaily(): array
    {
        Hooks::run('PreCronJob', []);
        $invoices = self::createRenewalInvoices();
        self::oweCancellations();
        self::oweTerminations();
        self::oweSuspensions();
        Hooks::run('DailyCronJob', []);

        return ['invoices_created' => $invoices];
    }

    public static function runAfterCronHooks(): array
    {
        Hooks::run('AfterCronJob', []);

        return [];
    }

    private static function createRenewalInvoices(): array
    {
        $until = Clock::daysFromToday((int) Setting::getValue('CreateInvoiceDaysBefore'));
        $together = [];
        foreach (self::recurring(['Active', 'Suspended']) as $subject) {
            $row = $subject->row();
            if ($row->nextinvoicedate <= $until && Money::isPositive($subject->recurringAmount()) && !Cancellations::isRequested($subject)) {
                $together[$row->userid . ' ' . $row->nextinvoicedate][] = $subject;
            }
        }
        $invoices = [];
        foreach ($together as $subjects) {
            $row = $subjects[0]->row();
            $invoices[] = Invoices::createForRenewal((int) $row->userid, $row->nextinvoicedate, $subjects);
        }

        return $invoices;
    }

    private static function oweSuspensions(): void
    {
        if (Setting::getValue('AutoSuspension') !== 'on') {
            return;
        }
        $limit = Clock::daysFromToday(-(int) Setting::getValue('AutoSuspensionDays'));
        foreach (self::recurring(['Active']) as $subject) {
            if ($subject->row()->nextduedate <= $limit && !self::isSpared($subject)) {
                Due::add($subject, 'SuspendAccount', self::OVERDUE);
            }
        }
    }

    private static function isSpared(Subject $subject): bool
    {
        return (int) $subject->service->overideautosuspend === 1 && $subject->service->overidesuspenduntil >= Clock::today();
    }

    private static function oweTerminations(): void
    {
        if (Setting::getValue('AutoTermination') !== 'on') {
            return;
        }
        $limit = Clock::daysFromToday(-(int) Setting::getValue('AutoTerminationDays'));
        foreach (self::recurring(['Suspended']) as $subject) {
            if ($subject->row()->nextduedate <= $limit && !Cancellations::isRequested($subject)) {
                Due::add($subject, 'TerminateAccount', self::OVERDUE);
            }
        }
    }

    private static function oweCancellations(): void
    {
        if (Setting::getValue('AutoCancellationRequests') !== 'on') {
            return;
        }
        foreach (Database::table('tblcancelrequests')->orderBy('id')->get() as $request) {
            $subject = Subject::find((int) $request->relid);
            $isTime = $request->type === 'Immediate' || $subject->service->nextduedate <= Clock::today();
            if ($isTime) {
                Cancellations::carryOut($subject);
            }
        }
    }

    /** @return Subject[] services and addons with one of these statuses that are billed again and again */
    private static function recurring(array $statuses): array
    {
        $subjects = [];
        foreach (Database::table('tblhosting')->whereIn('domainstatus', $statuses)->orderBy('id')->get(['id', 'billingcycle']) as $row) {
            if (BillingCycle::isRecurring($row->billingcycle)) {
                $subjects[] = Subject::find((int) $row->id);
            }
        }
        foreach (Database::table('tblhostingaddons')->whereIn('status', $statuses)->orderBy('id')->get(['id', 'billingcycle']) as $row) {
            if (BillingCycle::isRecurring($row->billingcycle)) {
                $subjects[] = Subject::ofAddon((int) $row->id);
            }
        }

        return $subjects;
    }
}
