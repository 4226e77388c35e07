<?php

namespace Emulator;

/** The constants, globals and hook files that a module finds on a WHMCS page. */
final class Environment
{
    const CLIENT_COMMANDS = ['client_area', 'client_buttons', 'place_order', 'request_cancellation', 'upgrade', 'change_password'];
    const ADMIN_COMMANDS = ['admin_service_page', 'test_connection', 'product_form', 'save_product_options', 'accept_order', 'module_call', 'retry_queue'];

    public static function prepare(Request $request): void
    {
        $install = self::installFolder();
        define('WHMCS', true);
        define('ROOTDIR', $install . '/whmcs');
        Database::connect($install);
        if (in_array($request->command, ['setup', 'query'], true)) {
            return;
        }
        if (!Database::isSetUp()) {
            throw new UsageError('the installation has no database yet: play the command "setup" first');
        }
        self::defineArea($request);
        self::setGlobals($request);
        Language::load((string) ($request->arguments['language'] ?? ''));
        Hooks::loadFiles();
    }

    private static function installFolder(): string
    {
        $folder = $_SERVER['INSTALL_DIR'] ?? getenv('INSTALL_DIR');
        if (!is_string($folder) || !is_dir($folder . '/whmcs')) {
            throw new UsageError('INSTALL_DIR does not name an installation folder');
        }

        return rtrim($folder, '/');
    }

    private static function defineArea(Request $request): void
    {
        $as = $request->arguments['as'] ?? '';
        if ($as === 'client' || in_array($request->command, self::CLIENT_COMMANDS, true)) {
            define('CLIENTAREA', true);
        } elseif ($as === 'admin' || in_array($request->command, self::ADMIN_COMMANDS, true)) {
            define('ADMINAREA', true);
        }
    }

    private static function setGlobals(Request $request): void
    {
        global $CONFIG, $_SESSION, $cc_encryption_hash, $templates_compiledir, $customadminpath, $whmcs;
        $CONFIG = Database::table('tblconfiguration')->pluck('value', 'setting')->all();
        $cc_encryption_hash = Secrets::key();
        $templates_compiledir = ROOTDIR . '/templates_c';
        $customadminpath = 'admin';
        $whmcs = new \App();
        $_SESSION = [];
        $arguments = $request->arguments;
        $asked = (array) ($arguments['request'] ?? []);
        if (isset($arguments['service_id'])) {
            $asked += defined('CLIENTAREA')
                ? ['action' => 'productdetails', 'id' => (string) $arguments['service_id']]
                : ['id' => (string) $arguments['service_id']];
        }
        if (defined('CLIENTAREA')) {
            $client = $arguments['client_id'] ?? Database::table('tblhosting')->where('id', $arguments['service_id'] ?? 0)->value('userid');
            $_SESSION['uid'] = (int) $client;
        } elseif (defined('ADMINAREA')) {
            $_SESSION['adminid'] = 1;
        }
        $_GET = $asked;
        $_POST = (array) ($arguments['post'] ?? []);
        $_REQUEST = $_POST + $_GET;
        $_SERVER['REMOTE_ADDR'] = $_SERVER['REMOTE_ADDR'] ?? '127.0.0.1';
        $_SERVER['SCRIPT_NAME'] = defined('CLIENTAREA') ? '/clientarea.php' : '/admin/clientsservices.php';
        $_SERVER['PHP_SELF'] = $_SERVER['SCRIPT_NAME'];
        $_SERVER['HTTP_HOST'] = (string) parse_url((string) $CONFIG['SystemURL'], PHP_URL_HOST);
    }
}
