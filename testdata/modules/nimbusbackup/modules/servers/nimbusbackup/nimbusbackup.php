<?php

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\NimbusBackup\Account;
use WHMCS\Module\Server\NimbusBackup\Api;
use WHMCS\Module\Server\NimbusBackup\Text;

function nimbusbackup_MetaData()
{
    return [
        'DisplayName' => 'Nimbus Backup',
        'APIVersion' => '1.1',
        'RequiresServer' => true,
        'DefaultSSLPort' => '443',
        'ServiceSingleSignOnLabel' => 'Open Nimbus Backup',
        'ListAccountsUniqueIdentifierDisplayName' => 'Account',
        'ListAccountsUniqueIdentifierField' => 'customfield.Nimbus Account',
        'ListAccountsProductField' => 'configoption1',
    ];
}

function nimbusbackup_ConfigOptions()
{
    return [
        'plan' => [
            'FriendlyName' => 'Plan',
            'Type' => 'text',
            'Size' => '25',
            'Loader' => 'nimbusbackup_LoadPlans',
            'SimpleMode' => true,
        ],
        'region' => [
            'FriendlyName' => 'Region',
            'Type' => 'dropdown',
            'Options' => ['eu' => 'Europe', 'us' => 'United States'],
            'Default' => 'eu',
            'Description' => 'Where the backups are kept',
            'SimpleMode' => true,
        ],
    ];
}

/** WHMCS shows what a loader throws beside the field. */
function nimbusbackup_LoadPlans(array $params)
{
    $plans = [];
    foreach (Api::forOperation($params)->list('/plans') as $plan) {
        $plans[(string) $plan['id']] = (string) ($plan['name'] ?? $plan['id']);
    }

    return $plans;
}

function nimbusbackup_TestConnection(array $params)
{
    try {
        $reseller = Api::forOperation($params)->get('/reseller');
        if (!isset($reseller['name'])) {
            return ['success' => false, 'error' => 'Nimbus Backup answered, but not with the reseller account. Check the host name.'];
        }

        return ['success' => true, 'error' => ''];
    } catch (\Throwable $error) {
        return ['success' => false, 'error' => Text::line($error)];
    }
}

function nimbusbackup_CreateAccount(array $params)
{
    try {
        Account::of($params)->create();

        return 'success';
    } catch (\Throwable $error) {
        return Text::line($error);
    }
}

function nimbusbackup_SuspendAccount(array $params)
{
    try {
        Account::of($params)->suspend();

        return 'success';
    } catch (\Throwable $error) {
        return Text::line($error);
    }
}

function nimbusbackup_UnsuspendAccount(array $params)
{
    try {
        Account::of($params)->unsuspend();

        return 'success';
    } catch (\Throwable $error) {
        return Text::line($error);
    }
}

function nimbusbackup_TerminateAccount(array $params)
{
    try {
        Account::of($params)->terminate();

        return 'success';
    } catch (\Throwable $error) {
        return Text::line($error);
    }
}

function nimbusbackup_ChangePackage(array $params)
{
    try {
        Account::of($params)->changePlan();

        return 'success';
    } catch (\Throwable $error) {
        return Text::line($error);
    }
}

function nimbusbackup_ChangePassword(array $params)
{
    try {
        Account::of($params)->changePassword();

        return 'success';
    } catch (\Throwable $error) {
        return Text::line($error);
    }
}

function nimbusbackup_ServiceSingleSignOn(array $params)
{
    try {
        return ['success' => true, 'redirectTo' => Account::of($params)->loginAddress()];
    } catch (\Throwable $error) {
        return ['success' => false, 'errorMsg' => Text::line($error)];
    }
}

/** What is saved is always shown; how much is stored only when the vendor answers soon. */
function nimbusbackup_ClientArea(array $params)
{
    $page = ['account' => '', 'restoreKey' => '', 'stored' => null];
    try {
        $properties = $params['model']->serviceProperties;
        $page['account'] = (string) $properties->get('Nimbus Account');
        $page['restoreKey'] = (string) $properties->get('Nimbus Restore Key');
        $found = Account::ofPage($params)->find();
        $page['stored'] = $found === null ? null : (int) ($found['used_megabytes'] ?? 0);
    } catch (\Throwable $error) {
        logActivity('Nimbus Backup, service ' . (int) $params['serviceid'] . ': the product page could not be filled: ' . Text::line($error));
    }

    return ['tabOverviewModuleOutputTemplate' => 'templates/overview.tpl', 'templateVariables' => ['nimbus' => $page]];
}

function nimbusbackup_AdminServicesTabFields(array $params)
{
    try {
        $found = Account::ofPage($params)->find();
        if ($found === null) {
            return ['Nimbus Backup' => 'There is no account for this service.'];
        }

        return [
            'Account' => Text::html($found['id']),
            'State at Nimbus Backup' => Text::html($found['status'] ?? 'unknown'),
            'Stored' => Text::html((int) ($found['used_megabytes'] ?? 0) . ' MB'),
        ];
    } catch (\Throwable $error) {
        return ['Nimbus Backup' => Text::html(Text::line($error))];
    }
}

function nimbusbackup_UsageUpdate(array $params)
{
    try {
        foreach (Api::forOperation($params)->list('/accounts') as $found) {
            $serviceId = Account::serviceIdOf($found['reference'] ?? '');
            if ($serviceId !== null) {
                Capsule::table('tblhosting')->where('id', $serviceId)->where('server', $params['serverid'])->update([
                    'diskusage' => (int) ($found['used_megabytes'] ?? 0),
                    'disklimit' => (int) ($found['limit_megabytes'] ?? 0),
                    'lastupdate' => date('Y-m-d H:i:s'),
                ]);
            }
        }
    } catch (\Throwable $error) {
        logActivity('Nimbus Backup: the usage could not be read: ' . Text::line($error));
    }
}

function nimbusbackup_ListAccounts(array $params)
{
    try {
        $accounts = [];
        foreach (Api::forOperation($params)->list('/accounts') as $found) {
            $accounts[] = [
                'email' => (string) ($found['email'] ?? ''),
                'username' => (string) ($found['email'] ?? ''),
                'domain' => (string) ($found['domain'] ?? ''),
                'uniqueIdentifier' => (string) $found['id'],
                'product' => (string) ($found['plan'] ?? ''),
                'primaryip' => '',
                'created' => (string) ($found['created_at'] ?? ''),
                'status' => ($found['status'] ?? '') === 'suspended' ? 'Suspended' : 'Active',
            ];
        }

        return ['success' => true, 'accounts' => $accounts];
    } catch (\Throwable $error) {
        return ['success' => false, 'error' => Text::line($error)];
    }
}
