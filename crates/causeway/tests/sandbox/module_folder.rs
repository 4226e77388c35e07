//! Modules of anybody, with a scripted vendor.

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
