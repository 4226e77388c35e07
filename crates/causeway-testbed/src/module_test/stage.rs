//! A WHMCS with the module in it, a vendor, and all that stands between: everything new for each trial.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use indexmap::IndexMap;
use serde_json::Value;
use url::Url;

use super::callback::Callback;
use super::error::ModuleTestError;
use super::made::{Made, Told};
use super::options::ProductOptions;
use super::planted::{OTHER_SERVICE_PASSWORD, SERVICE_PASSWORD};
use super::settings::{ModuleTestSettings, VendorChoice, parsed};
use super::witness::Witness;
use crate::emulator::answers::{ClientButtons, ProductForm};
use crate::emulator::{
    CallOutcome, Client, Command, Emulator, EmulatorError, EmulatorSettings, Item, ModuleName,
    PhpSettings, Presser, Product, ProductId, SavedState, Server, ServerId, Service, ServiceId,
};
use crate::fault_proxy::{ArmedFault, FaultProxy, FaultProxySettings};
use crate::interceptor::{Interceptor, InterceptorSettings};
use crate::scripted_vendor::{SavedItems, ScriptedVendor};

/// Where an interceptor leads until a trial begins.
static NOWHERE: LazyLock<Url> = LazyLock::new(|| {
    Url::parse("http://127.0.0.1:9")
        .unwrap_or_else(|error| unreachable!("a fixed address: {error}"))
});
const DOMAIN: &str = "shop.example.com";
/// PHP may take so much longer than the test's patience before php-fpm itself ends a request.
const BEYOND_PATIENCE: Duration = Duration::from_secs(30);

/// A WHMCS with the module in it, in which trials are played one after the other.
pub struct House {
    emulator: Emulator,
    witness: Witness,
    interceptor: Interceptor,
    module: ModuleName,
    server: ServerId,
    product: ProductId,
    other_options: BTreeMap<String, String>,
    saved: SavedState,
}

impl House {
    /// Starts PHP, and enters server and products as the provider does.
    pub async fn build(
        settings: &ModuleTestSettings,
        options: &ProductOptions,
    ) -> Result<Self, ModuleTestError> {
        let interceptor = Interceptor::start(InterceptorSettings {
            upstream: NOWHERE.clone(),
        })
        .await?;
        let witness = Witness::default();
        let emulator = Emulator::start(EmulatorSettings {
            observer: Some(witness.observer()),
            php: PhpSettings {
                workers: 2,
                request_limit: settings.patience + BEYOND_PATIENCE,
                environment: interceptor.environment(),
                ini: interceptor.ini(),
                ..PhpSettings::default()
            },
            whmcs_version: settings.whmcs_version.clone(),
            database: settings.database.clone(),
            ..EmulatorSettings::default()
        })
        .await?;
        let module = emulator.install_module(&settings.folder).await?;
        let form = Server::new(&module)
            .hostname(settings.host_name()?)
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
        let product = emulator.add_product(product("Small")).await?;
        emulator
            .save_product_options(product, options.first.clone())
            .await?;
        let saved = emulator.save()?;
        Ok(Self {
            emulator,
            witness,
            interceptor,
            module,
            server,
            product,
            other_options: options.upgrade.clone(),
            saved,
        })
    }
}

/// One trial in a house, before a vendor of its own.
pub struct Stage {
    pub emulator: Emulator,
    pub interceptor: Interceptor,
    pub vendor: Option<ScriptedVendor>,
    pub module: ModuleName,
    house: Kept,
    proxy: FaultProxy,
    /// Tells the trial's service apart at a vendor that trials share.
    number: Option<i64>,
    service: Option<Service>,
    patience: Duration,
}

/// A service that was bought and created, on both sides. Files that a module writes are not in it.
#[derive(Clone)]
pub struct Begun {
    whmcs: SavedState,
    vendor: SavedItems,
    service: ServiceId,
}

/// What stays of a house when a trial is over.
struct Kept {
    witness: Witness,
    server: ServerId,
    product: ProductId,
    other_options: BTreeMap<String, String>,
    saved: SavedState,
}

impl Stage {
    /// Begins a trial in a house, as if nothing had ever been in it.
    pub async fn open(
        house: House,
        settings: &ModuleTestSettings,
    ) -> Result<Self, ModuleTestError> {
        let (vendor, upstream, roots) = match &settings.vendor {
            VendorChoice::Script(source) => {
                let vendor =
                    ScriptedVendor::start(parsed(source)?, settings.server.clone()).await?;
                let upstream = origin(&vendor.api())?;
                (Some(vendor), upstream, Vec::new())
            }
            VendorChoice::Given { url, roots } => (None, origin(url.as_str())?, roots.clone()),
        };
        let proxy = FaultProxy::start(FaultProxySettings {
            keeps_host: vendor.is_some(),
            upstream_roots: roots,
            ..FaultProxySettings::before(upstream)
        })
        .await?;
        let House {
            emulator,
            witness,
            interceptor,
            module,
            server,
            product,
            other_options,
            saved,
        } = house;
        emulator.restore(&saved)?;
        let number = match vendor {
            Some(_) => None,
            None => Some(next_number()),
        };
        if let Some(number) = number {
            emulator.database().count_from(number).await?;
        }
        interceptor.lead_to(&origin(&proxy.api())?)?;
        interceptor.forget_hosts();
        Ok(Self {
            emulator,
            interceptor,
            vendor,
            module,
            house: Kept {
                witness,
                server,
                product,
                other_options,
                saved,
            },
            proxy,
            number,
            service: None,
            patience: settings.patience,
        })
    }

    /// Ends the trial. The house can be used again.
    pub fn close(self) -> House {
        let Kept {
            witness,
            server,
            product,
            other_options,
            saved,
        } = self.house;
        House {
            emulator: self.emulator,
            witness,
            interceptor: self.interceptor,
            module: self.module,
            server,
            product,
            other_options,
            saved,
        }
    }

    /// Staff open the product form.
    pub async fn product_form(&self) -> Result<ProductForm, EmulatorError> {
        let form = self
            .emulator
            .product_form(&self.module, Some(self.house.product));
        Ok(form.await?.result)
    }

    /// A client orders, and has not paid yet.
    pub async fn order(
        &mut self,
        client: Client,
        settings: &ModuleTestSettings,
    ) -> Result<(), EmulatorError> {
        let (client, domain) = match self.number {
            None => (client, DOMAIN.to_owned()),
            Some(number) => (
                client.email(format!("ada{number}@example.com")),
                format!("shop{number}.example.com"),
            ),
        };
        let client = self.emulator.add_client(client).await?;
        let mut item = Item::new(self.house.product, domain).password(SERVICE_PASSWORD);
        for (name, value) in &settings.custom_fields {
            item = item.custom_field(name, value);
        }
        for (name, choice) in &settings.configurable_options {
            item = item.configurable_option(name, choice);
        }
        let order = client.buys_all(vec![item]).await?;
        self.service = Some(order.service()?);
        Ok(())
    }

    /// How everything stands now that there is a service; nothing where the vendor cannot be asked.
    pub fn save(&self) -> Result<Option<Begun>, EmulatorError> {
        let (Some(service), Some(vendor)) = (&self.service, &self.vendor) else {
            return Ok(None);
        };
        Ok(Some(Begun {
            whmcs: self.emulator.save()?,
            vendor: vendor.save(),
            service: service.id(),
        }))
    }

    /// Goes on from there, also in another house.
    pub fn go_on(&mut self, begun: &Begun) -> Result<(), EmulatorError> {
        self.emulator.restore(&begun.whmcs)?;
        if let Some(vendor) = &self.vendor {
            vendor.restore(begun.vendor.clone());
        }
        self.service = Some(self.emulator.service(begun.service));
        Ok(())
    }

    /// The service, once it is ordered.
    pub fn service(&self) -> Option<&Service> {
        self.service.as_ref()
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
        self.house.witness.take();
        let began = Instant::now();
        let asked = tokio::time::timeout(self.patience, self.ask(callback)).await;
        let took = began.elapsed();
        let told = match asked {
            Ok(told) => told.or_else(as_outcome)?,
            Err(_) => {
                self.emulator.kill_requests()?;
                Told::Held
            }
        };
        self.proxy.disarm().await;
        self.proxy.settled().await;
        Ok(Made {
            callback: callback.clone(),
            told,
            seen: self.house.witness.take(),
            exchanges: self.proxy.record(),
            took,
        })
    }

    async fn ask(&self, callback: &Callback) -> Result<Told, EmulatorError> {
        let emulator = &self.emulator;
        let server_id = self.house.server;
        let command = match callback {
            Callback::TestConnection => {
                let answered = emulator.test_connection(server_id).await?;
                return Ok(outcome(answered.success, answered.error.as_deref()));
            }
            Callback::ConfigOptions => {
                let product = Some(self.house.product);
                let form = emulator.product_form(&self.module, product).await?;
                let names = form.fields.iter().map(|field| field.name.clone().into());
                return Ok(Told::Data {
                    data: Value::Array(names.collect()),
                });
            }
            Callback::UsageUpdate => Command::UsageUpdate { server_id },
            Callback::ListAccounts => Command::ListAccounts { server_id },
            Callback::MetricProvider => Command::Metrics { server_id },
            Callback::CronHooks => Command::RunCronHooks {},
            _ => return self.ask_of_service(callback).await,
        };
        Ok(Told::Data {
            data: emulator.ask::<Value>(command).await?.result,
        })
    }

    async fn ask_of_service(&self, callback: &Callback) -> Result<Told, EmulatorError> {
        let Some(service) = &self.service else {
            return Err(EmulatorError::NoSuchRow {
                what: "service: nothing was ordered".to_owned(),
            });
        };
        let outcomes = match callback {
            Callback::ClientArea => {
                let html = service.client_area().await?.result.html;
                return Ok(Told::Page { html });
            }
            Callback::AdminServicesTabFields => {
                let html = service.admin_page().await?.result.html;
                return Ok(Told::Page { html });
            }
            Callback::ClientButton(function) => {
                let pressed = service.presses(Presser::Client, function).await?;
                return Ok(outcome(pressed.success, pressed.message.as_deref()));
            }
            Callback::AdminButton(function) => {
                let pressed = service.presses(Presser::Admin, function).await?;
                return Ok(outcome(pressed.success, pressed.message.as_deref()));
            }
            Callback::ServiceSingleSignOn => {
                let pressed = service.single_sign_on().await?;
                return Ok(outcome(pressed.success, pressed.error.as_deref()));
            }
            Callback::CreateAccount if !service.unpaid_invoices().await?.is_empty() => {
                service.pays().await?
            }
            Callback::ChangePassword => service.change_password(OTHER_SERVICE_PASSWORD).await?,
            // The product stays the same: what becomes of values that are kept in custom fields when a
            // service moves to another product is not known well enough to judge a module by it.
            Callback::ChangePackage => {
                let options = self.house.other_options.clone();
                self.emulator
                    .save_product_options(self.house.product, options)
                    .await?;
                vec![service.run("ChangePackage").await?]
            }
            other => vec![service.run(other.name()).await?],
        };
        Ok(of_all(&outcomes))
    }

    /// The buttons that the client's page offers.
    pub async fn client_buttons(&self) -> Result<Vec<String>, EmulatorError> {
        let Some(service) = self.service() else {
            return Ok(Vec::new());
        };
        let command = Command::ClientButtons {
            service_id: service.id(),
            addon_id: None,
        };
        Ok(self
            .emulator
            .ask::<ClientButtons>(command)
            .await?
            .result
            .functions)
    }
}

fn of_all(outcomes: &[CallOutcome]) -> Told {
    match outcomes.iter().find(|outcome| !outcome.success) {
        _ if outcomes.is_empty() => Told::Refused {
            message: "no call was due".to_owned(),
        },
        Some(failed) => Told::Failure {
            message: failed.message.clone(),
        },
        None => Told::Success,
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
fn as_outcome(error: EmulatorError) -> Result<Told, EmulatorError> {
    match error {
        EmulatorError::PhpFatal { reason, log, .. } => Ok(Told::PhpDied {
            reason: format!("{reason}\n{log}").trim().to_owned(),
        }),
        EmulatorError::MissingInEmulator { what, place, .. } => {
            Ok(Told::NotEmulated { what, place })
        }
        EmulatorError::Refused { message, .. } => Ok(Told::Refused { message }),
        other => Err(other),
    }
}

/// Differs from those of every other trial, also of other runs within some weeks.
fn next_number() -> i64 {
    static LAST: AtomicI64 = AtomicI64::new(0);
    const BETWEEN: i64 = 10;
    let seconds = jiff::Timestamp::now().as_second() % 10_000_000;
    let first = seconds * 1_000;
    let last = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
        Some(if last == 0 { first } else { last } + BETWEEN)
    });
    match last {
        Ok(0) | Err(_) => first + BETWEEN,
        Ok(last) => last + BETWEEN,
    }
}

/// An address without its path.
fn origin(address: &str) -> Result<Url, ModuleTestError> {
    let parsed = Url::parse(address).ok().filter(Url::has_host);
    let mut url = parsed.ok_or_else(|| ModuleTestError::NoHost(address.to_owned()))?;
    url.set_path("");
    url.set_query(None);
    Ok(url)
}
