//! Modules as they come: what they return, print and throw, and what they miss, is seen.

use std::{fs, os::unix::fs::symlink, time::Duration};

use causeway_testbed::emulator::{
    Client, Emulator, EmulatorError, EmulatorSettings, PhpSettings, Product, Status,
};
use serde_json::json;

use crate::emulator_support::{Shop, module_folder, record, shop, tinyhost};

const NASTY: &str = r#"<?php
function nasty_CreateAccount(array $params) {
    switch ($params['domain']) {
        case 'array.example': return ['error' => 'no credit'];
        case 'null.example': return null;
        case 'throws.example': throw new RuntimeException('vendor exploded');
        case 'type-error.example': return strlen([]);
        case 'exits.example': echo 'bye'; exit;
        case 'noisy.example': echo 'printed'; $list = []; echo $list['absent']; return 'success';
        case 'redirects.example': header('Location: https://elsewhere.example/'); http_response_code(302); return 'success';
        case 'buffers.example': while (ob_get_level() > 0) { ob_end_flush(); } echo "straight out\n"; return 'success';
        case 'binary.example': return "broken \xff utf-8";
    }
}
"#;

#[tokio::test]
async fn what_a_function_really_did_is_recorded() {
    let Shop {
        product, client, ..
    } = shop("nasty", &[("nasty.php", NASTY)]).await;
    let create = async |domain: &str| {
        let order = client.buys(product, domain).await.unwrap();
        let mut calls = order.pays().await.unwrap();
        let status = order.service().unwrap().status().await.unwrap();
        (calls.remove(0), status)
    };

    let (outcome, status) = create("array.example").await;
    let returned = record(&outcome.calls, "CreateAccount")
        .returned
        .clone()
        .unwrap();
    assert_eq!(
        (returned.kind.as_str(), &returned.value["error"]),
        ("array", &json!("no credit"))
    );
    assert_eq!((outcome.success, status), (false, Status::Pending));

    let (outcome, status) = create("null.example").await;
    let returned = record(&outcome.calls, "CreateAccount")
        .returned
        .clone()
        .unwrap();
    assert_eq!(returned.kind, "NULL");
    assert_eq!((outcome.success, status), (false, Status::Pending));

    let (outcome, status) = create("throws.example").await;
    let threw = record(&outcome.calls, "CreateAccount")
        .threw
        .clone()
        .unwrap();
    assert_eq!(
        (threw.class.as_str(), threw.message.as_str()),
        ("RuntimeException", "vendor exploded")
    );
    assert!(
        threw.file.ends_with("nasty.php") && threw.line == 6,
        "{threw:?}"
    );
    assert!(outcome.message.contains("vendor exploded"));
    assert_eq!((outcome.success, status), (false, Status::Pending));

    let (outcome, _) = create("type-error.example").await;
    let threw = record(&outcome.calls, "CreateAccount")
        .threw
        .clone()
        .unwrap();
    assert_eq!(threw.class, "TypeError");

    let (outcome, status) = create("exits.example").await;
    let call = record(&outcome.calls, "CreateAccount");
    assert!(call.exited);
    assert_eq!(call.output, "bye");
    assert_eq!((outcome.success, status), (false, Status::Pending));

    let (outcome, status) = create("noisy.example").await;
    let call = record(&outcome.calls, "CreateAccount");
    assert_eq!(call.output, "printed");
    assert!(
        call.warnings
            .iter()
            .any(|warning| warning.message.contains("absent")),
        "{call:?}"
    );
    assert_eq!((outcome.success, status), (true, Status::Active));

    for domain in ["redirects.example", "buffers.example"] {
        let (outcome, status) = create(domain).await;
        assert_eq!(
            (outcome.success, status),
            (true, Status::Active),
            "{domain}"
        );
    }

    let (outcome, _) = create("binary.example").await;
    assert!(
        outcome.message.starts_with("broken "),
        "{}",
        outcome.message
    );
}

#[tokio::test]
async fn what_the_emulator_lacks_is_named_even_when_the_module_hides_it() {
    let module = r#"<?php
function wants_CreateAccount(array $params) {
    if ($params['domain'] === 'future.example') {
        return whmcsFunctionOfTheFuture($params);
    }
    try {
        switch ($params['domain']) {
            case 'function.example': return getPricingInfo();
            case 'class.example': return new \WHMCS\Future\Thing();
            case 'table.example': \WHMCS\Database\Capsule::table('tblfuture')->get(); return 'success';
            case 'api.example': localAPI('FutureCommand', []); return 'success';
        }
    } catch (\Throwable $hidden) {
        return 'success';
    }
}
"#;
    let Shop {
        product, client, ..
    } = shop("wants", &[("wants.php", module)]).await;

    for (domain, name) in [
        ("function.example", "getPricingInfo"),
        ("future.example", "whmcsFunctionOfTheFuture"),
        ("class.example", "WHMCS\\Future\\Thing"),
        ("table.example", "tblfuture"),
        ("api.example", "FutureCommand"),
    ] {
        let order = client.buys(product, domain).await.unwrap();
        let error = order.pays().await.unwrap_err();
        let EmulatorError::MissingInEmulator { what, place, .. } = &error else {
            panic!("{domain}: {error}");
        };
        assert!(what.contains(name), "{domain}: {what}");
        assert!(place.contains("wants.php"), "{domain}: {place}");
        assert!(error.to_string().contains("never pretends"), "{error}");
    }
}

#[tokio::test]
async fn modules_that_define_the_same_names_do_not_meet() {
    let one = "<?php function helper() { return 'one'; } function onemod_CreateAccount($p) { return helper(); }";
    let two = "<?php function helper() { return 'two'; } function twomod_CreateAccount($p) { return helper(); }";
    let Shop {
        whmcs,
        product,
        client,
    } = shop("onemod", &[("onemod.php", one)]).await;
    whmcs
        .install_module(&module_folder("twomod", &[("twomod.php", two)]).path)
        .await
        .unwrap();
    let other = Product::new("twomod", "Two");
    let other = whmcs.add_product(other).await.unwrap();

    let first = client
        .buys(product, "one.example")
        .await
        .unwrap()
        .pays()
        .await
        .unwrap();
    let second = client
        .buys(other, "two.example")
        .await
        .unwrap()
        .pays()
        .await
        .unwrap();

    assert_eq!(
        (first[0].message.as_str(), second[0].message.as_str()),
        ("one", "two")
    );
}

#[tokio::test]
async fn the_module_is_a_copy_and_a_newer_one_replaces_it() {
    let folder = module_folder("tinyhost", &tinyhost());
    let whmcs = Emulator::start(EmulatorSettings::default()).await.unwrap();
    let name = whmcs.install_module(&folder.path).await.unwrap();
    let functions = async || whmcs.module_function_names(&name).await.unwrap();

    // The folder it came from changes: WHMCS's copy does not.
    fs::write(
        folder.path.join("tinyhost.php"),
        "<?php function tinyhost_Newer() {}",
    )
    .unwrap();
    assert!(
        functions()
            .await
            .iter()
            .any(|function| function == "CreateAccount")
    );

    whmcs.install_module(&folder.path).await.unwrap();
    assert_eq!(functions().await, ["Newer"]);
    assert!(
        !whmcs
            .installation()
            .whmcs()
            .join("modules/servers/tinyhost/clientarea.tpl")
            .is_symlink()
    );
}

#[tokio::test]
async fn folders_that_are_no_module_are_refused_with_the_reason() {
    let whmcs = Emulator::start(EmulatorSettings::default()).await.unwrap();
    let refusal = async |folder: &std::path::Path| {
        let error = whmcs.install_module(folder).await.unwrap_err();
        assert!(matches!(error, EmulatorError::NotAModule { .. }), "{error}");
        error.to_string()
    };

    let without_file = module_folder("lonely", &[("readme.md", "nothing")]);
    assert!(
        refusal(&without_file.path)
            .await
            .contains("lonely/lonely.php")
    );

    let badly_named = module_folder("Bad-Name", &[("Bad-Name.php", "<?php")]);
    assert!(
        refusal(&badly_named.path)
            .await
            .contains("letters and digits")
    );

    let linking = module_folder("linking", &[("linking.php", "<?php")]);
    symlink("/etc/hostname", linking.path.join("link.php")).unwrap();
    assert!(refusal(&linking.path).await.contains("symbolic link"));
}

#[tokio::test]
async fn nothing_stays_behind() {
    let Shop {
        whmcs,
        product,
        client,
    } = shop("tinyhost", &tinyhost()).await;
    client
        .buys(product, "example.com")
        .await
        .unwrap()
        .pays()
        .await
        .unwrap();
    let folder = whmcs.installation().folder().to_owned();
    let process = std::path::PathBuf::from(format!("/proc/{}", whmcs.php_process_id()));
    assert!(folder.exists() && process.exists());

    drop((whmcs, client));

    assert!(!folder.exists());
    assert!(!process.exists());
}

#[tokio::test]
async fn a_broken_module_file_is_reported_as_php_says_it() {
    let whmcs = Emulator::start(EmulatorSettings::default()).await.unwrap();
    let folder = module_folder(
        "broken",
        &[("broken.php", "<?php function broken_CreateAccount( {")],
    );
    let name = whmcs.install_module(&folder.path).await.unwrap();

    let answer = whmcs.module_function_names(&name).await;

    let error = answer.unwrap_err().to_string();
    assert!(
        error.contains("syntax error") && error.contains("broken.php"),
        "{error}"
    );
}

#[tokio::test]
async fn a_module_that_hangs_is_given_up_and_the_next_call_works() {
    let module = "<?php function hangs_CreateAccount($p) { if ($p['domain'] === 'hangs.example') { sleep(600); } return 'success'; }";
    let settings = EmulatorSettings {
        php: PhpSettings {
            request_limit: Duration::from_secs(2),
            ..PhpSettings::default()
        },
        ..EmulatorSettings::default()
    };
    let whmcs = Emulator::start(settings).await.unwrap();
    let folder = module_folder("hangs", &[("hangs.php", module)]);
    whmcs.install_module(&folder.path).await.unwrap();
    let product = whmcs
        .add_product(Product::new("hangs", "Hangs"))
        .await
        .unwrap();
    let client = whmcs
        .add_client(Client::named("Ada", "Lovelace"))
        .await
        .unwrap();

    let hanging = client.buys(product, "hangs.example").await.unwrap();
    let error = hanging.pays().await.unwrap_err().to_string();
    let quick = client.buys(product, "quick.example").await.unwrap();
    let calls = quick.pays().await.unwrap();

    assert!(
        error.contains("module_call") && error.contains("no answer within 2s"),
        "{error}"
    );
    assert!(calls[0].success);
}

#[tokio::test]
async fn absent_php_libraries_are_explained_with_what_to_install() {
    let mut settings = EmulatorSettings::default();
    settings
        .php
        .ini
        .insert("include_path".into(), "/nowhere".into());

    let error = Emulator::start(settings).await.unwrap_err();

    assert!(
        matches!(error, EmulatorError::PhpLibrariesMissing { .. }),
        "{error}"
    );
    let text = error.to_string();
    assert!(
        text.contains("Illuminate") && text.contains("php-illuminate-database"),
        "{text}"
    );
}
