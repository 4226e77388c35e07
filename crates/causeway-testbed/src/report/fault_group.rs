//! Faults by what they mean to whoever buys: a table of 26 columns is read by nobody.

use crate::fault_proxy::Fault;

/// Faults that come to the same for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultGroup {
    /// The request never reached the vendor.
    Unsent,
    /// The vendor acted, or may act yet, and no answer came.
    Lost,
    /// The vendor said no, or not now.
    Denied,
    /// A server on the way failed, before or after the vendor acted.
    Failed,
    /// A success that cannot be read.
    Spoilt,
    /// Slow, or twice.
    Odd,
}

impl FaultGroup {
    /// All of them, in the order of a table.
    pub const ALL: [Self; 6] = [
        Self::Unsent,
        Self::Lost,
        Self::Denied,
        Self::Failed,
        Self::Spoilt,
        Self::Odd,
    ];

    /// The head of its column.
    #[must_use]
    pub const fn head(self) -> &'static str {
        match self {
            Self::Unsent => "not sent",
            Self::Lost => "lost",
            Self::Denied => "denied",
            Self::Failed => "5xx",
            Self::Spoilt => "spoilt",
            Self::Odd => "odd",
        }
    }

    /// What happens, in one line for a person.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Unsent => "the request never reaches the vendor",
            Self::Lost => "the vendor acts, and its answer is lost or late",
            Self::Denied => "401, 429 or a redirect in place of an answer",
            Self::Failed => "500, 502 or 504, before or after the vendor acted",
            Self::Spoilt => "a success that is cut short, empty or of another shape",
            Self::Odd => "an answer byte by byte, a request delivered twice",
        }
    }

    /// The group of a fault.
    #[must_use]
    pub const fn of(fault: Fault) -> Self {
        match fault {
            Fault::Refuse | Fault::WrongCertificate | Fault::ResetBefore => Self::Unsent,
            Fault::ResetAfter
            | Fault::HangAfter
            | Fault::AnswerLate
            | Fault::ActLate
            | Fault::LaggingReads => Self::Lost,
            Fault::TooManyRequests
            | Fault::TooManyRequestsRetryAfter
            | Fault::Unauthorized
            | Fault::Redirect => Self::Denied,
            Fault::ServerErrorBefore
            | Fault::ServerErrorPageBefore
            | Fault::ServerErrorAfter
            | Fault::BadGatewayBefore
            | Fault::BadGatewayAfter
            | Fault::GatewayTimeoutBefore
            | Fault::GatewayTimeoutAfter => Self::Failed,
            Fault::HalfJson
            | Fault::CutBody
            | Fault::EmptyBody
            | Fault::OtherShape
            | Fault::WrongTypes
            | Fault::WebPage => Self::Spoilt,
            Fault::SlowDrip | Fault::DeliveredTwice => Self::Odd,
        }
    }

    /// Its faults, in the order of a table.
    pub fn faults(self) -> impl Iterator<Item = Fault> {
        let ours = move |fault: &Fault| Self::of(*fault) == self;
        Fault::ALL.into_iter().filter(ours)
    }
}

/// A fault in two or three short words.
pub const fn head(fault: Fault) -> &'static str {
    match fault {
        Fault::Refuse => "refused",
        Fault::WrongCertificate => "wrong certificate",
        Fault::ResetBefore => "reset before",
        Fault::ResetAfter => "reset after",
        Fault::HangAfter => "hangs after",
        Fault::AnswerLate => "answers late",
        Fault::ActLate => "acts late",
        Fault::TooManyRequests => "429",
        Fault::TooManyRequestsRetryAfter => "429 retry after",
        Fault::ServerErrorBefore => "500 before",
        Fault::ServerErrorPageBefore => "500 page before",
        Fault::ServerErrorAfter => "500 after",
        Fault::BadGatewayBefore => "502 before",
        Fault::BadGatewayAfter => "502 after",
        Fault::GatewayTimeoutBefore => "504 before",
        Fault::GatewayTimeoutAfter => "504 after",
        Fault::HalfJson => "half a JSON",
        Fault::CutBody => "cut body",
        Fault::EmptyBody => "empty body",
        Fault::OtherShape => "other shape",
        Fault::WrongTypes => "wrong types",
        Fault::WebPage => "web page",
        Fault::Unauthorized => "401",
        Fault::Redirect => "redirect",
        Fault::SlowDrip => "slow drip",
        Fault::DeliveredTwice => "delivered twice",
        Fault::LaggingReads => "reads lag",
    }
}
