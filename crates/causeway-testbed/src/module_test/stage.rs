//! A WHMCS with the module in it, a vendor, and all that stands between: everything new for each trial.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use indexmap::IndexMap;
use serde_json::Value;
use url::Url;

use super::callback::Callback;
use super::error::ModuleTestError;
use super::made::{Made, Told};
use super::options::ProductOptions;
use super::planted::{OTHER_SERVICE_PASSWORD, SERVICE_PASSWORD};
use super::settings::{ModuleTestSettings, VendorChoice};
use crate::emulator::answers::{Nothing, ProductForm};
use crate::emulator::{
    CallOutcome, CallRecord, Client, Command, Emulator, EmulatorError, EmulatorSettings, Item,
    ModuleName, Order, PhpSettings, Presser, Product, ProductId, Server, ServerId, Service,
};
use crate::fault_proxy::{ArmedFault, FaultProxy, FaultProxySettings};
use crate::interceptor::{Interceptor, InterceptorSettings};
use crate::scripted_vendor::{ScriptedVendor, VendorScript};

/// The host of the server form when the script names none.
const INVENTED_HOST: &str = "panel.vendor.example";
const DOMAIN: &str = "shop.example.com";
/// PHP may take so much longer than the test's patience before php-fpm itself ends a request.
const BEYOND_PATIENCE: Duration = Duration::from_secs(30);

/// One WHMCS and one vendor.
pub struct Stage {
    pub emulator: Emulator,
    pub interceptor: Interceptor,
    pub vendor: Option<ScriptedVendor>,
    pub module: ModuleName,
    proxy: FaultProxy,
    server: ServerId,
    product: ProductId,
    upgrade: ProductId,
    purchase: Option<(Order, Service)>,
    patience: Duration,
}

impl Stage {
    pub async fn start(settings: &ModuleTestSettings) -> Result<Self, ModuleTestError> {
        let (vendor, upstream, host) = match &settings.vendor {
            VendorChoice::Script(source) => {
                let script = VendorScript::parse(source)
                    .map_err(|problems| ModuleTestError::Script(format!("{problems:?}")))?;
                let host = script.hosts().first().cloned();
                let vendor = ScriptedVendor::start(script, settings.server.clone()).await?;
                let upstream = origin(&vendor.api());
                (Some(vendor), upstream, host)
            }
            VendorChoice::Given(url) => {
                (None, origin(url.as_str()), url.host_str().map(Into::into))
            }
        };
        let upstream = upstream.ok_or_else(|| {
            ModuleTestError::Script("the vendor's address has no host".to_owned())
        })?;
        let proxy = FaultProxy::start(FaultProxySettings {
            keeps_host: vendor.is_some(),
            ..FaultProxySettings::before(upstream)
        })
        .await?;
        let before_proxy = origin(&proxy.api()).ok_or_else(|| {
            ModuleTestError::Script("the fault proxy's address has no host".to_owned())
        })?;
        let interceptor = Interceptor::start(InterceptorSettings {
            upstream: before_proxy,
        })
        .await?;
        let emulator = Emulator::start(EmulatorSettings {
            php: PhpSettings {
                workers: 2,
                request_limit: settings.patience + BEYOND_PATIENCE,
                environment: interceptor.environment(),
                ini: interceptor.ini(),
                ..PhpSettings::default()
            },
            whmcs_version: settings.whmcs_version.clone(),
            ..EmulatorSettings::default()
        })
        .await?;
        let module = emulator.install_module(&settings.folder).await?;
        let host = settings.host.clone().or(host);
        let form = Server::new(&module)
            .hostname(host.unwrap_or_else(|| INVENTED_HOST.to_owned()))
            .ip_address("")
            .username(&settings.server.username)
            .password(&settings.server.password)
            .access_hash(&settings.server.access_hash)
            .secure();
        let server = emulator.add_server(form).await?;
        let product = |name: &str| {
            let mut product = Product::new(&module, name).server(server);
            for name in settings.custom_fields.keys() {
                product = product.custom_field(name);
            }
            for (name, choice) in &settings.configurable_options {
                product = product.configurable_option(name, &[(choice, "0.00")]);
            }
            product
        };
        let upgrade = emulator.add_product(product("Larger").price("20.00")).await?;
        let product = emulator
            .add_product(product("Small").upgrades_to(upgrade))
            .await?;
        Ok(Self {
            emulator,
            interceptor,
            vendor,
            module,
            proxy,
            server,
            product,
            upgrade,
            purchase: None,
            patience: settings.patience,
        })
    }

    /// Staff open the product form.
    pub async fn product_form(&self) -> Result<ProductForm, EmulatorError> {
        let form = self.emulator.product_form(&self.module, Some(self.product));
        Ok(form.await?.result)
    }

    /// Staff save both products.
    pub async fn save(&self, options: &ProductOptions) -> Result<(), EmulatorError> {
        for (product, options) in [
            (self.product, &options.first),
            (self.upgrade, &options.upgrade),
        ] {
            self.emulator
                .save_product_options(product, options.clone())
                .await?;
        }
        Ok(())
    }

    /// A client orders, and has not paid yet.
    pub async fn order(
        &mut self,
        client: Client,
        settings: &ModuleTestSettings,
    ) -> Result<(), EmulatorError> {
        let client = self.emulator.add_client(client).await?;
        let mut item = Item::new(self.product, DOMAIN).password(SERVICE_PASSWORD);
        for (name, value) in &settings.custom_fields {
            item = item.custom_field(name, value);
        }
        for (name, choice) in &settings.configurable_options {
            item = item.configurable_option(name, choice);
        }
        let order = client.buys_all(vec![item]).await?;
        let service = order.service()?;
        self.purchase = Some((order, service));
        Ok(())
    }

    /// The service, once it is ordered.
    pub fn service(&self) -> Option<&Service> {
        self.purchase.as_ref().map(|(_, service)| service)
    }

    /// The values that are kept for the service and that pages and e-mails can show, by name.
    pub async fn kept_values(&self) -> Result<BTreeMap<String, String>, EmulatorError> {
        let Some(service) = self.service() else {
            return Ok(BTreeMap::new());
        };
        let mut values = service.properties().await?;
        let row = format!(
            "SELECT username, dedicatedip, assignedips FROM tblhosting WHERE id = {}",
            service.id().0
        );
        let rows = self.emulator.database().query(row).await?;
        values.extend(rows.into_iter().flatten());
        values.retain(|_, value| !value.trim().is_empty());
        Ok(values)
    }

    /// What the vendor has for services: users and such are left aside. None when it cannot be known.
    pub fn vendors_services(&self) -> Option<IndexMap<String, Vec<Value>>> {
        let vendor = self.vendor.as_ref()?;
        let mut all = vendor.all_collections();
        all.retain(|name, _| !vendor.script().is_shared(name));
        Some(all)
    }

    /// Makes a callback, and nothing goes wrong.
    pub async fn make(&self, callback: &Callback) -> Result<Made, ModuleTestError> {
        self.make_with(callback, []).await
    }

    /// Makes a callback while this goes wrong.
    pub async fn make_with(
        &self,
        callback: &Callback,
        faults: impl IntoIterator<Item = ArmedFault>,
    ) -> Result<Made, ModuleTestError> {
        self.proxy.arm(faults).await;
        let began = Instant::now();
        let asked = tokio::time::timeout(self.patience, self.ask(callback)).await;
        let took = began.elapsed();
        let came = match asked {
            Ok(came) => came,
            Err(_) => {
                self.emulator.kill_requests()?;
                Ok(Came::of(Told::Held))
            }
        };
        self.proxy.disarm().await;
        self.proxy.settled().await;
        let Came {
            told,
            calls,
            warnings,
        } = came.or_else(as_outcome)?;
        Ok(Made {
            callback: callback.clone(),
            told,
            calls,
            warnings,
            exchanges: self.proxy.record(),
            took,
        })
    }

    async fn ask(&self, callback: &Callback) -> Result<Came, EmulatorError> {
        let emulator = &self.emulator;
        let server_id = self.server;
        let command = match callback {
            Callback::TestConnection => {
                let answered = emulator.test_connection(self.server).await?;
                let told = outcome(answered.success, answered.error.as_deref());
                return Ok(Came::new(told, answered.calls, answered.warnings));
            }
            Callback::ConfigOptions => {
                let form = emulator.product_form(&self.module, Some(self.product));
                let answered = form.await?;
                let data = answered.result.fields.iter().map(|field| {
                    (field.key.clone(), Value::String(field.name.clone()))
                });
                let told = Told::Data {
                    data: Value::Object(data.collect()),
                };
                return Ok(Came::new(told, answered.calls, answered.warnings));
            }
            Callback::UsageUpdate => Command::UsageUpdate { server_id },
            Callback::ListAccounts => Command::ListAccounts { server_id },
            Callback::MetricProvider => Command::Metrics { server_id },
            Callback::CronHooks => {
                let answered = emulator.ask::<Nothing>(Command::RunCronHooks {}).await?;
                let told = Told::Data { data: Value::Null };
                return Ok(Came::new(told, answered.calls, answered.warnings));
            }
            _ => return self.ask_of_service(callback).await,
        };
        let answered = emulator.ask::<Value>(command).await?;
        let told = Told::Data {
            data: answered.result,
        };
        Ok(Came::new(told, answered.calls, answered.warnings))
    }

    async fn ask_of_service(&self, callback: &Callback) -> Result<Came, EmulatorError> {
        let Some((order, service)) = &self.purchase else {
            return Err(EmulatorError::NoSuchRow {
                what: "service: nothing was ordered".to_owned(),
            });
        };
        let press = |presser, function| service.presses(presser, function);
        let outcomes = match callback {
            Callback::ClientArea => {
                let page = service.client_area().await?;
                let html = page.result.html;
                return Ok(Came::new(Told::Page { html }, page.calls, page.warnings));
            }
            Callback::AdminServicesTabFields => {
                let page = service.admin_page().await?;
                let html = page.result.html;
                return Ok(Came::new(Told::Page { html }, page.calls, page.warnings));
            }
            Callback::ClientButton(function) => {
                let answered = press(Presser::Client, function).await?;
                let told = outcome(answered.success, answered.message.as_deref());
                return Ok(Came::new(told, answered.calls, answered.warnings));
            }
            Callback::AdminButton(function) => {
                let answered = press(Presser::Admin, function).await?;
                let told = outcome(answered.success, answered.message.as_deref());
                return Ok(Came::new(told, answered.calls, answered.warnings));
            }
            Callback::ServiceSingleSignOn => {
                let answered = service.single_sign_on().await?;
                let told = outcome(answered.success, answered.error.as_deref());
                return Ok(Came::new(told, answered.calls, answered.warnings));
            }
            Callback::CreateAccount if !service.unpaid_invoices().await?.is_empty() => {
                order.pays().await?
            }
            Callback::ChangePassword => service.change_password(OTHER_SERVICE_PASSWORD).await?,
            Callback::ChangePackage if service.row().await?.product == self.product => {
                service.upgrade_to_and_pay(self.upgrade).await?
            }
            other => vec![service.run(other.name()).await?],
        };
        Ok(Came::of_outcomes(outcomes))
    }
}

/// What came back of a callback.
struct Came {
    told: Told,
    calls: Vec<CallRecord>,
    warnings: Vec<String>,
}

impl Came {
    const fn new(told: Told, calls: Vec<CallRecord>, warnings: Vec<String>) -> Self {
        Self {
            told,
            calls,
            warnings,
        }
    }

    const fn of(told: Told) -> Self {
        Self::new(told, Vec::new(), Vec::new())
    }

    fn of_outcomes(outcomes: Vec<CallOutcome>) -> Self {
        let told = match outcomes.iter().find(|outcome| !outcome.success) {
            _ if outcomes.is_empty() => Told::Refused {
                message: "no call was due".to_owned(),
            },
            Some(failed) => Told::Failure {
                message: failed.message.clone(),
            },
            None => Told::Success,
        };
        let calls = outcomes.into_iter().flat_map(|outcome| outcome.calls);
        Self::new(told, calls.collect(), Vec::new())
    }
}

fn outcome(success: bool, message: Option<&str>) -> Told {
    match success {
        true => Told::Success,
        false => Told::Failure {
            message: message.unwrap_or_default().to_owned(),
        },
    }
}

/// What a module brings about is an outcome, and what the test bed does wrong an error.
fn as_outcome(error: EmulatorError) -> Result<Came, EmulatorError> {
    let (told, calls) = match error {
        EmulatorError::PhpFatal { reason, log, .. } => (
            Told::PhpDied {
                reason: format!("{reason}\n{log}").trim().to_owned(),
            },
            Vec::new(),
        ),
        EmulatorError::MissingInEmulator { what, place, calls } => {
            (Told::NotEmulated { what, place }, calls)
        }
        EmulatorError::Refused { message, .. } => (Told::Refused { message }, Vec::new()),
        other => return Err(other),
    };
    Ok(Came::new(told, calls, Vec::new()))
}

/// An address without its path.
fn origin(address: &str) -> Option<Url> {
    let mut url = Url::parse(address).ok()?;
    url.set_path("");
    url.set_query(None);
    url.host_str().is_some().then_some(url)
}
