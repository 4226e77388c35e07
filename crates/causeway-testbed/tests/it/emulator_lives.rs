//! Whole lives of purchases, played by the emulator.

use std::{
    fs,
    sync::{Arc, Mutex},
};

use causeway_testbed::emulator::{
    Addon, Cancellation, Client, Emulator, EmulatorSettings, Item, Presser, Product, Status,
};
use serde_json::json;

use crate::emulator_support::{Shop, functions, module_folder, record, shop, shop_with, tinyhost};

#[tokio::test]
async fn a_purchase_lives_from_order_to_cancellation() {
    let Shop {
        whmcs,
        product,
        client,
    } = shop("tinyhost", &tinyhost()).await;
    let larger = whmcs
        .add_product(
            Product::new("tinyhost", "Tiny Max")
                .option(1, "max")
                .price("30.00"),
        )
        .await
        .unwrap();

    // Ordered: nothing happens before the payment.
    let order = client.buys(product, "example.com").await.unwrap();
    let service = order.service().unwrap();
    assert!(order.calls.is_empty());
    assert_eq!(service.status().await.unwrap(), Status::Pending);
    assert_eq!(
        service.unpaid_invoices().await.unwrap(),
        [order.invoice().unwrap()]
    );

    // Paid: created, and the welcome e-mail carries what the module kept.
    let calls = order.pays().await.unwrap();
    assert_eq!(functions(&calls), ["CreateAccount"]);
    assert!(calls[0].success, "{}", calls[0].message);
    assert_eq!(service.status().await.unwrap(), Status::Active);
    let id = format!("service-{}", service.id().0);
    assert_eq!(
        service.property("Tiny ID").await.unwrap().as_deref(),
        Some(id.as_str())
    );
    assert_eq!(
        service.property("Plan").await.unwrap().as_deref(),
        Some("pro")
    );
    let emails = whmcs.database().emails().await.unwrap();
    assert!(
        emails
            .iter()
            .any(|email| email.message.contains(&id) && email.to.contains("ada@")),
        "{emails:#?}"
    );

    // The module log masks the server's password.
    let log = whmcs.database().module_log().await.unwrap();
    assert_eq!(log[0].action, "create");
    assert!(log[0].request.contains("example.com"));
    assert!(!log[0].request.contains("s3cret"), "{}", log[0].request);

    // The client's and the staff's pages.
    let page = service.client_area().await.unwrap();
    assert!(
        page.html.contains(&format!("Your id is {id}.")),
        "{}",
        page.html
    );
    let admin = service.admin_page().await.unwrap();
    assert_eq!(admin.fields["Tiny ID"], json!(id));
    assert!(admin.buttons.contains_key("Ping it"));
    assert!(
        service
            .presses(Presser::Admin, "ping")
            .await
            .unwrap()
            .success
    );
    let login = service.single_sign_on().await.unwrap();
    assert_eq!(
        login.redirect_to.as_deref(),
        Some(&*format!("https://panel.example.com/{id}"))
    );

    // Another password.
    let calls = service
        .change_password("n3w & \"quoted\" <pass>")
        .await
        .unwrap();
    assert_eq!(functions(&calls), ["ChangePassword"]);
    assert_eq!(service.password().await.unwrap(), "n3w & \"quoted\" <pass>");

    // Fourteen days before the end of the month there is an invoice; paid, it renews.
    let days = whmcs.days_pass(20).await.unwrap();
    let invoices: Vec<_> = days.iter().flat_map(|day| &day.invoices_created).collect();
    assert_eq!(invoices.len(), 1);
    assert_eq!(functions(&service.pays().await.unwrap()), ["Renew"]);
    let due = service.row().await.unwrap().next_due_date.unwrap();
    assert_eq!(due.to_string(), "2026-03-01");

    // Unpaid beyond the next due date: suspended, then paid and unsuspended.
    let days = whmcs.days_pass(45).await.unwrap();
    let calls: Vec<_> = days.iter().flat_map(|day| functions(&day.calls)).collect();
    assert_eq!(calls, ["SuspendAccount"]);
    assert_eq!(service.status().await.unwrap(), Status::Suspended);
    let calls = service.pays().await.unwrap();
    assert!(
        functions(&calls).contains(&"UnsuspendAccount"),
        "{:?}",
        functions(&calls)
    );
    assert_eq!(service.status().await.unwrap(), Status::Active);

    // Another plan: paid for, then changed.
    let upgrade = service.upgrade_to(larger).await.unwrap();
    assert!(upgrade.calls.is_empty());
    let calls = whmcs.pay_invoice(upgrade.invoice.unwrap()).await.unwrap();
    assert_eq!(functions(&calls), ["ChangePackage"]);
    assert_eq!(
        service.property("Plan").await.unwrap().as_deref(),
        Some("max")
    );
    assert_eq!(service.row().await.unwrap().amount, "30.00");
    // What was kept under the other product's custom fields is not shown with this one.
    assert_eq!(service.property("Tiny ID").await.unwrap(), None);

    // Cancelled: the next cron terminates.
    service.cancel(Cancellation::Immediate).await.unwrap();
    assert_eq!(service.status().await.unwrap(), Status::Active);
    let days = whmcs.days_pass(1).await.unwrap();
    assert_eq!(functions(&days[0].calls), ["TerminateAccount"]);
    let status = service.status().await.unwrap();
    assert!(
        matches!(status, Status::Terminated | Status::Cancelled),
        "{status}"
    );
}

#[tokio::test]
async fn long_overdue_ends_in_termination() {
    let Shop {
        whmcs,
        product,
        client,
    } = shop("tinyhost", &tinyhost()).await;
    let order = client.buys(product, "example.com").await.unwrap();
    order.pays().await.unwrap();

    let days = whmcs.days_pass(70).await.unwrap();

    let calls: Vec<_> = days.iter().flat_map(|day| functions(&day.calls)).collect();
    assert_eq!(calls, ["SuspendAccount", "TerminateAccount"]);
    assert_eq!(
        order.service().unwrap().status().await.unwrap(),
        Status::Terminated
    );
}

#[tokio::test]
async fn a_cancellation_may_wait_for_the_end_of_the_paid_period() {
    let Shop {
        whmcs,
        product,
        client,
    } = shop_with("tinyhost", &tinyhost(), |product| {
        product.billing_cycle("quarterly").price("27.00")
    })
    .await;
    let order = client.buys(product, "example.com").await.unwrap();
    order.pays().await.unwrap();
    let service = order.service().unwrap();
    let row = service.row().await.unwrap();
    assert_eq!(row.billing_cycle, "Quarterly");
    assert_eq!(row.next_due_date.unwrap().to_string(), "2026-04-01");

    service
        .cancel(Cancellation::EndOfBillingPeriod)
        .await
        .unwrap();

    let days = whmcs.days_pass(95).await.unwrap();
    let invoices = days.iter().flat_map(|day| &day.invoices_created).count();
    assert_eq!(invoices, 0, "nothing is billed once cancelled");
    let ended = days.iter().find(|day| !day.calls.is_empty()).unwrap();
    assert_eq!(ended.now.date().to_string(), "2026-04-01");
    assert_eq!(functions(&ended.calls), ["TerminateAccount"]);
}

#[tokio::test]
async fn products_are_provisioned_when_their_setting_says() {
    let Shop { whmcs, client, .. } = shop("tinyhost", &tinyhost()).await;
    let product = |name: &str| Product::new("tinyhost", name);
    let on_order = whmcs
        .add_product(product("On order").on_order())
        .await
        .unwrap();
    let on_acceptance = whmcs
        .add_product(product("On acceptance").on_acceptance())
        .await
        .unwrap();
    let by_hand = whmcs
        .add_product(product("By hand").by_hand())
        .await
        .unwrap();

    let order = client.buys(on_order, "one.example").await.unwrap();
    assert_eq!(functions(&order.calls), ["CreateAccount"]);

    let order = client.buys(on_acceptance, "two.example").await.unwrap();
    assert!(order.calls.is_empty());
    assert!(order.pays().await.unwrap().is_empty());
    assert_eq!(
        functions(&order.is_accepted().await.unwrap()),
        ["CreateAccount"]
    );

    let order = client.buys(by_hand, "three.example").await.unwrap();
    assert!(order.pays().await.unwrap().is_empty());
    assert!(order.is_accepted().await.unwrap().is_empty());
    let service = order.service().unwrap();
    assert_eq!(service.status().await.unwrap(), Status::Pending);
    assert!(service.run("CreateAccount").await.unwrap().success);
    assert_eq!(service.status().await.unwrap(), Status::Active);
}

#[tokio::test]
async fn a_failed_call_waits_in_the_queue_until_it_is_tried_again() {
    let Shop {
        whmcs,
        product,
        client,
    } = shop("tinyhost", &tinyhost()).await;
    let vendor_down = whmcs.installation().whmcs().join("vendor-down");
    fs::write(&vendor_down, "").unwrap();

    let order = client.buys(product, "example.com").await.unwrap();
    let service = order.service().unwrap();
    let calls = order.pays().await.unwrap();
    assert!(!calls[0].success);
    assert_eq!(calls[0].message, "vendor unreachable");
    assert_eq!(service.status().await.unwrap(), Status::Pending);
    let queue = whmcs.module_queue().await.unwrap();
    assert_eq!(queue.len(), 1);
    assert_eq!(queue[0].action, "CreateAccount");
    assert_eq!(queue[0].service_id, service.id());
    assert_eq!(queue[0].last_error.as_deref(), Some("vendor unreachable"));

    // Still down: it stays. Back: it is made and leaves the queue.
    assert!(!whmcs.retry_queue().await.unwrap()[0].success);
    assert_eq!(whmcs.module_queue().await.unwrap().len(), 1);
    fs::remove_file(&vendor_down).unwrap();
    assert!(whmcs.retry_queue().await.unwrap()[0].success);
    assert!(whmcs.module_queue().await.unwrap().is_empty());
    assert_eq!(service.status().await.unwrap(), Status::Active);
}

#[tokio::test]
async fn an_addon_can_be_the_thing_provisioned() {
    let Shop {
        whmcs,
        product,
        client,
    } = shop("tinyhost", &tinyhost()).await;
    let addon = Addon::new("tinyhost", "Tiny Backup")
        .option(1, "daily")
        .for_product(product);
    let addon = whmcs.add_addon(addon).await.unwrap();

    let item = Item::new(product, "example.com").addon(addon);
    let order = client.buys_all(vec![item]).await.unwrap();
    let calls = order.pays().await.unwrap();

    assert_eq!(functions(&calls), ["CreateAccount", "CreateAccount"]);
    let service = order.service().unwrap();
    let addon = order.addon().unwrap();
    assert_eq!(addon.status().await.unwrap(), Status::Active);
    let addon_number = addon.addon_id().unwrap().0;
    assert_eq!(
        addon.property("Tiny ID").await.unwrap(),
        Some(format!("addon-{addon_number}"))
    );
    assert_eq!(
        addon.property("Plan").await.unwrap().as_deref(),
        Some("daily")
    );
    assert_eq!(
        service.property("Plan").await.unwrap().as_deref(),
        Some("pro")
    );

    assert!(addon.run("SuspendAccount").await.unwrap().success);
    assert_eq!(addon.status().await.unwrap(), Status::Suspended);
    assert_eq!(service.status().await.unwrap(), Status::Active);
}

#[tokio::test]
async fn names_and_passwords_with_difficult_characters_arrive_unchanged() {
    let module = r#"<?php
function difficult_CreateAccount(array $params) {
    return implode('|', [$params['password'], $params['clientsdetails']['companyname'], $params['domain'], $params['customfields']['Nickname'], $params['configoptions']['Region']]);
}
"#;
    let Shop { product, whmcs, .. } =
        shop_with("difficult", &[("difficult.php", module)], |product| {
            product
                .custom_field("Nickname")
                .configurable_option("Region", &[("EU", "0.00"), ("USA & Canada", "1.00")])
        })
        .await;
    let company = "O'Neill & <Söhne> \"GmbH\" \u{1f680}";
    let client = Client::named("Zoë", "")
        .company(company)
        .email("ZOE@EXAMPLE.COM");
    let client = whmcs.add_client(client).await.unwrap();
    let item = Item::new(product, "münchen.example")
        .password("p&#<\"' \\ %")
        .custom_field("Nickname", "N|ck")
        .configurable_option("Region", "USA & Canada");

    let order = client.buys_all(vec![item]).await.unwrap();
    let calls = order.pays().await.unwrap();

    let expected = format!("p&#<\"' \\ %|{company}|münchen.example|N|ck|USA & Canada");
    assert_eq!(calls[0].message, expected);
}

#[tokio::test]
async fn the_server_form_tests_with_the_decrypted_password() {
    let Shop { whmcs, .. } = shop("tinyhost", &tinyhost()).await;
    let server = causeway_testbed::emulator::Server::new("tinyhost").password("wrong");
    let wrong = whmcs.add_server(server).await.unwrap();
    let server = causeway_testbed::emulator::Server::new("tinyhost").password("s3cret");
    let right = whmcs.add_server(server).await.unwrap();

    assert!(whmcs.test_connection(right).await.unwrap().success);
    let answer = whmcs.test_connection(wrong).await.unwrap();
    assert!(!answer.success);
    assert_eq!(answer.error.as_deref(), Some("wrong password"));
}

#[tokio::test]
async fn the_product_form_shows_the_modules_options() {
    let whmcs = Emulator::start(EmulatorSettings::default()).await.unwrap();
    let name = whmcs
        .install_module(&module_folder("tinyhost", &tinyhost()).path)
        .await
        .unwrap();

    let form = whmcs.product_form(&name, None).await.unwrap();

    assert_eq!(form.fields.len(), 1);
    assert_eq!(form.fields[0].key, "configoption1");
    let choices: Vec<_> = form.fields[0].choices.keys().collect();
    assert_eq!(choices, ["basic", "pro"]);
    let functions = whmcs.module_function_names(&name).await.unwrap();
    assert!(
        functions.iter().any(|function| function == "CreateAccount"),
        "{functions:?}"
    );
}

#[tokio::test]
async fn hooks_see_calls_and_can_stop_them() {
    let Shop {
        whmcs,
        product,
        client,
    } = shop("tinyhost", &tinyhost()).await;
    let hook = r#"<?php
add_hook('PreModuleCreate', 1, function ($vars) {
    if ($vars['params']['domain'] === 'forbidden.example') { return ['abortcmd' => true]; }
});
add_hook('AfterModuleCreate', 1, function ($vars) { logActivity('hook saw ' . $vars['params']['domain']); });
add_hook('AfterCronJob', 1, function () { logActivity('the cron is over'); });
"#;
    whmcs.install_hook("watching", hook).await.unwrap();

    let forbidden = client.buys(product, "forbidden.example").await.unwrap();
    let calls = forbidden.pays().await.unwrap();
    assert!(!calls[0].success);
    assert!(
        calls[0]
            .calls
            .iter()
            .all(|call| call.function != "CreateAccount")
    );
    assert_eq!(
        forbidden.service().unwrap().status().await.unwrap(),
        Status::Pending
    );

    let allowed = client.buys(product, "allowed.example").await.unwrap();
    assert!(allowed.pays().await.unwrap()[0].success);
    whmcs.days_pass(1).await.unwrap();
    let log = whmcs.database().activity_log().await.unwrap();
    assert!(
        log.iter().any(|line| line == "hook saw allowed.example"),
        "{log:#?}"
    );
    assert!(
        log.iter().any(|line| line == "the cron is over"),
        "{log:#?}"
    );
}

#[tokio::test]
async fn an_observer_is_told_of_every_step() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let writer = Arc::clone(&seen);
    let settings = EmulatorSettings {
        observer: Some(Arc::new(move |event| {
            let calls: Vec<_> = event
                .calls
                .iter()
                .map(|call| call.function.as_str())
                .collect();
            writer
                .lock()
                .unwrap()
                .push(format!("{} {}", event.command.name(), calls.join(" ")));
        })),
        ..EmulatorSettings::default()
    };
    let whmcs = Emulator::start(settings).await.unwrap();
    whmcs
        .install_module(&module_folder("tinyhost", &tinyhost()).path)
        .await
        .unwrap();
    let product = whmcs
        .add_product(Product::new("tinyhost", "Tiny"))
        .await
        .unwrap();
    let client = whmcs
        .add_client(Client::named("Ada", "Lovelace"))
        .await
        .unwrap();

    client
        .buys(product, "example.com")
        .await
        .unwrap()
        .pays()
        .await
        .unwrap();

    let steps = seen.lock().unwrap().clone();
    assert_eq!(
        steps,
        [
            "setup ",
            "add_product ",
            "add_client ",
            "place_order ",
            "pay_invoice ",
            "module_call CreateAccount"
        ]
    );
}

#[tokio::test]
async fn whmcs_keeps_its_own_time() {
    let whmcs = Emulator::start(EmulatorSettings::default()).await.unwrap();

    let start = whmcs.now().await.unwrap();
    whmcs.days_pass(31).await.unwrap();
    whmcs.hours_pass(5).await.unwrap();

    assert_eq!(start.to_string(), "2026-01-01T09:00:00");
    assert_eq!(
        whmcs.now().await.unwrap().to_string(),
        "2026-02-01T14:00:00"
    );
}

#[tokio::test]
async fn two_callbacks_at_once_run_at_once() {
    // Each of the two waits for the other: one after the other could never end well.
    let module = r#"<?php
function meeting_CreateAccount(array $params) {
    $here = function ($id) { return ROOTDIR . "/here-$id"; };
    touch($here($params['serviceid']));
    for ($try = 0; $try < 5000; $try++) {
        if (count(glob(ROOTDIR . '/here-*')) === 2) {
            $names = array_map(function ($n) { return "Met $n"; }, range(1, 60));
            $params['model']->serviceProperties->save(['Met' => 'yes'] + array_fill_keys($names, 'yes'));
            return 'success';
        }
        usleep(2000);
    }
    return 'nobody came';
}
"#;
    let Shop {
        whmcs,
        product,
        client,
    } = shop("meeting", &[("meeting.php", module)]).await;
    let items = vec![
        Item::new(product, "one.example"),
        Item::new(product, "two.example"),
    ];
    let order = client.buys_all(items).await.unwrap();

    let due = order.pays_without_running().await.unwrap();
    assert_eq!(due.len(), 2);
    let (one, other) = tokio::join!(whmcs.run_due(&due[0]), whmcs.run_due(&due[1]));

    for outcome in [one.unwrap(), other.unwrap()] {
        assert!(outcome.success, "{}", outcome.message);
        record(&outcome.calls, "CreateAccount");
    }
    for service in order.services() {
        assert_eq!(
            service.property("Met").await.unwrap().as_deref(),
            Some("yes")
        );
    }
    // Both found none of the fields, and yet each is there once.
    let twice = "SELECT fieldname FROM tblcustomfields GROUP BY fieldname HAVING count(*) > 1";
    assert_eq!(whmcs.database().query(twice).await.unwrap(), []);
}

#[tokio::test]
async fn many_callbacks_at_once_all_keep_their_values() {
    let Shop {
        whmcs,
        product,
        client,
    } = shop("tinyhost", &tinyhost()).await;
    let items = (0..24).map(|number| Item::new(product, format!("{number}.example")));
    let order = client.buys_all(items.collect()).await.unwrap();
    let due = order.pays_without_running().await.unwrap();

    let outcomes = futures::future::join_all(due.iter().map(|due| whmcs.run_due(due))).await;

    for outcome in outcomes {
        let outcome = outcome.unwrap();
        assert!(outcome.success, "{}", outcome.message);
    }
    for service in order.services() {
        assert_eq!(service.status().await.unwrap(), Status::Active);
        let id = format!("service-{}", service.id().0);
        assert_eq!(service.property("Tiny ID").await.unwrap(), Some(id));
    }
}

#[tokio::test]
async fn an_installation_in_a_named_folder_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let settings = EmulatorSettings {
        folder: Some(folder.path().join("whmcs installation")),
        ..EmulatorSettings::default()
    };
    let whmcs = Emulator::start(settings.clone()).await.unwrap();
    whmcs
        .install_module(&module_folder("tinyhost", &tinyhost()).path)
        .await
        .unwrap();
    let product = whmcs
        .add_product(Product::new("tinyhost", "Tiny"))
        .await
        .unwrap();
    let client = whmcs
        .add_client(Client::named("Ada", "Lovelace"))
        .await
        .unwrap();
    let order = client.buys(product, "example.com").await.unwrap();
    let (service, invoice) = (order.service_ids()[0], order.invoice().unwrap());
    whmcs.days_pass(2).await.unwrap();
    drop((whmcs, client, order));

    let whmcs = Emulator::start(settings).await.unwrap();

    assert_eq!(
        whmcs.now().await.unwrap().to_string(),
        "2026-01-03T09:00:00"
    );
    assert!(whmcs.pay_invoice(invoice).await.unwrap()[0].success);
    assert_eq!(
        whmcs.service(service).status().await.unwrap(),
        Status::Active
    );
}
