//! The vendor behind the fault proxy, and what it really has.

use causeway_definition::request::Method;
use serde_json::{Value, json};
use url::Url;

use super::error::MatrixError;
use super::purchase::Purchase;
use crate::fault_proxy::{PathPattern, Place, RecordedExchange};
use crate::sample_vendor::{SampleVendor, SampleVendorSettings, ServiceRow};

/// Which vendor stands behind the fault proxy.
#[derive(Debug, Clone)]
pub enum VendorSettings {
    /// The sample vendor, one for each lane.
    Sample(SampleVendorSettings),
}

/// The vendor of one lane.
#[derive(Debug)]
pub struct VendorSide {
    sample: SampleVendor,
    credential: String,
    api: Url,
}

/// What is looked at besides a service's being there.
#[derive(Debug, Clone, Default)]
pub struct ExpectedAtVendor {
    /// Whether it is suspended.
    pub suspended: bool,
    /// The plan that was bought last.
    pub plan: Option<String>,
    /// The day until which it was paid, when a renewal succeeded.
    pub paid_until: Option<String>,
    /// The password that the client chose last.
    pub password: Option<String>,
}

impl VendorSide {
    /// Starts the vendor and opens an account for the provider.
    ///
    /// # Errors
    /// It does not start.
    pub async fn start(settings: &VendorSettings) -> Result<Self, MatrixError> {
        let VendorSettings::Sample(settings) = settings;
        let sample = SampleVendor::start(settings.clone()).await?;
        let credential = sample.add_account("Sunny Hosting")?;
        let api = sample.api();
        let api = api.parse().map_err(|error| MatrixError::Command {
            command: "the sample vendor".to_owned(),
            said: format!("{api} is no address: {error}"),
        })?;
        Ok(Self {
            sample,
            credential,
            api,
        })
    }

    /// Whether the vendor, from now on, works off a request with the same idempotency key once.
    pub fn honours_idempotency_keys(&self, honours: bool) {
        self.sample.honour_idempotency_keys(honours);
    }

    /// The provider's credential.
    pub fn credential(&self) -> &str {
        &self.credential
    }

    /// Where the API is.
    pub fn api(&self) -> Url {
        self.api.clone()
    }

    /// The live services of a purchase, as the API shows them.
    ///
    /// # Errors
    /// The vendor's database cannot be read.
    pub fn services(&self, purchase: &Purchase) -> Result<Vec<Value>, MatrixError> {
        let live = self.sample.live_services()?.into_iter();
        Ok(live
            .filter(|service| service.domain.eq_ignore_ascii_case(&purchase.domain))
            .map(|service| shown(&service))
            .collect())
    }

    /// How many live services the vendor has.
    ///
    /// # Errors
    /// The vendor's database cannot be read.
    pub fn live_services(&self) -> Result<usize, MatrixError> {
        Ok(self.sample.live_services()?.len())
    }

    /// The users of a purchase's client, as the API shows them.
    ///
    /// # Errors
    /// The vendor's database cannot be read.
    pub fn users(&self, purchase: &Purchase) -> Result<Vec<Value>, MatrixError> {
        let users = self.sample.users()?.into_iter();
        Ok(users
            .filter(|user| user.email.eq_ignore_ascii_case(&purchase.email))
            .map(|user| json!({"id": user.id, "email": user.email}))
            .collect())
    }

    /// What of a live service is not as it should be.
    ///
    /// # Errors
    /// The vendor's database cannot be read.
    pub fn complaints(
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
            && !self.sample.password_matches(user, password)?
        {
            complaints.push("the vendor has another password for the user".to_owned());
        }
        Ok(complaints)
    }

    /// Whether a recorded exchange is one of this place.
    pub fn is_at(&self, place: &Place, exchange: &RecordedExchange) -> bool {
        let (Place::Request { method, path }, Some(request)) = (place, &exchange.request) else {
            return false;
        };
        request.method == Method::as_str(*method) && self.path_fits(path, &request.target)
    }

    fn path_fits(&self, pattern: &PathPattern, target: &str) -> bool {
        let path = target.split('?').next().unwrap_or_default();
        pattern.matches(self.api.path().trim_end_matches('/'), path)
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
