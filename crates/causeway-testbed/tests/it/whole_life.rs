//! The whole life of a module: everything that WHMCS can ask of it, once, with a scripted vendor.

use std::{collections::BTreeMap, path::Path};

use causeway_testbed::emulator::{
    CallRecord, Cancellation, Client, ClientId, ClientPageName, Command, Emulator, EmulatorError,
    EmulatorSettings, Item, MissingPiece, ModuleName, PhpSettings, Presser, Product, ProductId,
    Server, ServerId, ServiceId, answers,
};
use causeway_testbed::interceptor::{Interceptor, InterceptorSettings};
use causeway_testbed::scripted_vendor::{Credentials, ScriptedVendor, VendorScript};
use serde_json::{Value, json};

/// What the provider enters, as in the samples' `expected.toml`.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Entered {
    #[serde(default)]
    pub server: EnteredServer,
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// Custom fields of the product, with what the client fills in.
    #[serde(default)]
    pub custom_fields: BTreeMap<String, String>,
    /// Configurable options, with their choices; the client takes the first one.
    #[serde(default)]
    pub configurable_options: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Default, serde::Deserialize)]
pub struct EnteredServer {
    #[serde(default)]
    pub hostname: Option<String>,
    #[serde(default)]
    pub username: String,
    #[serde(default)]
    pub password: String,
    #[serde(default)]
    pub access_hash: String,
}

/// What a life brought.
#[derive(Debug, Default)]
pub struct Life {
    /// Every call of the module, with the step that it belongs to.
    pub calls: Vec<(String, CallRecord)>,
    /// What the emulator lacks, or WHMCS does not have.
    pub missing: Vec<MissingPiece>,
    /// What went wrong beside the module's own answers: the emulator, hooks, pages, the script.
    pub trouble: Vec<String>,
}

pub struct Played {
    pub whmcs: Emulator,
    vendor: ScriptedVendor,
    _interceptor: Interceptor,
    module: ModuleName,
    server: ServerId,
    life: Life,
}

impl Played {
    /// Everything that can be asked, in the order of a life.
    pub async fn live(folder: &Path, script: &str, entered: &Entered) -> Life {
        let mut played = Self::start(folder, script, entered).await;
        let product = played.sell(entered, "Small").await;
        let larger = played.sell(entered, "Large").await;
        played.before_the_sale(product, larger, entered).await;
        let Some(service) = played.buy(product, entered, "one.example").await else {
            return played.end();
        };
        played.pages(service).await;
        played.buttons(service).await;
        played.server_tools().await;
        for function in ["SuspendAccount", "UnsuspendAccount"] {
            let step = function.to_owned();
            played.ask(&step, module_call(service, function)).await;
        }
        let upgrade = Command::Upgrade {
            service_id: service,
            new_product_id: larger,
            new_billing_cycle: None,
            configurable_options: BTreeMap::new(),
        };
        played.ask("upgrade", upgrade).await;
        let password = Command::ChangePassword {
            service_id: service,
            addon_id: None,
            password: "N3w-Secret!pass".into(),
        };
        played.ask("change password", password).await;
        played.a_month_passes().await;
        let cancellation = Command::RequestCancellation {
            service_id: service,
            kind: Cancellation::Immediate,
            reason: "moving on".into(),
        };
        played.ask("cancel", cancellation).await;
        played.ask("cron", Command::RunDailyCron {}).await;
        played.ask("cron hooks", Command::RunCronHooks {}).await;
        for function in ["TerminateAccount", "CreateAccount", "TerminateAccount"] {
            let step = format!("{function} again");
            played.ask(&step, module_call(service, function)).await;
        }
        played.end()
    }

    pub async fn start(folder: &Path, script: &str, entered: &Entered) -> Self {
        let script = VendorScript::parse(script).unwrap();
        let hostname = entered.server.hostname.clone();
        let hostname = hostname.or_else(|| script.hosts().first().cloned());
        let hostname = hostname.unwrap_or_else(|| "panel.vendor.example".into());
        let credentials = Credentials {
            username: entered.server.username.clone(),
            password: entered.server.password.clone(),
            access_hash: entered.server.access_hash.clone(),
        };
        let vendor = ScriptedVendor::start(script, credentials).await.unwrap();
        let interceptor = Interceptor::start(InterceptorSettings {
            upstream: vendor.api().parse().unwrap(),
        })
        .await
        .unwrap();
        let php = PhpSettings {
            environment: interceptor.environment(),
            ini: interceptor.ini(),
            // One request after the other; a page may visit another one.
            workers: 2,
            ..PhpSettings::default()
        };
        let whmcs = Emulator::start(EmulatorSettings {
            php,
            ..EmulatorSettings::default()
        })
        .await
        .unwrap();
        let module = whmcs.install_module(folder).await.unwrap();
        let server = Server::new(module.as_str())
            .hostname(hostname)
            .username(&entered.server.username)
            .password(&entered.server.password)
            .access_hash(&entered.server.access_hash)
            .secure();
        let server = whmcs.add_server(server).await.unwrap();
        Self {
            whmcs,
            vendor,
            _interceptor: interceptor,
            module,
            server,
            life: Life::default(),
        }
    }

    pub async fn sell(&self, entered: &Entered, name: &str) -> ProductId {
        let mut product = Product::new(self.module.as_str(), name).server(self.server);
        if name == "Large" {
            product = product.price("25.00");
        }
        for (key, value) in &entered.options {
            let number = key.trim_start_matches("configoption").parse().unwrap();
            product = product.option(number, value);
        }
        for field in entered.custom_fields.keys() {
            product = product.custom_field(field);
        }
        for (option, choices) in &entered.configurable_options {
            let choices: Vec<_> = choices
                .iter()
                .map(|choice| (choice.as_str(), "0"))
                .collect();
            product = product.configurable_option(option, &choices);
        }
        self.whmcs.add_product(product).await.unwrap()
    }

    async fn before_the_sale(&mut self, product: ProductId, larger: ProductId, entered: &Entered) {
        for product_id in [None, Some(product), Some(larger)] {
            let module = self.module.clone();
            let form = Command::ProductForm { module, product_id };
            self.ask("product form", form).await;
        }
        for product_id in [product, larger] {
            let options = entered.options.clone();
            let save = Command::SaveProductOptions {
                product_id,
                options,
            };
            self.ask("save options", save).await;
        }
        let server_id = self.server;
        let test = Command::TestConnection { server_id };
        self.ask("test connection", test).await;
    }

    pub async fn buy(
        &mut self,
        product: ProductId,
        entered: &Entered,
        domain: &str,
    ) -> Option<ServiceId> {
        let client = Client::named("Ada", "Lovelace").company("Analytical & Sons");
        let client = self.whmcs.add_client(client).await.unwrap();
        self.client_pages(client.id(), product).await;
        let mut item = Item::new(product, domain);
        for (field, value) in &entered.custom_fields {
            item = item.custom_field(field, value);
        }
        for (option, choices) in &entered.configurable_options {
            if let [first, ..] = choices.as_slice() {
                item = item.configurable_option(option, first.split('|').next().unwrap());
            }
        }
        let order = Command::PlaceOrder {
            client_id: client.id(),
            items: vec![item],
            payment_method: "mailin".into(),
        };
        let placed = self.ask("order", order).await?;
        let placed: answers::PlacedOrder = serde_json::from_value(placed).unwrap();
        if let Some(invoice_id) = placed.invoice_id {
            self.ask("pay", Command::PayInvoice { invoice_id }).await;
        }
        placed.service_ids.first().copied()
    }

    async fn pages(&mut self, service_id: ServiceId) {
        let addon_id = None;
        for language in [None, Some("german".to_owned())] {
            let page = Command::ClientArea {
                service_id,
                addon_id,
                language,
            };
            self.ask("client area", page).await;
        }
        let page = Command::AdminServicePage {
            service_id,
            addon_id,
        };
        self.ask("staff's page", page).await;
        let save = Command::SaveAdminServicePage {
            service_id,
            addon_id,
            post: Value::Null,
        };
        self.ask("staff save the page", save).await;
    }

    async fn client_pages(&mut self, client_id: ClientId, product: ProductId) {
        for page in [
            ClientPageName::Home,
            ClientPageName::Services,
            ClientPageName::Cart,
        ] {
            let show = Command::ClientPage {
                client_id,
                page,
                product_id: Some(product),
                request: BTreeMap::new(),
            };
            self.ask("client's pages", show).await;
        }
    }

    async fn buttons(&mut self, service_id: ServiceId) {
        let addon_id = None;
        for presser in [Presser::Client, Presser::Admin] {
            let sign_on = Command::SingleSignOn {
                service_id,
                addon_id,
                presser,
            };
            self.ask("single sign-on", sign_on).await;
        }
        let pressed = self.offered_functions(service_id).await;
        for (presser, function) in pressed {
            let press = Command::CustomButton {
                service_id,
                addon_id,
                function,
                presser,
            };
            self.ask("button", press).await;
        }
        let actions = Command::CustomActions {
            service_id,
            addon_id,
            invoke: None,
        };
        let offered = self.ask("custom actions", actions).await;
        let offered = offered.unwrap_or_default()["actions"].clone();
        for action in offered.as_array().into_iter().flatten() {
            let invoke = Command::CustomActions {
                service_id,
                addon_id,
                invoke: action["identifier"].as_str().map(str::to_owned),
            };
            self.ask("custom action", invoke).await;
        }
    }

    /// What the module offers as buttons, as its own functions say.
    async fn offered_functions(&mut self, service_id: ServiceId) -> Vec<(Presser, String)> {
        let page = Command::AdminServicePage {
            service_id,
            addon_id: None,
        };
        let page = self.ask("staff's page", page).await.unwrap_or_default();
        let mut offered: Vec<_> = page["buttons"]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(_, function)| Some((Presser::Admin, function.as_str()?.to_owned())))
            .collect();
        let buttons = Command::ClientButtons {
            service_id,
            addon_id: None,
        };
        let buttons = self.ask("client's buttons", buttons).await;
        let buttons = buttons.unwrap_or_default()["functions"].clone();
        for function in buttons.as_array().into_iter().flatten() {
            offered.extend(
                function
                    .as_str()
                    .map(|name| (Presser::Client, name.to_owned())),
            );
        }
        offered
    }

    async fn server_tools(&mut self) {
        let server_id = self.server;
        self.ask("list accounts", Command::ListAccounts { server_id })
            .await;
        self.ask("usage update", Command::UsageUpdate { server_id })
            .await;
        self.ask("metrics", Command::Metrics { server_id }).await;
    }

    async fn a_month_passes(&mut self) {
        for days in [20, 12] {
            let pass = Command::AdvanceClock { days, hours: 0 };
            self.ask("days pass", pass).await;
            let cron = self.ask("cron", Command::RunDailyCron {}).await;
            let made = cron.unwrap_or_default()["invoices_created"].clone();
            for invoice in made.as_array().into_iter().flatten() {
                let invoice_id = serde_json::from_value(invoice.clone()).unwrap();
                self.ask("pay the renewal", Command::PayInvoice { invoice_id })
                    .await;
            }
            self.ask("cron hooks", Command::RunCronHooks {}).await;
        }
    }

    /// Asks, makes the calls that are then due, and notes all that came of it.
    async fn ask(&mut self, step: &str, command: Command) -> Option<Value> {
        let mut result = None;
        let mut commands = vec![command];
        while !commands.is_empty() {
            let command = commands.remove(0);
            match self.whmcs.ask::<Value>(command).await {
                Ok(answered) => {
                    if let Some(invoice) = answered.result["invoice_id"].as_i64()
                        && step == "upgrade"
                    {
                        let invoice_id = serde_json::from_value(json!(invoice)).unwrap();
                        commands.push(Command::PayInvoice { invoice_id });
                    }
                    for mut due in answered.due {
                        if let Some(extra) = answered.result["extra_params"].as_object() {
                            due.extra_params.clone_from(extra);
                        }
                        commands.push((&due).into());
                    }
                    let error = answered.result["error"].as_str().unwrap_or_default();
                    if !error.is_empty() {
                        self.life.trouble.push(format!("{step}: {error}"));
                    }
                    let hooks = answered.hook_errors.iter();
                    let hooks = hooks.map(|error| format!("{step}: {error}"));
                    self.life.trouble.extend(hooks);
                    let warnings = answered.warnings.iter();
                    let warnings = warnings.map(|warning| format!("{step}: {warning}"));
                    self.life.trouble.extend(warnings);
                    self.life.missing.extend(answered.missing);
                    let calls = answered.calls.into_iter();
                    self.life
                        .calls
                        .extend(calls.map(|call| (step.into(), call)));
                    result.get_or_insert(answered.result);
                }
                Err(EmulatorError::MissingInEmulator { missing, calls, .. }) => {
                    self.life.missing.extend(missing);
                    let calls = calls.into_iter();
                    self.life
                        .calls
                        .extend(calls.map(|call| (step.into(), call)));
                }
                Err(error) => self.life.trouble.push(format!("{step}: {error}")),
            }
        }
        result
    }

    fn end(mut self) -> Life {
        let unmatched = self.vendor.unmatched().into_iter();
        let unmatched =
            unmatched.map(|request| format!("no route for {} {}", request.method, request.path));
        self.life.trouble.extend(unmatched);
        self.life.trouble.extend(self.vendor.script_errors());
        self.life
    }
}

fn module_call(service_id: ServiceId, function: &str) -> Command {
    Command::ModuleCall {
        service_id,
        addon_id: None,
        function: function.into(),
        reason: "by hand".into(),
        extra_params: serde_json::Map::new(),
    }
}
