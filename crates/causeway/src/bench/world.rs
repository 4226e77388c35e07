//! The parts that are measured, in this process: the sample vendor, and the ways to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use causeway_definition::Definition;
use causeway_testbed::sample_vendor::{SampleVendor, SampleVendorSettings};
use miette::{IntoDiagnostic as _, Result};

use super::http::Api;
use super::journal::Journal;
use super::process::Process;
use super::running_gateway::RunningGateway;
use super::tutorial_module::TutorialModule;
use super::way::{Way, WayName};
use crate::example_service;

/// A vendor, and customers for it.
pub struct World {
    pub definition: Arc<Definition>,
    vendor: SampleVendor,
    credential: String,
    customers: AtomicUsize,
}

/// A way to the vendor that is open.
pub struct OpenWay {
    pub way: Way,
    gateway: Option<RunningGateway>,
}

impl World {
    /// Starts a vendor that takes so long for each answer.
    pub async fn start(vendor_time: Duration) -> Result<Self> {
        let vendor = SampleVendor::start(SampleVendorSettings {
            record_requests: false,
            latency: vendor_time,
            ..SampleVendorSettings::default()
        })
        .await
        .into_diagnostic()?;
        let credential = vendor.add_account("Bench Hosting").into_diagnostic()?;
        Ok(Self {
            definition: Arc::new(example_service::definition()?),
            vendor,
            credential,
            customers: AtomicUsize::new(0),
        })
    }

    /// The first of so many customers whom the vendor does not know.
    pub fn new_customers(&self, many: usize) -> usize {
        self.customers.fetch_add(many, Ordering::Relaxed)
    }

    /// The vendor's address, and the credential that it takes.
    pub fn vendor(&self) -> (String, &str) {
        (self.vendor.api(), &self.credential)
    }

    /// Opens a way to the vendor.
    pub async fn open(&self, name: WayName) -> Result<OpenWay> {
        let (api, credential) = self.vendor();
        let (way, gateway) = match name {
            WayName::Direct => {
                let api = Api::new(Arc::clone(&self.definition), &api, credential)?;
                (Way::Direct(api), None)
            }
            WayName::Sqlite => {
                let gateway = RunningGateway::on(self, Journal::on_sqlite()?).await?;
                self.through(gateway)?
            }
            WayName::Postgres => {
                let journal = Journal::on_postgres().await?;
                self.through(RunningGateway::on(self, journal).await?)?
            }
            WayName::Php => {
                // As many as a busy installation has; further calls wait for a worker.
                const WORKERS: u32 = 32;
                let module = TutorialModule::start(api, credential.to_owned(), WORKERS).await?;
                (Way::Php(module), None)
            }
        };
        Ok(OpenWay { way, gateway })
    }

    fn through(&self, gateway: RunningGateway) -> Result<(Way, Option<RunningGateway>)> {
        let api = gateway.api(Arc::clone(&self.definition))?;
        Ok((Way::Gateway(api), Some(gateway)))
    }
}

impl OpenWay {
    /// How often its journal has waited for the disk so far, when it has one.
    pub async fn syncs(&self) -> Result<Option<u64>> {
        match &self.gateway {
            Some(gateway) => gateway.journal.syncs().await,
            None => Ok(None),
        }
    }

    /// Waits until [`OpenWay::syncs`] tells of all that was done.
    pub async fn until_counted(&self) {
        if let Some(gateway) = &self.gateway {
            gateway.journal.until_counted().await;
        }
    }

    /// The gateway, when there is one.
    pub const fn gateway(&self) -> Option<&RunningGateway> {
        self.gateway.as_ref()
    }

    /// The processes beside this one that work for it.
    pub fn processes(&self) -> Vec<Process> {
        match (&self.way, &self.gateway) {
            (Way::Php(module), _) => module.processes(),
            (_, Some(gateway)) => gateway.journal.processes(),
            (_, None) => Vec::new(),
        }
    }

    pub async fn close(self) {
        if let Some(gateway) = &self.gateway {
            gateway.stop().await;
        }
    }
}
