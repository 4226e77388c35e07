//! The whole life of a purchase, as a customer and their provider see it.

use causeway_testbed::emulator::{Addon, Cancellation, Item, Status};
use causeway_testbed::sample_vendor::ServiceStatus;

use crate::bridge::{Bridge, all_good};

#[tokio::test]
async fn from_purchase_to_licence_key_to_cancellation() {
    let bridge = Bridge::start().await;
    let pro = bridge.add_product("pro").await;

    let order = bridge.order("ada@example.com", "example.com").await;
    let service = order.service().unwrap();
    assert_eq!(service.status().await.unwrap(), Status::Pending);
    all_good(&order.pays().await.unwrap());
    assert_eq!(service.status().await.unwrap(), Status::Active);

    let key = bridge.vendor_key();
    let page = service.client_area().await.unwrap();
    assert!(
        page.html.contains(&key),
        "the licence key is on the product page: {}",
        page.html
    );
    assert!(
        page.html
            .contains("https://app.shieldpress.example/services/"),
        "and the dashboard"
    );
    assert_eq!(bridge.counts(), (1, 1));
    let emails = bridge.welcome_emails().await;
    assert_eq!(emails.len(), 1);
    assert!(
        emails[0].contains(&key),
        "the key is in the welcome e-mail: {}",
        emails[0]
    );

    let vendor_service = || bridge.vendor.services().unwrap().remove(0);
    bridge.whmcs.days_pass(40).await.unwrap();
    assert_eq!(service.status().await.unwrap(), Status::Suspended);
    assert_eq!(vendor_service().status, ServiceStatus::Suspended);

    all_good(&service.pays().await.unwrap());
    assert_eq!(service.status().await.unwrap(), Status::Active);
    assert_eq!(vendor_service().status, ServiceStatus::Active);
    let paid_until = vendor_service().paid_until;
    assert!(paid_until.is_some(), "the renewal reached the vendor");

    all_good(&service.upgrade_to_and_pay(pro).await.unwrap());
    assert_eq!(vendor_service().plan, "pro");

    all_good(&service.change_password("N3w-Passw0rd!").await.unwrap());
    let user = bridge.vendor.users().unwrap()[0].id;
    assert!(
        bridge
            .vendor
            .password_matches(user, "N3w-Passw0rd!")
            .unwrap()
    );
    assert_eq!(service.password().await.unwrap(), "N3w-Passw0rd!");

    let sign_on = service.single_sign_on().await.unwrap();
    assert!(sign_on.success, "{:?}", sign_on.error);
    assert!(sign_on.redirect_to.as_deref().unwrap().starts_with("http"));

    service.cancel(Cancellation::Immediate).await.unwrap();
    bridge.whmcs.days_pass(1).await.unwrap();
    assert_eq!(service.status().await.unwrap(), Status::Cancelled);
    assert_eq!(bridge.counts().1, 0, "the vendor has none any more");
    let page = service.client_area().await.unwrap();
    assert!(
        !page.html.contains(&key),
        "a key that is no longer valid is not shown"
    );
}

#[tokio::test]
async fn a_product_addon_is_a_service_of_its_own() {
    let bridge = Bridge::start().await;
    let addon = Addon::new("shieldpress", "ShieldPress for this site")
        .option(1, "business")
        .server(bridge.server)
        .for_product(bridge.product);
    let addon = bridge.whmcs.add_addon(addon).await.unwrap();
    let client = bridge.client("ada@example.com").await;
    let order = client
        .buys_all(vec![Item::new(bridge.product, "example.com").addon(addon)])
        .await
        .unwrap();
    all_good(&order.pays().await.unwrap());

    assert_eq!(bridge.counts(), (1, 2), "one user, a service and an addon");
    let bought = order.addon().unwrap();
    assert_eq!(bought.status().await.unwrap(), Status::Active);
    let plans: Vec<String> = bridge
        .vendor
        .live_services()
        .unwrap()
        .into_iter()
        .map(|service| service.plan)
        .collect();
    assert_eq!(plans, ["basic", "business"]);
    all_good(&[bought.run("SuspendAccount").await.unwrap()]);
    all_good(&[bought.run("TerminateAccount").await.unwrap()]);
    assert_eq!(bridge.counts(), (1, 1), "the service itself stays");
}

#[tokio::test]
async fn staff_see_what_is_kept_and_can_refresh_it() {
    let bridge = Bridge::start().await;
    let order = bridge.order("ada@example.com", "example.com").await;
    all_good(&order.pays().await.unwrap());
    let service = order.service().unwrap();
    let page = service.admin_page().await.unwrap();
    assert!(page.html.contains(&bridge.vendor_key()), "{}", page.html);
    assert_eq!(page.buttons.len(), 1, "{:?}", page.buttons);
    let (label, function) = page.buttons.first().unwrap();
    assert_eq!(label, "Refresh from vendor");
    all_good(&[service.run(function.as_str().unwrap()).await.unwrap()]);
}

#[tokio::test]
async fn the_product_form_offers_the_definitions_options() {
    let bridge = Bridge::start().await;
    let form = bridge
        .whmcs
        .product_form(bridge.module.as_ref().unwrap(), None)
        .await
        .unwrap();
    assert_eq!(form.fields.len(), 1, "{form:?}");
    assert_eq!(form.fields[0].name, "Plan");
}
