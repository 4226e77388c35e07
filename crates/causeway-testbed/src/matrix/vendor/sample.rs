//! The sample vendor of a lane. What it has is read from its own database, so it can tell more than its
//! API does.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use url::Url;

use super::{ExpectedAtVendor, Look, Made, Shown, kept_differs, miscounted, miscounted_shared};
use crate::matrix::error::MatrixError;
use crate::matrix::purchase::Purchase;
use crate::sample_vendor::{SampleVendor, SampleVendorSettings, ServiceRow};

/// The sample vendor of one lane.
#[derive(Debug)]
pub struct SampleSide {
    vendor: SampleVendor,
    credential: String,
    api: Url,
    names: AtomicU32,
}

impl SampleSide {
    /// Starts the vendor and opens an account for the provider.
    pub async fn start(settings: &SampleVendorSettings) -> Result<Self, MatrixError> {
        let vendor = SampleVendor::start(settings.clone()).await?;
        let credential = vendor.add_account("Sunny Hosting")?;
        let api = vendor.api();
        let api = api.parse().map_err(|error| MatrixError::Command {
            command: "the sample vendor".to_owned(),
            said: format!("{api} is no address: {error}"),
        })?;
        Ok(Self {
            vendor,
            credential,
            api,
            names: AtomicU32::new(1),
        })
    }

    pub fn honours_idempotency_keys(&self, honours: bool) {
        self.vendor.honour_idempotency_keys(honours);
    }

    pub fn credential(&self) -> &str {
        &self.credential
    }

    pub const fn api(&self) -> &Url {
        &self.api
    }

    pub fn next_name(&self) -> String {
        format!("n{}", self.names.fetch_add(1, Ordering::Relaxed))
    }

    pub fn live_services(&self) -> Result<usize, MatrixError> {
        Ok(self.vendor.live_services()?.len())
    }

    pub fn look(&self, look: &Look<'_>, expected: &ExpectedAtVendor) -> Result<Shown, MatrixError> {
        let purchase = look.purchase;
        let services = self.services(purchase)?;
        let users = self.users(purchase)?;
        let mut complaints = Vec::new();
        complaints.extend(miscounted(purchase, services.len(), "services"));
        complaints.extend(miscounted_shared(purchase, users.len(), "users"));
        if let ([service], true) = (services.as_slice(), purchase.lives()) {
            complaints.extend(self.of_service(service, expected)?);
            for (_, resource) in look.definition.ensured() {
                if !resource.is_shared() {
                    complaints.extend(kept_differs(resource, service, look.journal));
                }
            }
        }
        Ok(Shown {
            truth: json!({"services": services, "users": users}),
            complaints,
            not_known: Vec::new(),
        })
    }

    pub fn made(&self, purchase: &Purchase) -> Result<Made, MatrixError> {
        let services = self.services(purchase)?;
        Ok(match services.first() {
            Some(service) => Made::Item(service["id"].to_string()),
            None => Made::Nothing,
        })
    }

    /// The live services of a purchase, as the API shows them.
    fn services(&self, purchase: &Purchase) -> Result<Vec<Value>, MatrixError> {
        let live = self.vendor.live_services()?.into_iter();
        Ok(live
            .filter(|service| service.domain.eq_ignore_ascii_case(&purchase.domain))
            .map(|service| shown(&service))
            .collect())
    }

    /// The users of a purchase's client, as the API shows them.
    fn users(&self, purchase: &Purchase) -> Result<Vec<Value>, MatrixError> {
        let users = self.vendor.users()?.into_iter();
        Ok(users
            .filter(|user| user.email.eq_ignore_ascii_case(&purchase.email))
            .map(|user| json!({"id": user.id, "email": user.email}))
            .collect())
    }

    /// What of a live service is not as it should be.
    fn of_service(
        &self,
        service: &Value,
        expected: &ExpectedAtVendor,
    ) -> Result<Vec<String>, MatrixError> {
        let mut complaints = Vec::new();
        let status = if expected.suspended {
            "suspended"
        } else {
            "active"
        };
        let mut compare = |what: &str, wanted: Option<&str>| {
            let has = service[what].as_str();
            if wanted.is_some() && wanted != has {
                let has = has.unwrap_or("nothing");
                let wanted = wanted.unwrap_or_default();
                complaints.push(format!(
                    "the vendor's {what} is {has}, and should be {wanted}"
                ));
            }
        };
        compare("status", Some(status));
        compare("plan", expected.plan.as_deref());
        compare("paid_until", expected.paid_until.as_deref());
        if let Some(password) = &expected.password
            && let Some(user) = service["user_id"].as_i64()
            && !self.vendor.password_matches(user, password)?
        {
            complaints.push("the vendor has another password for the user".to_owned());
        }
        Ok(complaints)
    }
}

fn shown(service: &ServiceRow) -> Value {
    json!({
        "id": service.id,
        "domain": service.domain,
        "user_id": service.user_id,
        "plan": service.plan,
        "status": service.status.as_str(),
        "license": { "key": service.license_key },
        "paid_until": service.paid_until,
    })
}
