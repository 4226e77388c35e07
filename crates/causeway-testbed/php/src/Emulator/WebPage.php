<?php

namespace Emulator;

/** Which of WHMCS's own pages a command plays: modules and hooks look at the script's name, its address and its folder. */
final class WebPage
{
    const OF_CLIENTS = [
        'client_area' => '/clientarea.php', 'client_buttons' => '/clientarea.php', 'client_page' => '/clientarea.php', 'place_order' => '/cart.php',
        'request_cancellation' => '/clientarea.php', 'upgrade' => '/upgrade.php', 'change_password' => '/clientarea.php',
    ];
    const OF_STAFF = [
        'admin_service_page' => '/admin/clientsservices.php', 'save_admin_service_page' => '/admin/clientsservices.php', 'module_call' => '/admin/clientsservices.php',
        'product_form' => '/admin/configproducts.php', 'save_product_options' => '/admin/configproducts.php', 'add_product' => '/admin/configproducts.php',
        'add_product_addon' => '/admin/configaddons.php', 'add_server' => '/admin/configservers.php', 'test_connection' => '/admin/configservers.php',
        'list_accounts' => '/admin/index.php', 'accept_order' => '/admin/orders.php', 'retry_queue' => '/admin/index.php',
    ];
    const OTHERS = ['local_api' => '/includes/api.php', 'run_daily_cron' => '/crons/cron.php', 'run_cron_hooks' => '/crons/cron.php', 'usage_update' => '/crons/cron.php', 'metrics' => '/crons/cron.php'];

    public static function enter(Request $request): void
    {
        $command = $request->command;
        $as = $request->arguments['as'] ?? '';
        if ($as === 'client' || isset(self::OF_CLIENTS[$command])) {
            define('CLIENTAREA', true);
            self::address(self::OF_CLIENTS[$command] ?? '/clientarea.php');
        } elseif ($as === 'admin' || isset(self::OF_STAFF[$command])) {
            define('ADMINAREA', true);
            self::address(self::OF_STAFF[$command] ?? '/admin/clientsservices.php');
            $GLOBALS['aInt'] = new \WHMCS\Admin();
        } else {
            self::address(self::OTHERS[$command] ?? '/index.php');
        }
    }

    /** The page's name as hooks get it: clientsservices. */
    public static function name(): string
    {
        return basename($_SERVER['SCRIPT_NAME'], '.php');
    }

    private static function address(string $script): void
    {
        $_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $_SERVER['REQUEST_URI'] = $script;
        $_SERVER['SCRIPT_FILENAME'] = ROOTDIR . $script;
        $folder = dirname(ROOTDIR . $script);
        if (is_dir($folder) || @mkdir($folder) || is_dir($folder)) {
            chdir($folder);
        }
    }
}
