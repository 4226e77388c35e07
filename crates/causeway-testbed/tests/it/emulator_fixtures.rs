//! The fixture modules under php-fpm: a well-made one, one in the manner of WHMCS 5, a nasty one.

use std::path::{Path, PathBuf};

use causeway_testbed::emulator::{
    Addon, Cancellation, Client, ClientAccount, Command, Emulator, EmulatorError, EmulatorSettings,
    Item, Presser, Product, ProductId, Server, ServerId, Status,
};
use serde_json::{Value, json};

use crate::emulator_support::{functions, record};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/modules")
        .join(name)
}

struct Shop {
    whmcs: Emulator,
    server: ServerId,
    product: ProductId,
    client: ClientAccount,
}

async fn shop(module: &str) -> Shop {
    let whmcs = Emulator::start(EmulatorSettings::default()).await.unwrap();
    whmcs.install_module(fixture(module)).await.unwrap();
    let server = Server::new(module).hostname("one.vendor.example").secure();
    let server = whmcs
        .add_server(server.password("secret & <token>"))
        .await
        .unwrap();
    let product = Product::new(module, "Sold")
        .option(1, "small")
        .server(server);
    let product = whmcs
        .add_product(product.staff_field("Note"))
        .await
        .unwrap();
    let client = whmcs
        .add_client(Client::named("Ann", "O'Hara"))
        .await
        .unwrap();
    Shop {
        whmcs,
        server,
        product,
        client,
    }
}

#[tokio::test]
async fn a_well_made_module_finds_everything_it_expects() {
    let Shop {
        whmcs,
        server,
        product,
        client,
    } = shop("goodhost").await;

    let order = client.buys(product, "ann.example").await.unwrap();
    let calls = order.pays().await.unwrap();
    let service = order.service().unwrap();
    let create = record(&calls[0].calls, "CreateAccount");
    assert!(calls[0].success, "{}", calls[0].message);
    assert!(
        create.warnings.is_empty() && create.output.is_empty(),
        "{create:?}"
    );
    let hooks = whmcs.database().activity_log().await.unwrap();
    for hook in [
        "InvoicePaidPreEmail",
        "AfterModuleCreate",
        "InvoicePaid",
        "OrderPaid",
    ] {
        assert!(
            hooks.contains(&format!("goodhost hook {hook}")),
            "{hook}: {hooks:#?}"
        );
    }

    let page = service.client_area().await.unwrap();
    assert!(
        page.html.contains("<p class=\"vendor-id\">v-1</p>"),
        "{}",
        page.html
    );
    assert!(page.warnings.is_empty(), "{:?}", page.warnings);
    assert!(
        service
            .presses(Presser::Client, "reboot")
            .await
            .unwrap()
            .success
    );
    let hidden = service
        .presses(Presser::Client, "TerminateAccount")
        .await
        .unwrap();
    assert!(
        !hidden.success,
        "clients press only what the module offers them"
    );
    let login = service.single_sign_on().await.unwrap();
    assert_eq!(
        login.redirect_to.as_deref(),
        Some("https://one.vendor.example:8443/sso")
    );

    let name = whmcs.install_module(fixture("goodhost")).await.unwrap();
    let form = whmcs.product_form(&name, Some(product)).await.unwrap();
    assert_eq!(
        form.fields[0].choices["large"],
        json!("Large on one.vendor.example")
    );
    let metrics = whmcs
        .ask::<Value>(Command::Metrics { server_id: server })
        .await
        .unwrap();
    assert_eq!(metrics.result["usage"]["one"][0]["value"], json!(7.5));
    let usage = whmcs
        .ask::<Value>(Command::UsageUpdate { server_id: server })
        .await
        .unwrap();
    assert_eq!(usage.result["changed"][0]["diskusage"], json!(12));

    let short = service.change_password("short").await.unwrap();
    assert_eq!(short[0].message, "the password is too short");
    assert_ne!(service.password().await.unwrap(), "short");
}

#[tokio::test]
async fn a_module_in_the_manner_of_whmcs_5_works() {
    let Shop {
        whmcs,
        product,
        client,
        ..
    } = shop("oldstyle").await;

    let order = client.buys(product, "old.example").await.unwrap();
    let calls = order.pays().await.unwrap();
    let service = order.service().unwrap();

    assert!(calls[0].success, "{}", calls[0].message);
    assert_eq!(service.row().await.unwrap().username, "old1");
    let own_table = whmcs
        .database()
        .query("SELECT note FROM mod_oldstyle")
        .await
        .unwrap();
    assert_eq!(own_table[0]["note"], "changed");
    let page = service.client_area().await.unwrap();
    assert!(
        page.html.contains("<li>2. B: 2 &amp; three</li>"),
        "{}",
        page.html
    );
}

#[tokio::test]
async fn an_addon_of_a_well_made_module_is_cancelled_before_its_service() {
    let Shop {
        whmcs,
        server,
        product,
        client,
    } = shop("goodhost").await;
    let addon = Addon::new("goodhost", "Extra")
        .option(1, "large")
        .server(server);
    let addon = whmcs.add_addon(addon.for_product(product)).await.unwrap();
    let item = Item::new(product, "ann.example").addon(addon);
    let order = client.buys_all(vec![item]).await.unwrap();
    order.pays().await.unwrap();

    let service = order.service().unwrap();
    service.cancel(Cancellation::Immediate).await.unwrap();
    let day = whmcs.run_daily_cron().await.unwrap();

    assert_eq!(
        functions(&day.calls),
        ["TerminateAccount", "TerminateAccount"]
    );
    assert_eq!(day.calls[0].due.addon_id, order.addon().unwrap().addon_id());
    assert_eq!(
        order.addon().unwrap().status().await.unwrap(),
        Status::Cancelled
    );
    assert_eq!(service.status().await.unwrap(), Status::Cancelled);
}

#[tokio::test]
async fn a_nasty_module_cannot_silence_the_emulator() {
    let Shop {
        product, client, ..
    } = shop("nasty").await;

    for domain in [
        "throws", "prints", "null", "exits", "fatal", "buffers", "array",
    ] {
        let order = client
            .buys(product, &format!("{domain}.example"))
            .await
            .unwrap();
        let calls = order.pays().await.unwrap();
        record(&calls[0].calls, "CreateAccount");
    }
    for (domain, lacking) in [
        ("missing-function", "function getPricingInfo"),
        ("unknown-function", "function whmcsInternalThing"),
        ("missing-class", "class WHMCS\\Not\\Here"),
        ("missing-api", "GetUnicorns"),
        ("missing-table", "table tblunicorns"),
    ] {
        let order = client
            .buys(product, &format!("{domain}.example"))
            .await
            .unwrap();
        let error = order.pays().await.unwrap_err();
        assert!(
            matches!(error, EmulatorError::MissingInEmulator { .. }),
            "{domain}: {error}"
        );
        assert!(error.to_string().contains(lacking), "{domain}: {error}");
    }
}

/// The PHP half has scenarios of its own, which also run where there is no Rust.
#[test]
fn the_php_half_plays_its_own_scenarios() {
    let php = Path::new(env!("CARGO_MANIFEST_DIR")).join("php/tests/run.php");

    let output = std::process::Command::new("php").arg(php).output().unwrap();

    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
}
