//! The pages around a service: product and server forms, the staff's page, the client's other pages.

use std::collections::BTreeMap;

use causeway_testbed::emulator::{
    ClientPageName, Command, Item, Presser, Product,
    answers::{ButtonAnswer, Page, ProductForm},
};
use serde_json::Value;

use crate::emulator_support::{Shop, record, shop};

#[tokio::test]
async fn a_module_may_draw_its_own_settings_and_save_what_was_posted() {
    let module = r#"<?php
function drawn_ConfigOptions($params) {
    if (basename($_SERVER['SCRIPT_NAME']) !== 'configproducts.php') { return []; }
    if ($_REQUEST['action'] === 'save') {
        WHMCS\Database\Capsule::table('tblproducts')->where('id', $_REQUEST['id'])->update(['configoption3' => $_POST['mine']['plan']]);
        return [];
    }
    echo json_encode(['content' => '<p class="drawn">group ' . $_POST['servergroup'] . '<input name="mine[plan]" value="drawn"></p>']);
    die();
}
function drawn_CreateAccount($params) { return $params['configoption3'] === 'drawn' ? 'success' : 'not saved'; }
"#;
    let Shop {
        whmcs,
        product,
        client,
    } = shop("drawn", &[("drawn.php", module)]).await;
    let form = Command::ProductForm {
        module: serde_json::from_value("drawn".into()).unwrap(),
        product_id: Some(product),
    };

    let form = whmcs.ask::<ProductForm>(form).await.unwrap();
    whmcs
        .save_product_options(product, BTreeMap::new())
        .await
        .unwrap();
    let order = client.buys(product, "drawn.example").await.unwrap();
    let calls = order.pays().await.unwrap();

    assert!(form.fields.is_empty() && record(&form.calls, "ConfigOptions").exited);
    assert_eq!(
        form.content,
        "<p class=\"drawn\">group 1<input name=\"mine[plan]\" value=\"drawn\"></p>"
    );
    assert!(calls[0].success, "{}", calls[0].message);
}

#[tokio::test]
async fn a_module_that_makes_itself_active_on_the_server_form_hears_of_the_new_server() {
    let module = r#"<?php
if (basename($_SERVER['SCRIPT_NAME']) === 'configservers.php') {
    WHMCS\Database\Capsule::table('tblconfiguration')->where('setting', 'ModuleHooks')->update(['value' => 'awake']);
}
function awake_CreateAccount($params) { return $params['serverhostname']; }
"#;
    let hooks = r#"<?php
add_hook('ServerAdd', 1, function ($vars) {
    WHMCS\Database\Capsule::table('tblservers')->where('id', $vars['serverid'])->update(['hostname' => 'renamed.example']);
});
"#;
    let Shop {
        product, client, ..
    } = shop("awake", &[("awake.php", module), ("hooks.php", hooks)]).await;

    let order = client.buys(product, "awake.example").await.unwrap();
    let calls = order.pays().await.unwrap();

    assert_eq!(calls[0].message, "renamed.example");
}

#[tokio::test]
async fn staff_save_the_fields_as_they_stand_on_the_page_and_a_button_opens_a_window() {
    let module = r#"<?php
function fields_CreateAccount($params) { return 'success'; }
function fields_AdminServicesTabFields($params) {
    return ['Note' => '<input name="note[text]" value="a &amp; b"><input type="checkbox" name="off"><input type="checkbox" name="on" checked>'
        . '<select name="plan"><option>one</option><option value="2" selected>two</option></select><textarea name="long">x</textarea><input type="submit" name="act" value="go">'];
}
function fields_AdminServicesTabFieldsSave($params) { logActivity('saved ' . http_build_query(array_intersect_key($_REQUEST, array_flip(['note', 'off', 'on', 'plan', 'long', 'act'])))); }
function fields_AdminCustomButtonArray($params) { return ['Open' => 'open']; }
function fields_open($params) { return 'window|https://panel.example/' . $params['serviceid']; }
"#;
    let Shop {
        whmcs,
        product,
        client,
    } = shop("fields", &[("fields.php", module)]).await;
    let order = client.buys(product, "fields.example").await.unwrap();
    order.pays().await.unwrap();
    let service = order.service().unwrap();
    let save = Command::SaveAdminServicePage {
        service_id: service.id(),
        addon_id: None,
        post: Value::Null,
    };
    let press = Command::CustomButton {
        service_id: service.id(),
        addon_id: None,
        function: "open".into(),
        presser: Presser::Admin,
    };

    let saved = whmcs.ask::<Value>(save).await.unwrap();
    let pressed = whmcs.ask::<ButtonAnswer>(press).await.unwrap();

    let log = &record(&saved.calls, "AdminServicesTabFieldsSave").left_behind;
    assert_eq!(
        log.activity_log[0].description,
        "saved note%5Btext%5D=a+%26+b&on=on&plan=2&long=x"
    );
    assert!(pressed.success);
    assert_eq!(
        pressed.redirect_to.as_deref(),
        Some("https://panel.example/1")
    );
}

#[tokio::test]
async fn hooks_add_to_every_page_of_the_client() {
    let hooks = r#"<?php
add_hook('ClientAreaPrimaryNavbar', 1, function ($menu) { $menu->getChild('Services')->addChild('Ours', ['label' => 'Our services', 'uri' => 'ours.php']); });
add_hook('ClientAreaSecondarySidebar', 1, function ($menu) {
    if ($menu->getChild('My Services Actions') !== null) { $menu->addChild('Panel')->setBodyHtml('<p>in the panel</p>')->moveToFront(); }
});
add_hook('ClientAreaPageCart', 1, function ($vars) { return ['heading' => 'Buy ' . $vars['productinfo']['name'] . ' of ' . $vars['productinfo']['module']]; });
add_hook('ClientAreaFooterOutput', 1, function ($vars) { return '<i>' . ($vars['heading'] ?? 'no heading') . ' for ' . $vars['loggedinuser']->email . '</i>'; });
"#;
    let module = "<?php function paged_CreateAccount($params) { return 'success'; }";
    let Shop {
        whmcs,
        product,
        client,
    } = shop("paged", &[("paged.php", module), ("hooks.php", hooks)]).await;
    let show = async |page| {
        let show = Command::ClientPage {
            client_id: client.id(),
            page,
            product_id: Some(product),
            request: BTreeMap::new(),
        };
        whmcs.ask::<Page>(show).await.unwrap()
    };

    let home = show(ClientPageName::Home).await;
    let services = show(ClientPageName::Services).await;
    let cart = show(ClientPageName::Cart).await;

    assert!(
        home.html.contains("<a href=\"ours.php\">Our services</a>"),
        "{}",
        home.html
    );
    assert!(!home.html.contains("in the panel") && home.html.contains("<i>no heading for "));
    assert!(services.html.contains("<p>in the panel</p>"));
    assert!(
        cart.html.contains("<i>Buy Tiny Pro of paged for "),
        "{}",
        cart.html
    );
}

#[tokio::test]
async fn a_hook_of_the_checkout_refuses_an_order() {
    let hooks = r#"<?php
add_hook('ShoppingCartValidateCheckout', 1, function ($vars) {
    return $_SESSION['cart']['products'][0]['domain'] === 'bad.example' ? ['Not that domain.'] : [];
});
"#;
    let module = "<?php function strict_CreateAccount($params) { return 'success'; }";
    let Shop {
        product, client, ..
    } = shop("strict", &[("strict.php", module), ("hooks.php", hooks)]).await;

    let refused = client.buys(product, "bad.example").await.unwrap_err();
    client.buys(product, "good.example").await.unwrap();

    assert!(
        refused.to_string().contains("Not that domain."),
        "{refused}"
    );
}

#[tokio::test]
async fn null_in_a_column_that_takes_none_is_its_default_as_without_strict_mode() {
    let module = r#"<?php
function nulls_CreateAccount($params) {
    WHMCS\Database\Capsule::table('tblhosting')->where('id', $params['serviceid'])->update(['dedicatedip' => null, 'notes' => 'kept']);
    return 'success';
}
"#;
    let Shop {
        whmcs,
        product,
        client,
    } = shop("nulls", &[("nulls.php", module)]).await;
    let order = client.buys(product, "nulls.example").await.unwrap();
    let calls = order.pays().await.unwrap();

    assert!(calls[0].success, "{}", calls[0].message);
    let rows = whmcs
        .database()
        .query("SELECT dedicatedip, notes FROM tblhosting")
        .await
        .unwrap();
    assert_eq!(
        (&rows[0]["dedicatedip"], &rows[0]["notes"]),
        (&"".into(), &"kept".into())
    );
}

#[tokio::test]
async fn custom_actions_stand_on_the_first_page_and_staff_sign_on_to_the_server_without_a_service()
{
    let module = r#"<?php
use WHMCS\Module\Server\CustomAction;
use WHMCS\Module\Server\CustomActionCollection;
function acting_CreateAccount($params) { return 'success'; }
function acting_AdminSingleSignOn($params) { return ['success' => true, 'redirectTo' => 'https://' . $params['serverusername'] . '/' . (isset($params['serviceid']) ? 'a service' : 'the server')]; }
function acting_CustomActions($params) {
    $actions = new CustomActionCollection();
    $actions->add(CustomAction::factory('panel', 'Open the panel', function ($id) { return ['success' => true, 'redirectTo' => "https://panel.example/$id"]; }, [$params['serviceid']]));
    return $actions;
}
"#;
    let Shop {
        whmcs,
        product,
        client,
    } = shop("acting", &[("acting.php", module)]).await;
    let order = client.buys(product, "acting.example").await.unwrap();
    order.pays().await.unwrap();
    let service = order.service().unwrap();
    let home = Command::ClientPage {
        client_id: client.id(),
        page: ClientPageName::Home,
        product_id: None,
        request: BTreeMap::new(),
    };
    let invoke = Command::CustomActions {
        service_id: service.id(),
        addon_id: None,
        invoke: Some("panel".into()),
    };
    let sign_on = Command::SingleSignOn {
        service_id: service.id(),
        addon_id: None,
        presser: Presser::Admin,
    };

    let home = whmcs.ask::<Page>(home).await.unwrap();
    let invoked = whmcs.ask::<Value>(invoke).await.unwrap();
    let signed_on = whmcs.ask::<Value>(sign_on).await.unwrap();

    assert!(
        home.html.contains(">Open the panel</button>"),
        "{}",
        home.html
    );
    assert_eq!(
        invoked.result["actions"][0]["answer"]["redirect_to"],
        "https://panel.example/1"
    );
    record(&invoked.calls, "custom action panel");
    assert_eq!(
        signed_on.result["redirect_to"],
        "https://provider/the server"
    );
}

#[tokio::test]
async fn functions_of_old_includes_and_hooks_around_the_service_do_what_modules_expect() {
    let module = r#"<?php
function olden_CreateAccount($params) {
    $price = formatCurrency(1234.5, getCurrency($params['userid'])['id']);
    logActivity(implode(' | ', [
        getAdminName(1), createServerUsername('My-Site.example'), strlen(genRandomVal(9)), convertCurrency('10', 1, 2), (string) $price, $price->toNumeric(), $price->toPrefixed(),
        count(getCustomFields('product', $params['pid'], $params['serviceid'])), $params['username'],
    ]));
    return 'success';
}
"#;
    let hooks = r#"<?php
add_hook('OverrideModuleUsernameGeneration', 1, function ($vars) { return 'u' . $vars['params']['serviceid']; });
add_hook('CustomFieldSave', 1, function ($vars) { return ['value' => strtoupper($vars['value'])]; });
add_hook('LogActivity', 1, function ($vars) { if (strpos($vars['description'], 'Ada Admin') === 0) { logActivity('heard'); } });
"#;
    let Shop { whmcs, client, .. } =
        shop("olden", &[("olden.php", module), ("hooks.php", hooks)]).await;
    let sold = Product::new("olden", "Olden").custom_field("Site");
    let sold = whmcs.add_product(sold).await.unwrap();
    let item = Item::new(sold, "olden.example").custom_field("Site", "here");

    let order = client.buys_all(vec![item]).await.unwrap();
    let calls = order.pays().await.unwrap();

    let log = &record(&calls[0].calls, "CreateAccount")
        .left_behind
        .activity_log;
    assert_eq!(
        log[0].description,
        "Ada Admin | mysiteex | 9 | 9.00 | $1,234.50 USD | 1234.50 | $1,234.50 | 1 | u1"
    );
    assert_eq!(log[1].description, "heard");
    let value = whmcs
        .database()
        .query("SELECT value FROM tblcustomfieldsvalues")
        .await
        .unwrap();
    assert_eq!(value[0]["value"], "HERE");
}

#[tokio::test]
async fn templates_and_modules_find_whmcs_s_own_helpers() {
    let module = r#"<?php
use WHMCS\Input\Sanitize;
use WHMCS\Session;
function helped_CreateAccount($params) { return 'success'; }
function helped_ClientArea($params) {
    Session::set('helped', Sanitize::decode('a &amp; b'));
    $client = WHMCS\User\Client::find($params['userid']);
    return ['templatefile' => 'helped', 'vars' => ['kept' => Session::getAndDelete('helped'), 'contacts' => $client->contacts()->count(), 'mails' => WHMCS\Mail\Template::where('type', 'product')->count() > 0]];
}
"#;
    let template = "<p>{lang key='clientareaactive'} {$kept|escape} {$contacts} {if $mails}mails{/if} {routePath('clientarea-homepage')}</p>";
    let Shop {
        product, client, ..
    } = shop(
        "helped",
        &[("helped.php", module), ("helped.tpl", template)],
    )
    .await;
    let order = client.buys(product, "helped.example").await.unwrap();
    order.pays().await.unwrap();

    let page = order.service().unwrap().client_area().await.unwrap();

    assert!(
        page.html
            .contains("<p>Active a &amp; b 0 mails /index.php?rp=/clientarea-homepage</p>"),
        "{} {:?}",
        page.html,
        page.error
    );
}
