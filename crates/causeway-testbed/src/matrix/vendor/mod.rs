//! The vendor behind the fault proxy, and what it really has: the sample vendor, whose database is the
//! lane's own, or one that is given by its address, which only its own calls can be asked.

mod given;
mod sample;

use std::sync::Arc;

use causeway_definition::request::Method;
use causeway_definition::{Definition, Names, Resource};
use serde_json::Value;
use url::Url;

pub use self::given::{AskVendor, GivenVendor};
use self::sample::SampleSide;
use super::error::MatrixError;
use super::purchase::Purchase;
use crate::emulator::Emulator;
use crate::fault_proxy::{Place, RecordedExchange};
use crate::sample_vendor::SampleVendorSettings;

/// Which vendor stands behind the fault proxy.
#[derive(Debug, Clone)]
pub enum VendorSettings {
    /// The sample vendor, one for each lane.
    Sample(SampleVendorSettings),
    /// A sandbox, say: one for all lanes, and for others, too.
    Given(Arc<GivenVendor>),
}

/// The vendor of one lane.
#[derive(Debug)]
pub enum VendorSide {
    /// The sample vendor; what it has is read from its database.
    Sample(Box<SampleSide>),
    /// A given one; what it has is read by the definition's own calls.
    Given(Arc<GivenVendor>),
}

/// What is looked at besides a service's being there.
#[derive(Debug, Clone, Default)]
pub struct ExpectedAtVendor {
    /// Whether it is suspended.
    pub suspended: bool,
    /// Whether it was suspended before.
    pub was_suspended: bool,
    /// The plan that was bought last.
    pub plan: Option<String>,
    /// The day until which it was paid, when a renewal succeeded.
    pub paid_until: Option<String>,
    /// The password that the client chose last.
    pub password: Option<String>,
}

/// The purchase for which the vendor is looked at, and who knows of it.
#[derive(Debug, Clone, Copy)]
pub struct Look<'l> {
    /// The definition.
    pub definition: &'l Definition,
    /// WHMCS, where it was bought.
    pub whmcs: &'l Emulator,
    /// The purchase.
    pub purchase: &'l Purchase,
    /// What the same client bought along with it.
    pub other: Option<&'l Purchase>,
    /// What the gateway knows of it.
    pub journal: &'l Value,
}

/// What the vendor has for a purchase.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// The things themselves, as the API shows them.
    pub truth: Value,
    /// What of it is not as it should be.
    pub complaints: Vec<String>,
    /// What nobody could read, and why.
    pub not_known: Vec<String>,
}

/// What became of a create, as a person sees it who looks at the vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// It made what has this identifier.
    Item(String),
    /// It made nothing.
    Nothing,
    /// Nobody can tell.
    NotKnown,
}

impl VendorSettings {
    /// The given vendor.
    #[must_use]
    pub const fn given(&self) -> Option<&Arc<GivenVendor>> {
        match self {
            Self::Sample(_) => None,
            Self::Given(vendor) => Some(vendor),
        }
    }
}

impl VendorSide {
    /// Starts the vendor, when it is the lane's own.
    ///
    /// # Errors
    /// It does not start.
    pub async fn start(settings: &VendorSettings) -> Result<Self, MatrixError> {
        Ok(match settings {
            VendorSettings::Sample(settings) => {
                Self::Sample(Box::new(SampleSide::start(settings).await?))
            }
            VendorSettings::Given(vendor) => Self::Given(Arc::clone(vendor)),
        })
    }

    /// The one that was given, and which others use, too.
    pub const fn given(&self) -> Option<&Arc<GivenVendor>> {
        match self {
            Self::Sample(_) => None,
            Self::Given(vendor) => Some(vendor),
        }
    }

    /// Whether the vendor, from now on, works off a request with the same idempotency key once. One
    /// that is given does what it does.
    pub fn honours_idempotency_keys(&self, honours: bool) {
        if let Self::Sample(sample) = self {
            sample.honours_idempotency_keys(honours);
        }
    }

    /// The provider's credential.
    pub fn credential(&self) -> &str {
        match self {
            Self::Sample(sample) => sample.credential(),
            Self::Given(vendor) => vendor.credential(),
        }
    }

    /// Where the API is.
    pub fn api(&self) -> &Url {
        match self {
            Self::Sample(sample) => sample.api(),
            Self::Given(vendor) => vendor.api(),
        }
    }

    /// Root certificates to trust for it beside the system's, each a PEM text.
    pub fn roots(&self) -> Vec<Vec<u8>> {
        match self {
            Self::Sample(_) => Vec::new(),
            Self::Given(vendor) => vendor.roots().to_vec(),
        }
    }

    /// A name that no other customer and no other service at this vendor has. WHMCS makes a user name
    /// of the first eight letters of a domain, so they have to tell as much.
    pub fn next_name(&self) -> String {
        match self {
            Self::Sample(sample) => sample.next_name(),
            Self::Given(vendor) => vendor.next_name(),
        }
    }

    /// What the vendor has for a purchase.
    ///
    /// # Errors
    /// It could not be read.
    pub async fn look(
        &self,
        look: &Look<'_>,
        expected: &ExpectedAtVendor,
    ) -> Result<Shown, MatrixError> {
        match self {
            Self::Sample(sample) => sample.look(look, expected),
            Self::Given(vendor) => vendor.look(look, expected).await,
        }
    }

    /// What became of a create that nobody was told the end of.
    ///
    /// # Errors
    /// The vendor could not be read.
    pub async fn made(&self, look: &Look<'_>) -> Result<Made, MatrixError> {
        match self {
            Self::Sample(sample) => sample.made(look.purchase),
            Self::Given(vendor) => vendor.made(look).await,
        }
    }

    /// Learns from what was shown before and after a suspend, or an unsuspend, that nothing disturbed,
    /// how the API says that a service is suspended.
    pub fn learn_of_suspension(&self, suspended: &Value, active: &Value) {
        if let Self::Given(vendor) = self {
            vendor.learn_of_suspension(suspended, active);
        }
    }

    /// How many live services the vendor has in all.
    ///
    /// # Errors
    /// Its database cannot be read; or it is not the lane's own.
    pub fn live_services(&self) -> Result<usize, MatrixError> {
        match self {
            Self::Sample(sample) => sample.live_services(),
            Self::Given(vendor) => Err(vendor.cannot_be_counted()),
        }
    }

    /// Whether a recorded exchange is one of this place.
    pub fn is_at(&self, place: &Place, exchange: &RecordedExchange) -> bool {
        let (Place::Request { method, path }, Some(request)) = (place, &exchange.request) else {
            return false;
        };
        let base = self.api().path().trim_end_matches('/');
        let target = request.target.split('?').next().unwrap_or_default();
        request.method == Method::as_str(*method) && path.matches(base, target)
    }
}

/// What is wrong with the number of a purchase's live services.
fn miscounted(purchase: &Purchase, count: usize, what: &str) -> Option<String> {
    let lives = purchase.lives();
    let wanted = usize::from(lives);
    let wrong = match count.cmp(&wanted) {
        std::cmp::Ordering::Equal => return None,
        std::cmp::Ordering::Less => "lost",
        std::cmp::Ordering::Greater if lives => "doubled",
        std::cmp::Ordering::Greater => "orphaned",
    };
    Some(format!(
        "{wrong}: the vendor has {count} live {what} for {}, and there should be {wanted}",
        purchase.domain
    ))
}

/// What is wrong with the number of what a client's services share.
fn miscounted_shared(purchase: &Purchase, count: usize, what: &str) -> Option<String> {
    (count > 1 || (purchase.lives() && count == 0)).then(|| {
        format!(
            "the vendor has {count} {what} for {}, and there should be one",
            purchase.email
        )
    })
}

/// Whether the journal keeps what the vendor's item holds.
fn kept_differs(resource: &Resource, item: &Value, journal: &Value) -> Vec<String> {
    let names = Names::of_item(item, &Names::from_iter([]));
    let mut complaints = Vec::new();
    for (name, expression) in &resource.keep {
        let at_vendor = expression.evaluate(&names).map(|value| as_text(&value));
        let kept = as_text(&journal["properties"][name]);
        match at_vendor {
            Ok(at_vendor) if at_vendor == kept => {}
            Ok(at_vendor) => complaints.push(format!(
                "the vendor's {name} is `{at_vendor}`, and the journal keeps `{kept}`"
            )),
            Err(error) => complaints.push(format!("{name} cannot be read: {error}")),
        }
    }
    complaints
}

/// A value as a person reads it.
pub fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
