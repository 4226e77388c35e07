//! What can go wrong in one exchange.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One thing that goes wrong. Written as its [`Fault::name`], which stays the same for ever: it
/// stands in names of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "`Fault::description` says what each one is")]
pub enum Fault {
    Refuse,
    WrongCertificate,
    ResetBefore,
    ResetAfter,
    HangAfter,
    AnswerLate,
    ActLate,
    TooManyRequests,
    TooManyRequestsRetryAfter,
    ServerErrorBefore,
    ServerErrorPageBefore,
    ServerErrorAfter,
    BadGatewayBefore,
    BadGatewayAfter,
    GatewayTimeoutBefore,
    GatewayTimeoutAfter,
    HalfJson,
    CutBody,
    EmptyBody,
    OtherShape,
    WrongTypes,
    WebPage,
    Unauthorized,
    Redirect,
    SlowDrip,
    DeliveredTwice,
    LaggingReads,
}

/// How often, and when, a request that a fault strikes reaches the vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// The vendor never sees it.
    Never,
    /// Once, at once.
    Once,
    /// Once, after the caller has given up.
    Late,
    /// Two times, one after the other.
    Twice,
}

/// A text that is no fault's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no fault `{0}`; the faults are: {names}", names = names())]
pub struct UnknownFault(String);

impl Fault {
    /// Every fault, in the order of a table.
    pub const ALL: [Self; 27] = [
        Self::Refuse,
        Self::WrongCertificate,
        Self::ResetBefore,
        Self::ResetAfter,
        Self::HangAfter,
        Self::AnswerLate,
        Self::ActLate,
        Self::TooManyRequests,
        Self::TooManyRequestsRetryAfter,
        Self::ServerErrorBefore,
        Self::ServerErrorPageBefore,
        Self::ServerErrorAfter,
        Self::BadGatewayBefore,
        Self::BadGatewayAfter,
        Self::GatewayTimeoutBefore,
        Self::GatewayTimeoutAfter,
        Self::HalfJson,
        Self::CutBody,
        Self::EmptyBody,
        Self::OtherShape,
        Self::WrongTypes,
        Self::WebPage,
        Self::Unauthorized,
        Self::Redirect,
        Self::SlowDrip,
        Self::DeliveredTwice,
        Self::LaggingReads,
    ];

    /// The stable name: `reset_after`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::WrongCertificate => "wrong_certificate",
            Self::ResetBefore => "reset_before",
            Self::ResetAfter => "reset_after",
            Self::HangAfter => "hang_after",
            Self::AnswerLate => "answer_late",
            Self::ActLate => "act_late",
            Self::TooManyRequests => "too_many_requests",
            Self::TooManyRequestsRetryAfter => "too_many_requests_retry_after",
            Self::ServerErrorBefore => "server_error_before",
            Self::ServerErrorPageBefore => "server_error_page_before",
            Self::ServerErrorAfter => "server_error_after",
            Self::BadGatewayBefore => "bad_gateway_before",
            Self::BadGatewayAfter => "bad_gateway_after",
            Self::GatewayTimeoutBefore => "gateway_timeout_before",
            Self::GatewayTimeoutAfter => "gateway_timeout_after",
            Self::HalfJson => "half_json",
            Self::CutBody => "cut_body",
            Self::EmptyBody => "empty_body",
            Self::OtherShape => "other_shape",
            Self::WrongTypes => "wrong_types",
            Self::WebPage => "web_page",
            Self::Unauthorized => "unauthorized",
            Self::Redirect => "redirect",
            Self::SlowDrip => "slow_drip",
            Self::DeliveredTwice => "delivered_twice",
            Self::LaggingReads => "lagging_reads",
        }
    }

    /// What happens, in one line for a person.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Refuse => "the connection is refused, so nothing is sent",
            Self::WrongCertificate => "the certificate is of an authority that nobody trusts",
            Self::ResetBefore => "the connection is reset before the vendor got the request",
            Self::ResetAfter => "the vendor acts, then the connection is reset",
            Self::HangAfter => "the vendor acts, and no answer ever comes",
            Self::AnswerLate => {
                "the vendor acts, and answers after the caller gave up and tried again"
            }
            Self::ActLate => "the vendor acts only some time after the caller gave up",
            Self::TooManyRequests => "429 without Retry-After",
            Self::TooManyRequestsRetryAfter => "429 with Retry-After: 1",
            Self::ServerErrorBefore => "500 with JSON, and the vendor has not acted",
            Self::ServerErrorPageBefore => "500 with an HTML page, and the vendor has not acted",
            Self::ServerErrorAfter => "500 with JSON, although the vendor has acted",
            Self::BadGatewayBefore => "502 with an HTML page, and the vendor has not acted",
            Self::BadGatewayAfter => "502 with an HTML page, although the vendor has acted",
            Self::GatewayTimeoutBefore => "504 with an HTML page, and the vendor has not acted",
            Self::GatewayTimeoutAfter => "504 with an HTML page, although the vendor has acted",
            Self::HalfJson => "success with half a JSON, as if it were whole",
            Self::CutBody => "success whose connection closes in the middle of the body",
            Self::EmptyBody => "success with an empty body",
            Self::OtherShape => "success with JSON of another shape",
            Self::WrongTypes => "success whose every value has another type",
            Self::WebPage => {
                "200 with an HTML page of something in between, and the vendor has not acted"
            }
            Self::Unauthorized => "401, as after the credential was changed",
            Self::Redirect => "307 to the same address",
            Self::SlowDrip => "the true answer, byte by byte",
            Self::DeliveredTwice => "the request reaches the vendor two times",
            Self::LaggingReads => {
                "the vendor acts, its answer is lost, and reads show for a while what was before"
            }
        }
    }

    /// How often the struck request reaches the vendor. Of [`Fault::LaggingReads`] the write does;
    /// the reads after it do not.
    #[must_use]
    pub const fn delivery(self) -> Delivery {
        match self {
            Self::Refuse
            | Self::WrongCertificate
            | Self::ResetBefore
            | Self::TooManyRequests
            | Self::TooManyRequestsRetryAfter
            | Self::ServerErrorBefore
            | Self::ServerErrorPageBefore
            | Self::BadGatewayBefore
            | Self::GatewayTimeoutBefore
            | Self::WebPage
            | Self::Unauthorized
            | Self::Redirect => Delivery::Never,
            Self::ActLate => Delivery::Late,
            Self::DeliveredTwice => Delivery::Twice,
            Self::ResetAfter
            | Self::HangAfter
            | Self::AnswerLate
            | Self::ServerErrorAfter
            | Self::BadGatewayAfter
            | Self::GatewayTimeoutAfter
            | Self::HalfJson
            | Self::CutBody
            | Self::EmptyBody
            | Self::OtherShape
            | Self::WrongTypes
            | Self::SlowDrip
            | Self::LaggingReads => Delivery::Once,
        }
    }

    /// Does the vendor act on the struck request, sooner or later?
    #[must_use]
    pub const fn vendor_acts(self) -> bool {
        !matches!(self.delivery(), Delivery::Never)
    }

    /// Is it decided before a request is read? Such a fault is placed at a connection, every other
    /// one at a request.
    #[must_use]
    pub const fn is_of_connection(self) -> bool {
        matches!(self, Self::Refuse | Self::WrongCertificate)
    }

    /// Can it strike on the https port alone?
    #[must_use]
    pub const fn needs_tls(self) -> bool {
        matches!(self, Self::WrongCertificate)
    }

    /// Does it show something only where the request changes something? On a read it is harmless, or
    /// another name for [`Fault::HangAfter`].
    #[must_use]
    pub const fn needs_a_change(self) -> bool {
        matches!(
            self,
            Self::ActLate | Self::DeliveredTwice | Self::LaggingReads
        )
    }

    /// Does it spoil a success of the vendor? Any other answer passes as it is, and the fault has not
    /// struck; nor has one that needs a body ([`Fault::EmptyBody`], [`Fault::WrongTypes`]) where
    /// there is none.
    #[must_use]
    pub const fn needs_a_success(self) -> bool {
        matches!(
            self,
            Self::HalfJson
                | Self::CutBody
                | Self::EmptyBody
                | Self::OtherShape
                | Self::WrongTypes
                | Self::LaggingReads
        )
    }

    /// Does the caller have to give up waiting before it can go on?
    #[must_use]
    pub const fn outlasts_the_caller(self) -> bool {
        matches!(self, Self::HangAfter | Self::AnswerLate | Self::ActLate)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        Self::ALL
            .into_iter()
            .find(|fault| fault.name() == name)
            .ok_or_else(|| UnknownFault(name.to_owned()))
    }
}

fn names() -> String {
    Fault::ALL.map(Fault::name).join(", ")
}
