//! Customers are called what they are called.

use causeway_testbed::emulator::{Client, Status};

use crate::bridge::{Bridge, all_good};

#[tokio::test]
async fn every_character_in_every_field_reaches_the_vendor_as_it_was_written() {
    let bridge = Bridge::start().await;
    let first = "Zoë \"Z\" <b>&#39;</b> 🛡️";
    let client = Client::named(first, "")
        .email("zoe+tag@example.com")
        .company("Böse & Söhne <GmbH> 'x' #1 \\ {$smarty} {{ credential }}");
    let client = bridge.whmcs.add_client(client).await.unwrap();
    let order = client
        .buys(bridge.product, "müller-straße.example")
        .await
        .unwrap();
    all_good(&order.pays().await.unwrap());
    assert_eq!(
        order.service().unwrap().status().await.unwrap(),
        Status::Active
    );

    let user = bridge.vendor.users().unwrap().remove(0);
    assert_eq!(
        (user.firstname.as_str(), user.lastname.as_deref()),
        ("Zoë \"Z\" <b>'</b> 🛡️", None)
    );
    assert_eq!(user.email, "zoe+tag@example.com");
    assert_eq!(
        bridge.vendor.live_services().unwrap()[0].domain,
        "müller-straße.example"
    );
    let page = order.service().unwrap().client_area().await.unwrap();
    assert!(page.html.contains(&bridge.vendor_key()));
}
