//! A module's vendor, recorded while the module talked to it, and played to the same module.

use std::path::Path;

use causeway_testbed::emulator::{
    CallOutcome, Client, Emulator, EmulatorSettings, PhpSettings, Product, Server,
};
use causeway_testbed::interceptor::{Interceptor, InterceptorSettings};
use causeway_testbed::recording::{Recorder, RecorderSettings};
use causeway_testbed::scripted_vendor::{Credentials, ScriptedVendor, VendorScript};
use serde::Deserialize;

/// What a provider enters for a sample (`expected.toml`).
#[derive(Deserialize)]
struct Entered {
    server: EnteredServer,
    options: std::collections::BTreeMap<String, String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct EnteredServer {
    username: String,
    password: String,
    access_hash: String,
}

impl EnteredServer {
    fn credentials(&self) -> Credentials {
        Credentials {
            username: self.username.clone(),
            password: self.password.clone(),
            access_hash: self.access_hash.clone(),
        }
    }
}

fn sample(name: &str, file: &str) -> String {
    std::fs::read_to_string(folder(name).join(file)).unwrap()
}

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../testdata/modules/{name}"))
}

/// What a whole life of a service came to, call by call, with the vendor at `api`.
async fn life(name: &str, entered: &Entered, api: &str) -> Vec<String> {
    let upstream = api.parse().unwrap();
    let interceptor = Interceptor::start(InterceptorSettings { upstream })
        .await
        .unwrap();
    let php = PhpSettings {
        workers: 2,
        environment: interceptor.environment(),
        ini: interceptor.ini(),
        ..PhpSettings::default()
    };
    let settings = EmulatorSettings {
        php,
        ..EmulatorSettings::default()
    };
    let whmcs = Emulator::start(settings).await.unwrap();
    let module = folder(name).join("modules/servers").join(name);
    whmcs.install_module(&module).await.unwrap();
    let server = Server::new(name)
        .hostname("api.vendor.example")
        .username(&entered.server.username)
        .password(&entered.server.password)
        .access_hash(&entered.server.access_hash)
        .secure();
    let server = whmcs.add_server(server).await.unwrap();
    let mut product = Product::new(name, "Sample").server(server);
    for (option, value) in &entered.options {
        let number = option.trim_start_matches("configoption").parse().unwrap();
        product = product.option(number, value);
    }
    let product = whmcs.add_product(product).await.unwrap();
    let client = whmcs
        .add_client(Client::named("Ada", "Lovelace"))
        .await
        .unwrap();
    let mut told = Vec::new();
    for domain in ["one.example", "two.example"] {
        let order = client.buys(product, domain).await.unwrap();
        let mut calls: Vec<CallOutcome> = order.pays().await.unwrap();
        let service = order.service().unwrap();
        for function in [
            "SuspendAccount",
            "UnsuspendAccount",
            "ChangePassword",
            "TerminateAccount",
        ] {
            calls.push(service.run(function).await.unwrap());
        }
        told.extend(
            calls
                .into_iter()
                .map(|call| format!("{} {} {}", call.due.function, call.success, call.message)),
        );
        told.push(format!("{:?}", service.status().await.unwrap()));
    }
    told
}

/// Records a sample's vendor, and plays what was recorded to the sample again.
async fn round_trip(name: &str) {
    let entered: Entered = toml::from_str(&sample(name, "expected.toml")).unwrap();
    let credentials = entered.server.credentials();
    let script = VendorScript::parse(&sample(name, "vendor.toml")).unwrap();
    let original = ScriptedVendor::start(script, credentials.clone())
        .await
        .unwrap();
    let recorder = Recorder::start(RecorderSettings::before(original.api().parse().unwrap()))
        .await
        .unwrap();
    let first = life(name, &entered, &recorder.api()).await;
    let recorded = recorder.recording().vendor_script().text;
    for secret in [&entered.server.password, &entered.server.access_hash] {
        assert!(
            secret.is_empty() || !recorded.contains(secret),
            "{recorded}"
        );
    }
    assert!(first[0].starts_with("CreateAccount true"), "{first:#?}");
    assert!(original.unmatched().is_empty());

    let script = VendorScript::parse(&recorded).unwrap();
    let second = ScriptedVendor::start(script, credentials).await.unwrap();
    assert_eq!(
        life(name, &entered, &second.api()).await,
        first,
        "{recorded}"
    );
    let paths = |vendor: &ScriptedVendor| -> Vec<String> {
        let requests = vendor.requests().into_iter();
        requests
            .map(|request| format!("{} {} {}", request.method, request.path, request.status))
            .collect()
    };
    assert_eq!(paths(&second), paths(&original), "{recorded}");
    assert!(
        second.script_errors().is_empty(),
        "{:?}",
        second.script_errors()
    );
    println!("{recorded}");
}

#[tokio::test]
async fn collections_with_actions() {
    round_trip("nimbusbackup").await;
}

#[tokio::test]
async fn answers_in_envelopes_and_a_user_with_a_password() {
    round_trip("sealmonitor").await;
}

#[tokio::test]
async fn ids_at_random_and_a_state_that_is_sent() {
    round_trip("vpsforge").await;
}

#[tokio::test]
async fn one_path_for_everything() {
    round_trip("licensio").await;
}
