<?php

namespace WHMCS\Module\Server\__NAME__;

use WHMCS\Database\Capsule;

/**
 * Operations that were still running when WHMCS's call had to end.
 * After each cron run their results are brought home: WHMCS repeats its own call, so that status and e-mails follow as
 * always, and the gateway answers the repeated call from the operation that has ended. Nothing happens twice.
 */
final class Owed
{
    const COMMANDS = ['create' => 'ModuleCreate', 'suspend' => 'ModuleSuspend', 'unsuspend' => 'ModuleUnsuspend',
        'terminate' => 'ModuleTerminate', 'change_package' => 'ModuleChangePackage'];
    const ADDON_STATUS = ['create' => 'Active', 'suspend' => 'Suspended', 'unsuspend' => 'Active', 'terminate' => 'Terminated'];
    const ENDED = ['Cancelled', 'Terminated', 'Fraud'];

    public static function settle(): void
    {
        try {
            $servers = Capsule::table('tblservers')->where('type', Settings::NAME)->where('disabled', 0)->get();
            foreach ($servers as $server) {
                self::settleServer($server);
            }
        } catch (\Throwable $error) {
            logActivity(Settings::TITLE . ': finished operations could not be read: ' . Module::line($error->getMessage()));
        }
    }

    private static function settleServer($server): void
    {
        try {
            $gateway = Gateway::of([
                'serverpassword' => decrypt($server->password),
                'serveraccesshash' => self::decrypted(Service::text($server->accesshash)),
            ]);
            $operations = $gateway->owed();
        } catch (\Throwable $error) {
            // The Module Log has it, and the next cron run asks again: no line in the activity log every five minutes.
            return;
        }
        foreach ($operations as $operation) {
            try {
                self::settleOperation($gateway, $operation);
            } catch (\Throwable $error) {
                logActivity(Settings::TITLE . ', ' . Service::text($operation['reference'] ?? '') . ': ' . Module::line($error->getMessage()));
            }
        }
    }

    private static function settleOperation(Gateway $gateway, array $operation): void
    {
        if ($operation['status'] === 'pending') {
            return;
        }
        $kind = $operation['operation'];
        list($of, $id) = explode('-', $operation['reference'] . '-');
        $isAddon = $of === 'addon';
        $model = $isAddon ? \WHMCS\Service\Addon::find((int) $id) : \WHMCS\Service\Service::find((int) $id);
        $what = Settings::TITLE . ', ' . ($isAddon ? 'product addon ' : 'service ') . (int) $id . ': ';
        if ($operation['status'] !== 'succeeded') {
            $gateway->acknowledge($operation['operation_id']);
            self::tellStaff($what . "$kind did not succeed: " . Service::text($operation['message'] ?? ''));
        } elseif ($model === null) {
            $gateway->acknowledge($operation['operation_id']);
            self::tellStaff($what . "$kind has succeeded at the vendor, but WHMCS no longer has it. Look there what should remain.");
        } elseif ($kind === 'create' && in_array($model->getAttributes()[$isAddon ? 'status' : 'domainstatus'], self::ENDED, true)) {
            $gateway->acknowledge($operation['operation_id']);
            self::tellStaff($what . 'it was made at the vendor after it had ended in WHMCS. Run Terminate to end it there, too.');
        } elseif (!$isAddon && isset(self::COMMANDS[$kind])) {
            $result = localAPI(self::COMMANDS[$kind], ['serviceid' => (int) $id]);
            if (($result['result'] ?? '') !== 'success') {
                throw new GatewayError("$kind has succeeded at the vendor, but " . self::COMMANDS[$kind] . ' did not: '
                    . Service::text($result['message'] ?? $result['error'] ?? 'no reason given'));
            }
        } else {
            self::bringHome($gateway, $operation, new Service(['model' => $model, 'addonId' => $isAddon ? (int) $id : 0]), $what);
        }
    }

    /** For what WHMCS has no command to repeat: every operation on an addon, and renew, refresh, change_password. */
    private static function bringHome(Gateway $gateway, array $operation, Service $service, string $what): void
    {
        $service->save($operation);
        $kind = $operation['operation'];
        if ($service->isAddon() && isset(self::ADDON_STATUS[$kind])) {
            $id = (int) substr($operation['reference'], strlen('addon-'));
            localAPI('UpdateClientAddon', ['id' => $id, 'status' => self::ADDON_STATUS[$kind]]);
        }
        $gateway->acknowledge($operation['operation_id']);
        if ($kind === 'change_password') {
            self::tellStaff($what . 'the vendor has taken the new password, but WHMCS still shows the old one. Change it once more to have both alike.');
        } else {
            logActivity($what . "$kind has succeeded.");
        }
    }

    private static function tellStaff(string $text): void
    {
        $text = Module::line($text);
        logActivity($text);
        localAPI('SendAdminEmail', [
            'type' => 'system',
            'customsubject' => Settings::TITLE . ' needs a look',
            'custommessage' => htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8'),
        ]);
    }

    /** Some versions of WHMCS keep the access hash encrypted, others as it was entered. */
    private static function decrypted(string $accessHash): string
    {
        $plain = $accessHash === '' ? '' : decrypt($accessHash);
        return is_string($plain) && preg_match('/^[\x21-\x7e\s]+$/', $plain) === 1 ? $plain : $accessHash;
    }
}
