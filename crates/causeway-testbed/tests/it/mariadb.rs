//! WHMCS on MariaDB: the same lives as on SQLite, and what only MariaDB can show.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use causeway_testbed::emulator::{
    Addon, Cancellation, Client, DatabaseEngine, Emulator, EmulatorError, EmulatorSettings, Item,
    MissingKind, Presser, Product, Server, Status,
};
use causeway_testbed::mariadb::MariaDbServer;

use crate::emulator_support::{functions, module_folder, record, tinyhost};

/// One server for all tests of this process; it ends with it.
static SERVER: LazyLock<Arc<MariaDbServer>> =
    LazyLock::new(|| MariaDbServer::start_new().unwrap_or_else(|error| panic!("{error}")));

/// What is new in every run.
const RANDOM: [&str; 4] = ["uuid", "password", "ordernum", "tid"];

async fn start(database: DatabaseEngine, module: &str, files: &[(&str, &str)]) -> Emulator {
    let settings = EmulatorSettings {
        database,
        ..EmulatorSettings::default()
    };
    let whmcs = Emulator::start(settings).await.unwrap();
    whmcs
        .install_module(&module_folder(module, files).path)
        .await
        .unwrap();
    whmcs
}

async fn on_mariadb(module: &str, files: &[(&str, &str)]) -> Emulator {
    start(DatabaseEngine::MariaDb(Arc::clone(&SERVER)), module, files).await
}

/// A life of a product with an addon, from the order to the end, and what was seen on the way.
async fn life(whmcs: &Emulator) -> Vec<String> {
    let mut seen = Vec::new();
    let server = Server::new("tinyhost")
        .username("provider")
        .password("s3cret");
    let server = whmcs.add_server(server).await.unwrap();
    let product = |name: &str, plan: &str, price: &str| {
        Product::new("tinyhost", name)
            .option(1, plan)
            .price(price)
            .server(server)
            .custom_field("Colour")
    };
    let larger = product("Tiny Max", "max", "30.00");
    let larger = whmcs.add_product(larger).await.unwrap();
    let small = product("Tiny Pro", "pro", "10.00").upgrades_to(larger);
    let small = whmcs.add_product(small).await.unwrap();
    let addon = Addon::new("tinyhost", "Tiny Backup")
        .price("2.50")
        .for_product(small);
    let addon = whmcs.add_addon(addon).await.unwrap();
    let client = Client::named("Ada", "Lovelace").company("Größe & Söhne 🚀");
    let client = whmcs.add_client(client).await.unwrap();
    let item = Item::new(small, "one.example")
        .password("of-Ada-1")
        .custom_field("Colour", "blue")
        .addon(addon);
    let order = client.buys_all(vec![item]).await.unwrap();
    let calls = order.pays().await.unwrap();
    seen.push(format!("{:?}", functions(&calls)));
    let service = order.service().unwrap();
    seen.push(format!("{:?}", service.properties().await.unwrap()));
    seen.push(format!(
        "{:?}",
        order.addon().unwrap().properties().await.unwrap()
    ));
    seen.push(service.client_area().await.unwrap().html.clone());
    seen.push(format!("{:?}", service.admin_page().await.unwrap().fields));
    let pressed = service.presses(Presser::Admin, "ping").await.unwrap();
    seen.push(pressed.success.to_string());
    service.change_password("another-1").await.unwrap();
    seen.push(service.password().await.unwrap());
    service.upgrade_to_and_pay(larger).await.unwrap();
    // Not paid for, it is suspended; paid for, it is let on.
    for day in whmcs.days_pass(38).await.unwrap() {
        seen.push(format!("{:?}", functions(&day.calls)));
    }
    seen.push(format!("{:?}", service.status().await.unwrap()));
    let calls = service.pays().await.unwrap();
    seen.push(format!("{:?}", functions(&calls)));
    seen.push(format!("{:?}", service.status().await.unwrap()));
    service.cancel(Cancellation::Immediate).await.unwrap();
    whmcs.days_pass(1).await.unwrap();
    seen.push(format!("{:?}", service.status().await.unwrap()));
    seen.push(format!(
        "{:?}",
        whmcs.database().activity_log().await.unwrap()
    ));
    seen.push(format!(
        "{:?}",
        whmcs.database().module_log().await.unwrap()
    ));
    seen
}

/// Every row of every table of WHMCS's, as texts that both databases would write.
async fn tables(whmcs: &Emulator) -> BTreeMap<String, Vec<BTreeMap<String, String>>> {
    let schema = include_str!("../../php/schema.sql");
    let names = schema.lines().filter_map(|line| {
        let name = line.strip_prefix("CREATE TABLE ")?.split(' ').next()?;
        name.starts_with("tbl").then_some(name)
    });
    let mut tables = BTreeMap::new();
    for name in names {
        let query = format!("SELECT * FROM {name} ORDER BY id");
        let mut rows = whmcs.database().query(query).await.unwrap();
        for row in &mut rows {
            row.retain(|column, _| !RANDOM.contains(&column.as_str()));
            for value in row.values_mut() {
                if let Ok(number) = value.parse::<f64>() {
                    *value = format!("{number:.2}");
                }
            }
        }
        tables.insert(name.to_owned(), rows);
    }
    tables
}

#[tokio::test]
async fn a_life_is_the_same_on_both() {
    let sqlite = start(DatabaseEngine::Sqlite, "tinyhost", &tinyhost()).await;
    let mariadb = on_mariadb("tinyhost", &tinyhost()).await;
    let (one, other) = (life(&sqlite).await, life(&mariadb).await);
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one, other);
    }
    assert_eq!(one.len(), other.len());
    let (one, other) = (tables(&sqlite).await, tables(&mariadb).await);
    assert!(one["tblhosting"].len() == 1 && one["tblinvoices"].len() > 2);
    for (name, rows) in &one {
        assert_eq!(rows, &other[name], "{name}");
    }
}

const ODD: &str = r#"<?php
use WHMCS\Database\Capsule;

function odd_CreateAccount(array $params) {
    switch ($params['domain']) {
        case 'column.example':
            try { Capsule::table('tblhosting')->where('id', $params['serviceid'])->update(['colour' => 'red']); } catch (Exception $error) { return $error->getMessage(); }
            return 'success';
        case 'table.example':
            try { Capsule::table('tblnowhere')->get(); } catch (Exception $error) { return 'caught'; }
            return 'success';
        case 'now.example':
            return Capsule::connection()->select('SELECT NOW() AS moment')[0]->moment;
        case 'mysql.example':
            full_query("CREATE TABLE IF NOT EXISTS mod_odd (id INT UNSIGNED NOT NULL AUTO_INCREMENT, kind ENUM('a','b') NOT NULL, note VARCHAR(5) NOT NULL DEFAULT '', PRIMARY KEY (id), KEY kind (kind)) ENGINE=InnoDB");
            full_query("INSERT INTO mod_odd (kind, note) VALUES ('a', 'longer than five'), ('b', '')");
            return (string) get_query_val('mod_odd', "GROUP_CONCAT(CONCAT(kind, note) ORDER BY id DESC SEPARATOR '|')", '');
        case 'strict.example':
            Capsule::table('tblhosting')->where('id', $params['serviceid'])->update(['nextduedate' => '', 'diskusage' => '12 MB']);
            return json_encode(Capsule::table('tblhosting')->where('id', $params['serviceid'])->first(['nextduedate', 'diskusage']));
    }
}
"#;

/// What the module's create says of a service with this domain.
async fn said(whmcs: &Emulator, domain: &str) -> Result<String, EmulatorError> {
    let product = whmcs.add_product(Product::new("odd", "Odd")).await?;
    let client = whmcs.add_client(Client::named("Ada", "Lovelace")).await?;
    let calls = client.buys(product, domain).await?.pays().await?;
    let returned = record(&calls[0].calls, "CreateAccount").returned.clone();
    Ok(returned.unwrap().value.as_str().unwrap().to_owned())
}

#[tokio::test]
async fn what_whmcs_does_not_have_is_refused_and_named() {
    let whmcs = on_mariadb("odd", &[("odd.php", ODD)]).await;
    let told = said(&whmcs, "column.example").await.unwrap();
    assert!(told.contains("Unknown column 'colour'"), "{told}");
    let error = said(&whmcs, "table.example").await.unwrap_err();
    let EmulatorError::MissingInEmulator { missing, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(
        (missing[0].kind, missing[0].name.as_str()),
        (MissingKind::Table, "tblnowhere")
    );
}

#[tokio::test]
async fn mysql_is_mysql_and_now_is_by_the_clock_of_whmcs() {
    let whmcs = on_mariadb("odd", &[("odd.php", ODD)]).await;
    assert_eq!(
        said(&whmcs, "now.example").await.unwrap(),
        "2026-01-01 09:00:00"
    );
    whmcs.hours_pass(30).await.unwrap();
    assert_eq!(
        said(&whmcs, "now.example").await.unwrap(),
        "2026-01-02 15:00:00"
    );
    assert_eq!(said(&whmcs, "mysql.example").await.unwrap(), "b|alonge");
    assert_eq!(
        said(&whmcs, "strict.example").await.unwrap(),
        r#"{"nextduedate":"0000-00-00","diskusage":12}"#
    );
}

/// Runs a statement as a module does.
async fn ask_in_sql(whmcs: &Emulator, statement: &str) {
    let hook = format!("<?php add_hook('Ask', 1, function () {{ full_query('{statement}'); }});");
    whmcs.install_hook("ask", &hook).await.unwrap();
    whmcs.run_hook("Ask", serde_json::json!({})).await.unwrap();
}

#[tokio::test]
async fn it_begins_again_from_what_was_saved() {
    let whmcs = on_mariadb("tinyhost", &tinyhost()).await;
    let product = Product::new("tinyhost", "Tiny");
    let product = whmcs.add_product(product).await.unwrap();
    whmcs.database().count_from(700).await.unwrap();
    let client = whmcs
        .add_client(Client::named("Ada", "Lovelace"))
        .await
        .unwrap();
    assert_eq!(client.id().0, 701);
    let saved = whmcs.save().unwrap();
    let order = client.buys(product, "one.example").await.unwrap();
    order.pays().await.unwrap();
    let service = order.service().unwrap();
    assert_eq!(
        (service.id().0, service.status().await.unwrap()),
        (701, Status::Active)
    );

    let own = "CREATE TABLE mod_own (id INT)";
    let altered = "ALTER TABLE tblcurrencies ADD COLUMN colour TEXT";
    for statement in [
        own,
        altered,
        "DROP TABLE tbltodolist",
        "DELETE FROM tblconfiguration",
    ] {
        ask_in_sql(&whmcs, statement).await;
    }

    whmcs.restore(&saved).unwrap();
    let tables = "SELECT COUNT(*) AS count FROM information_schema.tables
        WHERE table_schema = DATABASE() AND table_name IN ('mod_own', 'tbltodolist')";
    let tables = whmcs.database().query(tables).await.unwrap();
    assert_eq!(tables[0]["count"], "1");
    let currency = whmcs
        .database()
        .query("SELECT * FROM tblcurrencies")
        .await
        .unwrap();
    assert!(!currency[0].contains_key("colour"), "{currency:?}");
    assert!(whmcs.database().services().await.unwrap().is_empty());
    let again = client.buys(product, "two.example").await.unwrap();
    assert_eq!(again.service().unwrap().id().0, 701);
}

#[test]
fn a_server_leaves_nothing_behind() {
    let server = MariaDbServer::start_new().unwrap();
    let socket = server.socket();
    assert!(
        server.log().contains("Starting MariaDB"),
        "{}",
        server.log()
    );
    let database = server.new_database().unwrap();
    drop(server);
    // The database keeps it running.
    database.run("CREATE TABLE t (id INT)").unwrap();
    let error = database.run("nonsense").unwrap_err();
    assert!(error.to_string().contains("SQL syntax"), "{error}");
    drop(database);
    assert!(!socket.parent().unwrap().exists());
    assert!(std::os::unix::net::UnixStream::connect(&socket).is_err());
}
