<?php

namespace Emulator\Api;

use Emulator\Database;
use Emulator\LocalApi;
use Emulator\ModuleCall;
use Emulator\Secrets;
use Emulator\UsageError;

/** Module commands run inside the request that asks for them. */
final class ModuleCommands
{
    public static function create(array $values): array
    {
        return self::play($values, 'CreateAccount');
    }

    public static function suspend(array $values): array
    {
        return self::play($values, 'SuspendAccount', isset($values['suspendreason']) ? ['suspendreason' => (string) $values['suspendreason']] : []);
    }

    public static function unsuspend(array $values): array
    {
        return self::play($values, 'UnsuspendAccount');
    }

    public static function terminate(array $values): array
    {
        return self::play($values, 'TerminateAccount');
    }

    public static function changePackage(array $values): array
    {
        return self::play($values, 'ChangePackage');
    }

    public static function changePassword(array $values): array
    {
        if (isset($values['servicepassword'])) {
            ServiceCommands::subject($values)->update(['password' => Secrets::encrypt((string) $values['servicepassword'])]);
        }

        return self::play($values, 'ChangePassword');
    }

    public static function custom(array $values): array
    {
        return self::play($values, (string) ($values['func_name'] ?? ''));
    }

    private static function play(array $values, string $function, array $extraParams = []): array
    {
        $subject = ServiceCommands::subject($values);
        if ($subject->module() === '') {
            throw new UsageError('Service not assigned to a module');
        }
        $result = ModuleCall::play($subject, $function, '', $extraParams);
        if (!$result['success']) {
            throw new UsageError($result['message']);
        }

        return [];
    }

    public static function getModuleQueue(array $values): array
    {
        $query = Database::table('tblmodulequeue')->where('completed', 0)->orderBy('id');
        foreach (['relatedId' => 'service_id', 'serviceType' => 'service_type', 'moduleName' => 'module_name', 'moduleAction' => 'module_action'] as $name => $column) {
            if (isset($values[$name]) && $values[$name] !== '') {
                $query->where($column, $values[$name]);
            }
        }
        if (isset($values['since'])) {
            $query->where('last_attempt', '>=', $values['since']);
        }
        $queue = [];
        foreach ($query->get() as $row) {
            $queue[] = LocalApi::strings(['id' => $row->id, 'serviceType' => $row->service_type, 'serviceId' => $row->service_id, 'moduleName' => $row->module_name,
                'moduleAction' => $row->module_action, 'lastAttempt' => $row->last_attempt, 'lastAttemptError' => $row->last_attempt_error, 'numRetries' => $row->num_retries,
                'completed' => $row->completed, 'createdAt' => $row->created_at, 'updatedAt' => $row->updated_at]);
        }

        return ['count' => count($queue), 'queue' => $queue];
    }
}
