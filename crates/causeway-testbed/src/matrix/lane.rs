//! A lane: everything between a customer and the vendor, the parts all real ones. Cases run in it one
//! after the other; a lane in which a case went wrong is thrown away.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use causeway_definition::Definition;
use tempfile::TempDir;

use super::balancer::Balancer;
use super::case::CaseName;
use super::error::MatrixError;
use super::gateway::{GatewayProcess, Program};
use super::purchase::{Purchase, State, state_before};
use super::vendor::{VendorSettings, VendorSide};
use crate::emulator::{
    Emulator, EmulatorSettings, PhpSettings, Product, ProductId, Server, ServerId, ServiceId,
};
use crate::fault_proxy::{FaultProxy, FaultProxySettings, Port};
use crate::postgres::{PostgresError, PostgresServer};

/// How the vendor misbehaves in time; far below what the definition's short times allow.
const READS_LAG_BY: Duration = Duration::from_millis(500);
const ACTS_LATE_BY: Duration = Duration::from_millis(300);
const REFUSED_FOR: Duration = Duration::from_millis(150);
const DRIPS_FOR: Duration = Duration::from_millis(300);

/// What every lane is made from.
#[derive(Debug)]
pub struct LaneSettings {
    /// The `causeway` program.
    pub program: PathBuf,
    /// Another program than that for the gateways.
    pub gateway_program: Option<PathBuf>,
    /// The definition as the gateways read it, with short times.
    pub source: String,
    /// The same, parsed.
    pub definition: Definition,
    /// The vendor behind the fault proxy.
    pub vendor: VendorSettings,
    /// Where each lane's journal is.
    pub journal: JournalSettings,
    /// How many requests WHMCS works on at once.
    pub php_workers: u32,
    /// Further arguments of every gateway.
    pub gateway_arguments: Vec<String>,
}

/// Where a lane's journal is.
#[derive(Debug, Clone)]
pub enum JournalSettings {
    /// A file in the lane's own folder; one gateway.
    Sqlite,
    /// A database of its own on this server; two gateways.
    Postgres(Arc<PostgresServer>),
}

impl JournalSettings {
    /// What a report calls it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    const fn nodes(&self) -> usize {
        match self {
            Self::Sqlite => 1,
            Self::Postgres(_) => 2,
        }
    }

    /// A journal that is still empty, for a lane in this folder.
    async fn new_journal(&self, folder: &Path) -> Result<String, MatrixError> {
        match self {
            Self::Sqlite => Ok(folder.join("journal.sqlite").display().to_string()),
            Self::Postgres(server) => {
                let server = Arc::clone(server);
                let made = tokio::task::spawn_blocking(move || server.new_database()).await;
                made.unwrap_or(Err(PostgresError::Missing))
                    .map_err(MatrixError::from)
            }
        }
    }
}

/// Everything between a customer and the vendor.
pub struct Lane {
    /// What it was made from.
    pub settings: Arc<LaneSettings>,
    /// WHMCS, with the module in it.
    pub whmcs: Emulator,
    /// The vendor.
    pub vendor: VendorSide,
    /// What stands before the vendor.
    pub proxy: FaultProxy,
    /// What stands before the gateways.
    pub balancer: Balancer,
    /// The program, for its commands.
    pub program: Program,
    /// One gateway, or two on a shared journal.
    pub nodes: Vec<Option<GatewayProcess>>,
    /// How far the gateways' clocks are ahead.
    pub clock_ahead: Duration,
    /// The provider's token for each way to the vendor.
    tokens: [String; 2],
    shops: [Shop; 2],
    /// A service that the last case left behind in a known state.
    spare: Option<Purchase>,
    /// What was bought at a vendor that is not the lane's own, as it stands.
    pub bought: BTreeMap<ServiceId, Purchase>,
    // Last, so that everything in it has stopped.
    _folder: TempDir,
}

/// What can be bought, for one way to the vendor: with or without TLS.
#[derive(Debug, Clone, Copy)]
pub struct Shop {
    /// The server in WHMCS whose password is the token.
    pub server: ServerId,
    /// Two products that upgrade to each other.
    pub products: [ProductId; 2],
}

impl Lane {
    /// Starts all parts on free ports, in a temporary folder.
    ///
    /// # Errors
    /// A part does not start.
    pub async fn start(settings: Arc<LaneSettings>) -> Result<Self, MatrixError> {
        let folder = tempfile::Builder::new()
            .prefix("causeway-lane-")
            .tempdir()
            .map_err(|source| MatrixError::File {
                file: std::env::temp_dir(),
                source,
            })?;
        let file = |name: &str| folder.path().join(name);
        let vendor = VendorSide::start(&settings.vendor).await?;
        let mut proxy_settings = FaultProxySettings::before(vendor.api().clone());
        proxy_settings.upstream_roots = vendor.roots();
        proxy_settings.reads_lag_by = READS_LAG_BY;
        proxy_settings.acts_late_by = ACTS_LATE_BY;
        proxy_settings.refused_for = REFUSED_FOR;
        proxy_settings.drips_for = DRIPS_FOR;
        let proxy = FaultProxy::start(proxy_settings).await?;
        write(&file("definition.toml"), &settings.source)?;
        write(&file("vendor-authority.pem"), proxy.authority_pem())?;
        let program = Program {
            file: settings.program.clone(),
            gateway: settings.gateway_program.clone(),
            folder: folder.path().to_owned(),
            journal: settings.journal.new_journal(folder.path()).await?,
        };
        let balancer = Balancer::start().await.map_err(MatrixError::Port)?;
        let whmcs = Emulator::start(EmulatorSettings {
            php: PhpSettings {
                workers: settings.php_workers,
                ..PhpSettings::default()
            },
            ..EmulatorSettings::default()
        })
        .await?;
        if let Some(vendor) = vendor.given() {
            whmcs.database().count_from(vendor.first_number()).await?;
        }
        let nobody = Shop {
            server: ServerId(0),
            products: [ProductId(0); 2],
        };
        let mut lane = Self {
            nodes: (0..settings.journal.nodes()).map(|_| None).collect(),
            settings,
            whmcs,
            vendor,
            proxy,
            balancer,
            program,
            clock_ahead: Duration::ZERO,
            tokens: Default::default(),
            shops: [nobody; 2],
            spare: None,
            bought: BTreeMap::new(),
            _folder: folder,
        };
        lane.add_providers().await?;
        lane.start_all_gateways().await?;
        lane.open_shops().await?;
        Ok(lane)
    }

    async fn add_providers(&mut self) -> Result<(), MatrixError> {
        for (number, api) in [self.proxy.api(), self.proxy.secure_api()]
            .iter()
            .enumerate()
        {
            let name = format!("provider-{number}");
            let arguments = [
                "provider",
                "add",
                &name,
                "--api",
                api,
                "--credential-file",
                "-",
            ];
            let said = self
                .program
                .run_on_journal(&arguments, self.vendor.credential())
                .await?;
            let token = said.split_whitespace().find(|word| word.starts_with("cw_"));
            self.tokens[number] = token.unwrap_or_default().to_owned();
        }
        Ok(())
    }

    async fn open_shops(&mut self) -> Result<(), MatrixError> {
        let url = self.balancer.url();
        let arguments = [
            "build",
            "definition.toml",
            "--gateway",
            &url,
            "-o",
            "module",
        ];
        self.program.run(&arguments, "").await?;
        let name = self.settings.definition.service.name.clone();
        let folder = self
            .program
            .folder
            .join("module/modules/servers")
            .join(&name);
        self.whmcs.install_module(folder).await?;
        for number in 0..self.tokens.len() {
            let server = Server::new(&name).password(&self.tokens[number]);
            let server = self.whmcs.add_server(server).await?;
            let mut products = [ProductId(0); 2];
            for (which, product) in products.iter_mut().enumerate() {
                *product = self.whmcs.add_product(self.product(server, which)).await?;
            }
            self.shops[number] = Shop { server, products };
        }
        Ok(())
    }

    /// A product whose options are the definition's first choices, or the second ones.
    fn product(&self, server: ServerId, which: usize) -> Product {
        use causeway_definition::OptionKind;
        let definition = &self.settings.definition;
        let name = &definition.service.name;
        let mut product = Product::new(name, format!("{name} {which}"))
            .price("10.00")
            .on_payment()
            .without_welcome_email()
            .server(server);
        for ((_, option), number) in definition.options.iter().zip(1..) {
            let value = match &option.kind {
                OptionKind::Dropdown { choices } | OptionKind::Radio { choices } => choices
                    .keys()
                    .nth(which.min(choices.len().saturating_sub(1)))
                    .cloned(),
                OptionKind::YesNo => Some(if which == 0 { "on" } else { "" }.to_owned()),
                _ => option
                    .default
                    .as_ref()
                    .and_then(|value| value.as_str())
                    .map(str::to_owned),
            };
            product = product.option(number, value.unwrap_or_else(|| format!("value {which}")));
        }
        product
    }

    /// What can be bought over this port.
    pub fn shop(&self, port: Port) -> Shop {
        self.shops[way(port)]
    }

    /// The provider's token over this port.
    pub fn token(&self, port: Port) -> &str {
        &self.tokens[way(port)]
    }

    /// The service that an earlier case left behind, when it is in this state.
    pub fn take_spare(&mut self, state: State, port: Port) -> Option<Purchase> {
        self.spare.take_if(|spare| spare.serves(state, port))
    }

    /// Whether the service that an earlier case left behind is what this one begins with.
    pub fn has_spare_for(&self, case: &CaseName) -> bool {
        let (state, port) = (state_before(case.exchange.scenario), case.port());
        self.spare
            .as_ref()
            .is_some_and(|spare| spare.serves(state, port))
    }

    /// Keeps a service for the next case that needs one in its state.
    pub async fn keep_spare(&mut self, purchase: Purchase) {
        if let Some(unused) = self.spare.replace(purchase) {
            self.give_up(unused).await;
        }
    }

    /// Starts every gateway that does not run, and lets the balancer lead to all of them.
    ///
    /// # Errors
    /// One does not start.
    pub async fn start_all_gateways(&mut self) -> Result<(), MatrixError> {
        for number in 0..self.nodes.len() {
            if !self.nodes[number]
                .as_mut()
                .is_some_and(GatewayProcess::lives)
            {
                self.start_gateway(number, &[]).await?;
            }
        }
        self.lead_to_all();
        Ok(())
    }

    /// Starts every gateway anew, of the program itself whatever else the settings name.
    ///
    /// # Errors
    /// One does not start.
    pub async fn start_whole_gateways(&mut self) -> Result<(), MatrixError> {
        if self.program.gateway.is_none() {
            return Ok(());
        }
        self.stop_gateways().await;
        let whole = Program {
            gateway: None,
            ..self.program.clone()
        };
        for number in 0..self.nodes.len() {
            self.nodes[number] = Some(whole.serve(&self.own_arguments()).await?);
        }
        self.lead_to_all();
        Ok(())
    }

    /// Kills every gateway of another program than the one that the settings name.
    pub async fn stop_gateways(&mut self) {
        if self.program.gateway.is_some() {
            for number in 0..self.nodes.len() {
                self.kill_gateway(number).await;
            }
        }
    }

    /// Starts one gateway, in place of the one before.
    ///
    /// # Errors
    /// It does not start.
    pub async fn start_gateway(
        &mut self,
        number: usize,
        more: &[String],
    ) -> Result<(), MatrixError> {
        self.kill_gateway(number).await;
        let mut arguments = self.own_arguments();
        arguments.extend_from_slice(&self.settings.gateway_arguments);
        arguments.extend_from_slice(more);
        self.nodes[number] = Some(self.program.serve(&arguments).await?);
        Ok(())
    }

    fn own_arguments(&self) -> Vec<String> {
        vec![
            "--vendor-ca".to_owned(),
            "vendor-authority.pem".to_owned(),
            "--clock-ahead".to_owned(),
            self.clock_ahead.as_secs().to_string(),
        ]
    }

    /// Kills one gateway, if it lives.
    pub async fn kill_gateway(&mut self, number: usize) {
        if let Some(gateway) = self.nodes[number].take() {
            gateway.kill().await;
        }
    }

    /// Lets the module's calls reach every gateway that lives, by turns.
    pub fn lead_to_all(&self) {
        let addresses = self.nodes.iter().flatten().map(|gateway| gateway.address);
        self.balancer.leads_to(addresses.collect());
    }

    /// Lets the module's calls reach this gateway alone.
    pub fn lead_to(&self, number: usize) {
        let address = self.nodes[number].as_ref().map(|gateway| gateway.address);
        self.balancer.leads_to(address.into_iter().collect());
    }
}

const fn way(port: Port) -> usize {
    match port {
        Port::Http => 0,
        Port::Https => 1,
    }
}

fn write(file: &Path, content: &str) -> Result<(), MatrixError> {
    fs::write(file, content).map_err(|source| MatrixError::File {
        file: file.to_owned(),
        source,
    })
}
