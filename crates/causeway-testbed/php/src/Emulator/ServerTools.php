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

        return (array) Recorder::describe(Modules::call($module, 'ListAccounts', null, $params));
    }

    public static function usageUpdate(array $arguments): array
    {
        [$module, $params] = self::server($arguments);
        $before = self::usageRows();
        if (Modules::has($module, 'UsageUpdate')) {
            Modules::call($module, 'UsageUpdate', null, $params);
        }
        $changed = [];
        foreach (self::usageRows() as $id => $row) {
            if ($row !== $before[$id]) {
                $changed[] = $row;
            }
        }

        return ['changed' => $changed];
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
        $provider = Modules::call($module, 'MetricProvider', null, $params);
        if (!$provider instanceof ProviderInterface) {
            throw new UsageError("{$module}_MetricProvider did not return a ProviderInterface");
        }
        $usage = [];
        foreach ($provider->usage() as $tenant => $metrics) {
            $usage[$tenant] = self::describe($metrics);
        }

        return ['metrics' => self::describe($provider->metrics()), 'usage' => (object) $usage];
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
