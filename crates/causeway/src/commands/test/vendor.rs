//! `causeway test --vendor-url`: a vendor that is given by its address, in place of the sample vendor.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use causeway_definition::{Answer, Definition, Request};
use causeway_engine::{Reply, Vendor as _};
use causeway_testbed::matrix::{AskVendor, GivenVendor};
use causeway_vendor::{HttpVendor, HttpVendorSettings, check_api_address};
use clap::Args;
use miette::{IntoDiagnostic as _, miette};
use secrecy::ExposeSecret as _;
use url::Url;

use crate::commands::provider::api_address;
use crate::commands::serve::read_all;
use crate::credential;

/// Which vendor is tested against.
#[derive(Debug, Args)]
pub struct VendorArguments {
    /// Test against the vendor at this address, a sandbox, in place of the sample vendor
    ///
    /// What it has is read by the definition's own `find` and `read`; what these cannot show is
    /// reported as not known.
    #[arg(long, value_name = "URL", value_parser = api_address)]
    vendor_url: Option<Url>,

    /// The file with the credential for that vendor (`-`: standard input)
    ///
    /// Without it, the credential is read from the variable CAUSEWAY_VENDOR_CREDENTIAL, else from
    /// standard input when that is a file or a pipe, else from a prompt that does not show what is
    /// typed.
    #[arg(long, value_name = "FILE", requires = "vendor_url")]
    vendor_credential_file: Option<PathBuf>,

    /// Root certificates to trust for that vendor, beside the system's (PEM)
    #[arg(long, value_name = "FILE", requires = "vendor_url")]
    vendor_ca: Vec<PathBuf>,
}

impl VendorArguments {
    /// The address and the roots, when a vendor was given.
    pub fn address(&self) -> miette::Result<Option<(Url, Vec<Vec<u8>>)>> {
        let Some(url) = &self.vendor_url else {
            return Ok(None);
        };
        Ok(Some((url.clone(), read_all(&self.vendor_ca)?)))
    }

    /// The credential for it.
    pub fn credential(&self) -> miette::Result<String> {
        let credential = credential::of_tested_vendor(self.vendor_credential_file.as_deref())?;
        Ok(credential.expose_secret().to_owned())
    }

    /// The vendor that was given, when one was.
    pub fn given(&self, definition: &Definition) -> miette::Result<Option<Arc<GivenVendor>>> {
        let Some(api) = &self.vendor_url else {
            return Ok(None);
        };
        check_api_address(api, definition.service.private_network)
            .map_err(|error| miette!("{error}"))?;
        let roots = read_all(&self.vendor_ca)?;
        let http = HttpVendor::new(HttpVendorSettings {
            extra_roots: roots.clone(),
            ..HttpVendorSettings::default()
        });
        let directly = Directly {
            http: http.into_diagnostic()?,
            api: api.to_string(),
        };
        let credential = self.credential()?;
        let vendor = GivenVendor::new(api.clone(), credential, roots, Arc::new(directly));
        Ok(Some(Arc::new(vendor)))
    }
}

/// The way to the vendor past the fault proxy.
struct Directly {
    http: HttpVendor,
    api: String,
}

impl AskVendor for Directly {
    fn ask<'a>(
        &'a self,
        definition: &'a Definition,
        request: &'a Request,
        timeout: Duration,
    ) -> Pin<Box<dyn Future<Output = Result<Answer, String>> + Send + 'a>> {
        Box::pin(async move {
            let sent = self
                .http
                .send(definition, Some(&self.api), request, timeout);
            match sent.await {
                Reply::Answered(answer) => Ok(answer),
                Reply::NotSent { reason, .. } | Reply::Unknown { reason } => Err(reason),
            }
        })
    }
}
