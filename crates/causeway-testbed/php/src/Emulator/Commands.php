<?php

namespace Emulator;

/** The commands of the interface, each with the method that plays it. */
final class Commands
{
    const PLAYED_BY = [
        'setup' => [Setup::class, 'run'],
        'query' => [Database::class, 'queryByCommand'],
        'add_server' => [Catalogue::class, 'addServer'],
        'add_product' => [Catalogue::class, 'addProduct'],
        'add_product_addon' => [Catalogue::class, 'addProductAddon'],
        'save_product_options' => [Catalogue::class, 'saveProductOptions'],
        'add_client' => [Clients::class, 'add'],
        'place_order' => [Orders::class, 'placeByCommand'],
        'accept_order' => [Orders::class, 'acceptByCommand'],
        'pay_invoice' => [Payments::class, 'payByCommand'],
        'advance_clock' => [Automation::class, 'advanceClock'],
        'run_daily_cron' => [Automation::class, 'runDaily'],
        'run_cron_hooks' => [Automation::class, 'runAfterCronHooks'],
        'request_cancellation' => [Cancellations::class, 'requestByCommand'],
        'upgrade' => [Upgrades::class, 'orderByCommand'],
        'change_password' => [ModuleCall::class, 'owePasswordChange'],
        'module_call' => [ModuleCall::class, 'playByCommand'],
        'module_queue' => [Queue::class, 'entries'],
        'retry_queue' => [Queue::class, 'retry'],
        'product_form' => [ProductForm::class, 'show'],
        'test_connection' => [ServerTools::class, 'testConnection'],
        'list_accounts' => [ServerTools::class, 'listAccounts'],
        'usage_update' => [ServerTools::class, 'usageUpdate'],
        'metrics' => [ServerTools::class, 'metrics'],
        'client_area' => [ClientPage::class, 'show'],
        'admin_service_page' => [AdminPage::class, 'show'],
        'save_admin_service_page' => [AdminPage::class, 'save'],
        'single_sign_on' => [Buttons::class, 'singleSignOn'],
        'client_page' => [ClientPages::class, 'show'],
        'client_buttons' => [Buttons::class, 'forClient'],
        'custom_button' => [Buttons::class, 'press'],
        'custom_actions' => [Buttons::class, 'customActions'],
        'run_hook' => [Hooks::class, 'runByCommand'],
        'local_api' => [LocalApi::class, 'callByCommand'],
        'module_meta_data' => [Modules::class, 'metaDataByCommand'],
        'module_function_names' => [Modules::class, 'functionNamesByCommand'],
    ];

    public static function run(string $command, array $arguments)
    {
        if (!isset(self::PLAYED_BY[$command])) {
            throw new UsageError("unknown command \"$command\"");
        }

        return call_user_func(self::PLAYED_BY[$command], $arguments);
    }
}
