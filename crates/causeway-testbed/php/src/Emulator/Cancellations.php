<?php

namespace Emulator;

/** Cancellation requests, and their carrying out by the cron. */
final class Cancellations
{
    const TYPES = ['Immediate', 'End of Billing Period'];

    public static function requestByCommand(array $arguments): array
    {
        $type = Arguments::text($arguments, 'type', 'Immediate');
        if (!in_array($type, self::TYPES, true)) {
            throw new UsageError('the cancellation type is "Immediate" or "End of Billing Period"');
        }
        self::request(Subject::find(Arguments::id($arguments, 'service_id')), $type, Arguments::text($arguments, 'reason', ''));

        return [];
    }

    public static function request(Subject $subject, string $type, string $reason): void
    {
        Database::insert('tblcancelrequests', [
            'date' => Clock::now(), 'relid' => $subject->serviceId(), 'reason' => $reason, 'type' => $type, 'created_at' => Clock::now(), 'updated_at' => Clock::now(),
        ]);
        Hooks::run('CancellationRequest', [
            'userid' => (int) $subject->service->userid, 'relid' => $subject->serviceId(), 'reason' => $reason, 'type' => $type,
        ]);
    }

    public static function isRequested(Subject $subject): bool
    {
        return Database::table('tblcancelrequests')->where('relid', $subject->serviceId())->exists();
    }

    /** A service that was never set up is only marked; its addons end with it. */
    public static function carryOut(Subject $subject): void
    {
        if (in_array($subject->status(), ['Cancelled', 'Terminated', 'Fraud', 'Completed'], true)) {
            return;
        }
        $addons = Database::table('tblhostingaddons')->where('hostingid', $subject->serviceId())->whereIn('status', ['Pending', 'Active', 'Suspended'])->pluck('id');
        foreach ($addons as $id) {
            self::end(Subject::ofAddon((int) $id));
        }
        self::end($subject);
    }

    private static function end(Subject $subject): void
    {
        if ($subject->module() === '' || $subject->status() === 'Pending') {
            $subject->setStatus('Cancelled');
            Invoices::cancelFor($subject);
        } else {
            Due::add($subject, 'TerminateAccount', 'Cancellation Request');
        }
    }
}
