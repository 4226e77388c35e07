//! The parts behind a definition's module: a gateway process, the fault proxy, the sample vendor.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use causeway_definition::Definition;
use tempfile::TempDir;

use super::TriedDefinition;
use super::behind::{ServerForm, TruthTable, VendorTruth};
use super::error::SandboxError;
use super::faults::NamedPlace;
use super::feed::Feed;
use super::vendor::{credentials, proxy_before, truth_of};
use crate::fault_proxy::{FaultProxy, Place};
use crate::matrix::MatrixError;
use crate::matrix::parts::{GatewayProcess, Program, Scenario, described, scenarios};
use crate::sample_vendor::{Provisioning, SampleVendor, SampleVendorError, SampleVendorSettings};
use crate::scripted_vendor::{ScriptedVendor, VendorScript};

/// A gateway, the fault proxy and the sample vendor.
#[derive(Debug)]
pub struct Bridge {
    /// What stands before the vendor.
    pub proxy: FaultProxy,
    definition: Definition,
    vendor: BridgedVendor,
    token: String,
    _gateway: GatewayProcess,
    // Last, so that everything in it has stopped.
    _folder: TempDir,
}

/// The vendor behind the gateway.
#[derive(Debug)]
enum BridgedVendor {
    Sample(Box<SampleVendor>),
    Scripted(Box<ScriptedVendor>),
}

impl BridgedVendor {
    /// Starts it; also gives its address and what it takes for a credential.
    async fn start(
        script: Option<Box<VendorScript>>,
    ) -> Result<(Self, String, String), SandboxError> {
        let Some(script) = script else {
            let vendor = SampleVendor::start(SampleVendorSettings {
                provisioning: Provisioning::PendingForReads(1),
                ..SampleVendorSettings::default()
            })
            .await?;
            let credential = vendor.add_account("Sunny Hosting")?;
            let api = vendor.api();
            return Ok((Self::Sample(Box::new(vendor)), api, credential));
        };
        let credentials = credentials();
        let credential = credentials.password.clone();
        let vendor = ScriptedVendor::start(*script, credentials).await?;
        let api = vendor.api();
        Ok((Self::Scripted(Box::new(vendor)), api, credential))
    }
}

impl Bridge {
    /// Starts the parts and builds the module; also gives the module's folder.
    pub async fn start(
        tried: TriedDefinition,
        feed: &Arc<Feed>,
    ) -> Result<(Self, PathBuf), SandboxError> {
        let TriedDefinition {
            program,
            source,
            definition,
            vendor,
        } = tried;
        let folder = tempfile::Builder::new()
            .prefix("causeway-sandbox-")
            .tempdir()
            .map_err(|source| file_error(&std::env::temp_dir(), source))?;
        let (vendor, api, credential) = BridgedVendor::start(vendor).await?;
        let proxy = proxy_before(api, false, feed).await?;
        let definition_file = folder.path().join("definition.toml");
        fs::write(&definition_file, source)
            .map_err(|source| file_error(&definition_file, source))?;
        let program = Program {
            file: program,
            gateway: None,
            folder: folder.path().to_owned(),
            journal: folder.path().join("journal.sqlite").display().to_string(),
        };
        let arguments = ["provider", "add", "sunny-hosting", "--api", &proxy.api()];
        let said = program.run_on_journal(&arguments, &credential).await?;
        let token = said.split_whitespace().find(|word| word.starts_with("cw_"));
        let token = token.unwrap_or_default().to_owned();
        let gateway = program.serve(&[]).await?;
        let url = format!("http://{}", gateway.address);
        let build = [
            "build",
            "definition.toml",
            "--gateway",
            &url,
            "-o",
            "module",
        ];
        program.run(&build, "").await?;
        let module = folder
            .path()
            .join("module/modules/servers")
            .join(&definition.service.name);
        let bridge = Self {
            proxy,
            definition,
            vendor,
            token,
            _gateway: gateway,
            _folder: folder,
        };
        Ok((bridge, module))
    }

    /// The provider's token stands where WHMCS keeps a server's password.
    pub fn server_form(&self) -> ServerForm {
        ServerForm {
            name: format!("{} gateway", self.definition.service.title),
            hostname: "127.0.0.1".to_owned(),
            password: self.token.clone(),
            ..ServerForm::default()
        }
    }

    /// Every exchange that the definition describes, by operation.
    pub fn places(&self) -> Vec<NamedPlace> {
        let told_apart = |scenario: &Scenario| {
            !matches!(
                scenario,
                Scenario::CreateTogether | Scenario::CreateAgain | Scenario::CreateAnew
            )
        };
        scenarios(&self.definition)
            .into_iter()
            .filter(told_apart)
            .flat_map(|scenario| {
                let operation = scenario.name().replace('_', " ");
                described(&self.definition, scenario)
                    .into_iter()
                    .filter(|exchange| matches!(exchange.place, Place::Request { .. }))
                    .map(move |exchange| {
                        let purpose = exchange.name.purpose.name();
                        let what = if exchange.name.step == scenario.name() {
                            String::new()
                        } else {
                            format!(": {purpose} {}", exchange.name.step)
                        };
                        NamedPlace {
                            name: format!("{operation}{what}"),
                            place: exchange.place,
                        }
                    })
            })
            .collect()
    }

    /// What it is, in one line.
    pub fn described(&self) -> String {
        let vendor = match &self.vendor {
            BridgedVendor::Sample(_) => "the sample vendor",
            BridgedVendor::Scripted(vendor) => vendor.script().title(),
        };
        format!("Behind the module: a gateway, the fault proxy and {vendor}, all on this machine.")
    }

    /// What the vendor has.
    pub fn truth(&self) -> Result<VendorTruth, SampleVendorError> {
        let vendor = match &self.vendor {
            BridgedVendor::Sample(vendor) => vendor,
            BridgedVendor::Scripted(vendor) => return Ok(truth_of(vendor)),
        };
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let users = vendor.users()?.into_iter();
        let services = vendor.live_services()?.into_iter();
        let users = TruthTable {
            name: "users".to_owned(),
            columns: columns(&["id", "email"]),
            rows: users
                .map(|user| vec![user.id.to_string(), user.email])
                .collect(),
        };
        let services = TruthTable {
            name: "services".to_owned(),
            columns: columns(&["id", "domain", "plan", "status", "licence key"]),
            rows: services
                .map(|service| {
                    vec![
                        service.id.to_string(),
                        service.domain,
                        service.plan,
                        service.status.as_str().to_owned(),
                        service.license_key.unwrap_or_default(),
                    ]
                })
                .collect(),
        };
        Ok(VendorTruth {
            parts: vec![services, users],
        })
    }
}

fn file_error(file: &Path, source: std::io::Error) -> SandboxError {
    MatrixError::File {
        file: file.to_owned(),
        source,
    }
    .into()
}
