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
        Database::connect($install);
        if (in_array($request->command, ['setup', 'query'], true)) {
            return;
        }
        if (!Database::isSetUp()) {
            throw new UsageError('the installation has no database yet: play the command "setup" first');
        }
        WebPage::enter($request);
        self::setGlobals();
        self::fillRequest($request);
        Language::load((string) ($request->arguments['language'] ?? ''));
        Hooks::loadFiles();
    }

    /** For a file of WHMCS's folder that a browser opens; who that is, the web server says. */
    public static function prepareVisit(): void
    {
        $install = self::installFolder();
        define('WHMCS', true);
        define('ROOTDIR', $install . '/whmcs');
        Database::connect($install);
        self::setGlobals();
        Sessions::begin((string) ($_SERVER['EMULATOR_VISITOR'] ?? ''));
        Language::load('');
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

    private static function setGlobals(): void
    {
        global $CONFIG, $cc_encryption_hash, $templates_compiledir, $customadminpath, $whmcs;
        $CONFIG = Database::table('tblconfiguration')->pluck('value', 'setting')->all();
        $cc_encryption_hash = Secrets::key();
        $templates_compiledir = ROOTDIR . '/templates_c';
        $customadminpath = 'admin';
        $whmcs = new \App();
    }

    private static function fillRequest(Request $request): void
    {
        global $CONFIG;
        $arguments = $request->arguments;
        $asked = (array) ($arguments['request'] ?? []);
        if (isset($arguments['service_id'])) {
            $asked += defined('CLIENTAREA')
                ? ['action' => 'productdetails', 'id' => (string) $arguments['service_id']]
                : ['id' => (string) $arguments['service_id']];
        }
        if (defined('CLIENTAREA')) {
            $client = $arguments['client_id'] ?? Database::table('tblhosting')->where('id', $arguments['service_id'] ?? 0)->value('userid');
            Sessions::begin('client ' . (int) $client);
        } else {
            Sessions::begin(defined('ADMINAREA') ? 'admin 1' : '');
        }
        $_GET = $asked;
        $_POST = (array) ($arguments['post'] ?? []);
        $_REQUEST = $_POST + $_GET;
        $_SERVER['REMOTE_ADDR'] = $_SERVER['REMOTE_ADDR'] ?? '127.0.0.1';
        $_SERVER['HTTP_HOST'] = (string) parse_url((string) $CONFIG['SystemURL'], PHP_URL_HOST);
    }
}
