<?php

namespace Emulator;

/** The module queue: calls that failed and wait for staff. */
final class Queue
{
    public static function add(Subject $subject, string $function, string $error): void
    {
        $waiting = self::waiting()->where(self::key($subject))->where('module_action', $function);
        $row = $waiting->first();
        if ($row !== null) {
            $waiting->update(['last_attempt' => Clock::now(), 'last_attempt_error' => $error, 'num_retries' => $row->num_retries + 1, 'updated_at' => Clock::now()]);
            return;
        }
        Database::insert('tblmodulequeue', self::key($subject) + [
            'module_name' => $subject->module(), 'module_action' => $function, 'last_attempt' => Clock::now(), 'last_attempt_error' => $error,
            'created_at' => Clock::now(), 'updated_at' => Clock::now(),
        ]);
    }

    /** A later success settles the entry of the same function. */
    public static function settle(Subject $subject, string $function): void
    {
        self::waiting()->where(self::key($subject))->where('module_action', $function)->update(['completed' => 1, 'updated_at' => Clock::now()]);
    }

    private static function waiting()
    {
        return Database::table('tblmodulequeue')->where('completed', 0);
    }

    private static function key(Subject $subject): array
    {
        return ['service_type' => $subject->isAddon() ? 'addon' : 'service', 'service_id' => $subject->ownId()];
    }

    private static function subject($row): Subject
    {
        return $row->service_type === 'addon' ? Subject::ofAddon((int) $row->service_id) : Subject::find((int) $row->service_id);
    }

    public static function entries(): array
    {
        $entries = [];
        foreach (self::waiting()->orderBy('id')->get() as $row) {
            $subject = self::subject($row);
            $entries[] = [
                'id' => (int) $row->id, 'service_id' => $subject->serviceId(), 'addon_id' => $subject->addonId(), 'module' => $row->module_name,
                'action' => $row->module_action, 'attempts' => (int) $row->num_retries + 1, 'last_error' => $row->last_attempt_error,
            ];
        }

        return ['entries' => $entries];
    }

    public static function retry(): array
    {
        foreach (self::waiting()->orderBy('id')->get() as $row) {
            Due::add(self::subject($row), $row->module_action, 'module queue');
        }

        return [];
    }
}
