<?php

namespace Emulator;

use Throwable;
use WHMCS\UsageBilling\Contracts\Metrics\ProviderInterface;

/** What WHMCS asks of a module for a whole server. */
final class ServerTools
{
    public static function testConnection(array $arguments): array
    {
        Request::current()->onExit(static function (): array {
            return ['success' => false, 'error' => 'the module ended the request'];
        });
        [$module, $params] = self::server($arguments);
        if (!Modules::has($module, 'TestConnection')) {
            return ['success' => false, 'error' => ModuleCall::NOT_SUPPORTED];
        }
        try {
            $answer = Modules::call($module, 'TestConnection', null, $params);
        } catch (Throwable $error) {
            return ['success' => false, 'error' => $error->getMessage()];
        }

        return ['success' => is_array($answer) && !empty($answer['success']), 'error' => is_array($answer) ? (string) ($answer['error'] ?? '') : (string) json_encode($answer)];
    }

    public static function listAccounts(array $arguments): array
    {
        [$module, $params] = self::server($arguments);
        if (!Modules::has($module, 'ListAccounts')) {
            return ['success' => false, 'error' => ModuleCall::NOT_SUPPORTED, 'accounts' => []];
        }

        try {
            $answer = Modules::call($module, 'ListAccounts', null, $params);
        } catch (Throwable $error) {
            return ['success' => false, 'error' => $error->getMessage(), 'accounts' => []];
        }

        return is_array($answer) ? Recorder::describe($answer) : ['success' => false, 'error' => 'the module returned ' . gettype($answer), 'accounts' => []];
    }

    public static function usageUpdate(array $arguments): array
    {
        [$module, $params] = self::server($arguments);
        $before = self::usageRows();
        $failure = [];
        try {
            if (Modules::has($module, 'UsageUpdate')) {
                Modules::call($module, 'UsageUpdate', null, $params);
            }
        } catch (Throwable $error) {
            $failure = ['error' => $error->getMessage()];
        }
        $changed = [];
        foreach (self::usageRows() as $id => $row) {
            if ($row !== $before[$id]) {
                $changed[] = $row;
            }
        }

        return ['changed' => $changed] + $failure;
    }

    private static function usageRows(): array
    {
        $rows = [];
        foreach (Database::table('tblhosting')->get(['id', 'diskusage', 'disklimit', 'bwusage', 'bwlimit', 'lastupdate']) as $row) {
            $rows[$row->id] = (array) $row;
        }

        return $rows;
    }

    public static function metrics(array $arguments): array
    {
        [$module, $params] = self::server($arguments);
        if (!Modules::has($module, 'MetricProvider')) {
            return ['metrics' => [], 'usage' => (object) []];
        }
        try {
            $provider = Modules::call($module, 'MetricProvider', null, $params);
            if (!$provider instanceof ProviderInterface) {
                return ['metrics' => [], 'usage' => (object) [], 'error' => "{$module}_MetricProvider did not return a ProviderInterface"];
            }
            $metrics = self::describe(Recorder::call($module, 'MetricProvider metrics', null, [$provider, 'metrics']));
            $used = Recorder::call($module, 'MetricProvider usage', null, [$provider, 'usage']);
            $usage = array_map([self::class, 'describe'], $used);
            foreach (array_slice(array_keys($used), 0, 1) as $tenant) {
                // The page of one service asks for its tenant alone.
                self::describe((array) Recorder::call($module, 'MetricProvider tenantUsage', null, static function () use ($provider, $tenant) {
                    return $provider->tenantUsage($tenant);
                }));
            }
        } catch (Throwable $error) {
            return ['metrics' => [], 'usage' => (object) [], 'error' => $error->getMessage()];
        }

        return ['metrics' => $metrics, 'usage' => (object) $usage];
    }

    private static function describe(array $metrics): array
    {
        $described = [];
        foreach ($metrics as $metric) {
            $usage = $metric->usage();
            $described[] = [
                'system_name' => $metric->systemName(), 'display_name' => $metric->displayName(), 'type' => $metric->type(),
                'unit' => $metric->units()->type(), 'value' => $usage === null ? null : $usage->value(),
            ];
        }

        return $described;
    }

    /** @return array{0: string, 1: array} the module, and the server keys alone */
    private static function server(array $arguments): array
    {
        $id = Arguments::id($arguments, 'server_id');
        $module = (string) Database::row('tblservers', $id)->type;
        Modules::load($module);

        return [$module, Parameters::server($id, $module)];
    }
}
