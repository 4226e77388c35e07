//! The parts behind a definition's module: a gateway process, the fault proxy, the sample vendor.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use causeway_definition::Definition;
use tempfile::TempDir;
use url::Url;

use super::TriedDefinition;
use super::behind::{ServerForm, ServiceAtVendor, VendorTruth, proxy_before};
use super::error::SandboxError;
use super::faults::NamedPlace;
use super::feed::Feed;
use crate::fault_proxy::{FaultProxy, Place};
use crate::matrix::MatrixError;
use crate::matrix::parts::{GatewayProcess, Program, Scenario, described, scenarios};
use crate::sample_vendor::{Provisioning, SampleVendor, SampleVendorError, SampleVendorSettings};

/// A gateway, the fault proxy and the sample vendor.
#[derive(Debug)]
pub struct Bridge {
    /// What stands before the vendor.
    pub proxy: FaultProxy,
    definition: Definition,
    vendor: SampleVendor,
    token: String,
    _gateway: GatewayProcess,
    // Last, so that everything in it has stopped.
    _folder: TempDir,
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
        } = tried;
        let folder = tempfile::Builder::new()
            .prefix("causeway-sandbox-")
            .tempdir()
            .map_err(|source| file_error(&std::env::temp_dir(), source))?;
        let vendor = SampleVendor::start(SampleVendorSettings {
            provisioning: Provisioning::PendingForReads(1),
            ..SampleVendorSettings::default()
        })
        .await?;
        let credential = vendor.add_account("Sunny Hosting")?;
        let api = vendor.api();
        let api: Url = api.parse().map_err(|error| MatrixError::Command {
            command: "the sample vendor".to_owned(),
            said: format!("{api} is no address: {error}"),
        })?;
        let proxy = proxy_before(api, feed).await?;
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
                            group: operation.clone(),
                            name: format!("{operation}{what}"),
                            place: exchange.place,
                        }
                    })
            })
            .collect()
    }

    /// What the sample vendor's database says.
    pub fn truth(&self) -> Result<VendorTruth, SampleVendorError> {
        let users = self.vendor.users()?.into_iter();
        let services = self.vendor.live_services()?.into_iter();
        Ok(VendorTruth {
            users: users
                .map(|user| format!("{}, number {}", user.email, user.id))
                .collect(),
            services: services
                .map(|service| ServiceAtVendor {
                    id: service.id,
                    domain: service.domain,
                    plan: service.plan,
                    status: service.status.as_str().to_owned(),
                    license_key: service.license_key.unwrap_or_default(),
                })
                .collect(),
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
