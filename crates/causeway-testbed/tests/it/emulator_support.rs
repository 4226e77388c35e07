//! What the emulator's tests share: module folders written on the spot, and a small shop.

use std::{fs, path::PathBuf};

use causeway_testbed::emulator::{
    CallOutcome, CallRecord, Client, ClientAccount, Emulator, EmulatorSettings, Product, ProductId,
    Server,
};
use tempfile::TempDir;

/// A module folder `<name>` with the files given, in a temporary folder.
pub struct ModuleFolder {
    pub path: PathBuf,
    _temporary: TempDir,
}

pub fn module_folder(name: &str, files: &[(&str, &str)]) -> ModuleFolder {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join(name);
    for (file, content) in files {
        let file = path.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }
    ModuleFolder {
        path,
        _temporary: temporary,
    }
}

pub struct Shop {
    pub whmcs: Emulator,
    pub product: ProductId,
    pub client: ClientAccount,
}

/// A WHMCS that sells one product of one module to Ada.
pub async fn shop(module: &str, files: &[(&str, &str)]) -> Shop {
    shop_with(module, files, |product| product).await
}

pub async fn shop_with(
    module: &str,
    files: &[(&str, &str)],
    describe: impl FnOnce(Product) -> Product,
) -> Shop {
    let whmcs = Emulator::start(EmulatorSettings::default()).await.unwrap();
    whmcs
        .install_module(&module_folder(module, files).path)
        .await
        .unwrap();
    let server = Server::new(module)
        .port(8080)
        .username("provider")
        .password("s3cret");
    let server = whmcs.add_server(server).await.unwrap();
    let product = Product::new(module, "Tiny Pro")
        .option(1, "pro")
        .server(server);
    let product = whmcs.add_product(describe(product)).await.unwrap();
    let client = whmcs
        .add_client(Client::named("Ada", "Lovelace"))
        .await
        .unwrap();
    Shop {
        whmcs,
        product,
        client,
    }
}

/// The functions called, in their order.
pub fn functions(outcomes: &[CallOutcome]) -> Vec<&str> {
    outcomes
        .iter()
        .map(|outcome| outcome.due.function.as_str())
        .collect()
}

/// The only record of a function among the calls.
pub fn record<'a>(calls: &'a [CallRecord], function: &str) -> &'a CallRecord {
    let mut found = calls.iter().filter(|call| call.function == function);
    let record = found
        .next()
        .unwrap_or_else(|| panic!("no call of {function} in {calls:#?}"));
    assert!(
        found.next().is_none(),
        "{function} was called more than once"
    );
    record
}

/// A well-behaved module whose vendor is a file: it is down while `vendor-down` lies in WHMCS's
/// folder.
pub const TINYHOST: &str = r#"<?php
if (!defined('WHMCS')) { die('This file cannot be accessed directly'); }

function tinyhost_MetaData() { return ['DisplayName' => 'Tiny Host', 'APIVersion' => '1.1', 'RequiresServer' => true]; }

function tinyhost_ConfigOptions() {
    return ['plan' => ['FriendlyName' => 'Plan', 'Type' => 'dropdown', 'Options' => ['basic' => 'Basic', 'pro' => 'Pro']]];
}

function tinyhost_TestConnection(array $params) {
    return ['success' => $params['serverpassword'] === 's3cret', 'error' => 'wrong password'];
}

function tinyhost_vendor(array $params, string $action) {
    $answer = file_exists(ROOTDIR . '/vendor-down') ? 'vendor unreachable' : 'success';
    logModuleCall('tinyhost', $action, $params['serverpassword'] . ' ' . $params['domain'], $answer, $answer, [$params['serverpassword']]);
    return $answer;
}

function tinyhost_CreateAccount(array $params) {
    $answer = tinyhost_vendor($params, 'create');
    if ($answer === 'success') {
        $params['model']->serviceProperties->save([
            'Tiny ID' => ($params['addonId'] ? 'addon-' . $params['addonId'] : 'service-' . $params['serviceid']),
            'Plan' => $params['configoption1'],
        ]);
    }
    return $answer;
}

function tinyhost_SuspendAccount(array $params) { return tinyhost_vendor($params, 'suspend'); }
function tinyhost_UnsuspendAccount(array $params) { return tinyhost_vendor($params, 'unsuspend'); }
function tinyhost_TerminateAccount(array $params) { return tinyhost_vendor($params, 'terminate'); }
function tinyhost_Renew(array $params) { return tinyhost_vendor($params, 'renew'); }
function tinyhost_ChangePassword(array $params) { return tinyhost_vendor($params, 'password ' . $params['password']); }

function tinyhost_ChangePackage(array $params) {
    $params['model']->serviceProperties->save(['Plan' => $params['configoption1']]);
    return tinyhost_vendor($params, 'change');
}

function tinyhost_ServiceSingleSignOn(array $params) {
    return ['success' => true, 'redirectTo' => 'https://panel.example.com/' . $params['model']->serviceProperties->get('Tiny ID')];
}

function tinyhost_AdminCustomButtonArray() { return ['Ping it' => 'ping']; }
function tinyhost_ping(array $params) { return 'success'; }

function tinyhost_AdminServicesTabFields(array $params) { return ['Tiny ID' => $params['model']->serviceProperties->get('Tiny ID')]; }

function tinyhost_ClientArea(array $params) {
    return ['templatefile' => 'clientarea', 'vars' => ['tinyId' => $params['model']->serviceProperties->get('Tiny ID')]];
}
"#;

pub const TINYHOST_PAGE: &str = "<p class=\"tiny\">Your id is {$tinyId|escape}.</p>";

pub fn tinyhost() -> [(&'static str, &'static str); 2] {
    [
        ("tinyhost.php", TINYHOST),
        ("clientarea.tpl", TINYHOST_PAGE),
    ]
}
