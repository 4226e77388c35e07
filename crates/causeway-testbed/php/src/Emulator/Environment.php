<?php

namespace Emulator;

/** The constants, globals and hook files that a module finds on a WHMCS page. */
final class Environment
{
    public static function prepare(Request $request): void
    {
        $install = self::installFolder();
        define('WHMCS', true);
        define('ROOTDIR', $install . '/whmcs');
        Database::connect($install . '/whmcs.sqlite');
        if ($request->command === 'setup') {
            return;
        }
        if (!Database::isSetUp()) {
            throw new UsageError('the installation has no database yet: play the command "setup" first');
        }
        WebPage::enter($request);
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
        $_SERVER['HTTP_HOST'] = (string) parse_url((string) $CONFIG['SystemURL'], PHP_URL_HOST);
    }
}
