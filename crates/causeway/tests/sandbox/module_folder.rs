//! Modules of anybody, with a scripted vendor.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::journey::browse;
use crate::running::{RunningSandbox, of_repository};

/// A sandbox of one of the module samples.
fn sample(name: &str) -> RunningSandbox {
    let folder = of_repository(&format!("testdata/modules/{name}"));
    RunningSandbox::start(&[
        folder
            .join(format!("modules/servers/{name}"))
            .into_os_string(),
        "--vendor".into(),
        folder.join("vendor.toml").into_os_string(),
    ])
}

/// Sets up, orders and pays; the product's page.
async fn buys(sandbox: &RunningSandbox) -> String {
    let ready = sandbox.submit("/provider/set-up", &[]).await;
    assert!(
        ready.contains("A server and two products are set up."),
        "{ready}"
    );
    let form = [("product", "1"), ("domain", "lovelace.example")];
    let ordered = sandbox.submit("/client/1/order", &form).await;
    assert!(ordered.contains("Invoice 1 is to be paid."), "{ordered}");
    sandbox
        .submit("/client/1/invoices/1/pay", &[("service", "1")])
        .await
}

#[tokio::test]
async fn a_module_is_led_to_its_scripted_vendor_and_what_the_vendor_has_is_seen() {
    let sandbox = sample("nimbusbackup");
    let paid = buys(&sandbox).await;
    assert!(
        paid.contains("CreateAccount succeeded; the service is Active."),
        "{paid}"
    );
    let tested = sandbox.submit("/provider/servers/1/test", &[]).await;
    assert!(tested.contains("Connection successful."), "{tested}");
    let overview = sandbox.page("/").await;
    assert!(
        overview.contains("What the vendor really has"),
        "{overview}"
    );
    assert!(overview.contains("lovelace.example"), "{overview}");
}

#[tokio::test]
async fn a_host_that_a_module_has_built_in_is_its_scripted_vendor_too() {
    let sandbox = sample("cdnharbor");
    let paid = buys(&sandbox).await;
    assert!(
        paid.contains("CreateAccount succeeded; the service is Active."),
        "{paid}"
    );
    let live = sandbox.page("/live").await;
    assert!(live.contains("POST &#x2f;v1&#x2f;zones"), "{live}");
}

/// A module that uses what the pages offer, in a folder that can be changed.
fn showcase() -> (TempDir, PathBuf, RunningSandbox) {
    let folder = TempDir::new().unwrap();
    let module = folder.path().join("showcase");
    fs::create_dir(&module).unwrap();
    fs::write(module.join("showcase.php"), include_str!("showcase.php")).unwrap();
    fs::write(module.join("who.php"), include_str!("who.php")).unwrap();
    fs::write(module.join("page.js"), include_str!("showcase.js")).unwrap();
    let sandbox = RunningSandbox::start(&[&module]);
    (folder, module, sandbox)
}

/// A server, a product with a configurable option, and a service of it.
async fn showcase_is_sold(sandbox: &RunningSandbox) -> String {
    let server = [("name", "One"), ("hostname", "127.0.0.1")];
    sandbox.submit("/provider/servers", &server).await;
    let product = [
        ("name", "Showcase"),
        ("price", "5"),
        ("cycle", "free"),
        ("setup", "order"),
        ("server", "1"),
        ("configurable", "Region: us, eu"),
    ];
    sandbox.submit("/provider/products", &product).await;
    let order = [
        ("product", "1"),
        ("domain", "a.example"),
        ("choice-Region", "eu"),
    ];
    sandbox.submit("/client/1/order", &order).await
}

#[tokio::test]
async fn what_staff_and_clients_choose_reaches_the_module() {
    let (_folder, _, sandbox) = showcase();
    let ordered = showcase_is_sold(&sandbox).await;
    assert!(ordered.contains("CreateAccount succeeded"), "{ordered}");
    // The module's title is text, and so are its descriptions.
    assert!(
        ordered.contains("Showcase &lt;b&gt;&amp;&lt;&#x2f;b&gt; Sons"),
        "{ordered}"
    );
    let settings = sandbox.page("/provider/products/1").await;
    for shown in [
        "<option value=\"z2\">Zone two</option>",
        "How much",
        "type=\"checkbox\"",
        "rows=\"4\"",
    ] {
        assert!(settings.contains(shown), "{shown}: {settings}");
    }
    let saved = [
        ("option-configoption1", "l"),
        ("option-configoption3", "z2"),
    ];
    let saved = sandbox.submit("/provider/products/1", &saved).await;
    assert!(saved.contains("<option value=\"z2\" selected>"), "{saved}");
    let form = sandbox.page("/client/1/order?product=1").await;
    assert!(form.contains("<option>eu</option>"), "{form}");
    let service = sandbox.page("/provider/services/1").await;
    assert!(
        service.contains("<dt>Region</dt><dd><code>eu</code></dd>"),
        "{service}"
    );
    let list = [("function", "ListAccounts")];
    let listed = sandbox.submit("/provider/servers/1/ask", &list).await;
    assert!(listed.contains("lovelace.example"), "{listed}");
    let action = [("action", "panel")];
    let acted = sandbox.submit("/client/1/services/1/act", &action).await;
    assert!(
        acted.contains("href=\"https:&#x2f;&#x2f;panel.example&#x2f;\""),
        "{acted}"
    );
}

#[tokio::test]
async fn what_a_module_draws_works_and_reaches_nothing_around_it() {
    let (_folder, _, sandbox) = showcase();
    showcase_is_sold(&sandbox).await;
    browse(&sandbox, "module_page.js");
}

#[tokio::test]
async fn a_module_that_its_author_changes_is_tried_as_it_is_now() {
    let (_folder, module, sandbox) = showcase();
    showcase_is_sold(&sandbox).await;
    let file = module.join("showcase.php");
    let changed = fs::read_to_string(&file).unwrap().replace(
        "    return 'success';\n}\n\nfunction showcase_AdminServicesTabFields(",
        "    return 'no more of it';\n}\n\nfunction showcase_AdminServicesTabFields(",
    );
    fs::write(&file, changed).unwrap();
    sandbox.happens("the new copy is in use").await;
    let create = [("function", "CreateAccount")];
    let created = sandbox.submit("/provider/services/1/run", &create).await;
    assert!(
        created.contains("CreateAccount failed: no more of it"),
        "{created}"
    );
    let queue = sandbox.page("/provider/queue").await;
    assert!(queue.contains("no more of it"), "{queue}");
}

#[tokio::test]
async fn a_certificate_that_nobody_trusts_stops_a_module_that_verifies() {
    let sandbox = sample("nimbusbackup");
    buys(&sandbox).await;
    let armed = [("fault", "wrong_certificate")];
    let armed = sandbox.submit("/faults", &armed).await;
    assert!(armed.contains("Armed, until it is disarmed"), "{armed}");
    let tested = sandbox.submit("/provider/servers/1/test", &[]).await;
    assert!(tested.contains("Connection failed"), "{tested}");
    sandbox.submit("/faults/disarm", &[]).await;
    let tested = sandbox.submit("/provider/servers/1/test", &[]).await;
    assert!(tested.contains("Connection successful."), "{tested}");
}
