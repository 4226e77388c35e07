//! What can go wrong with one exchange with the vendor.

use std::fmt;

/// One thing going wrong with one exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// 422.
    Refused,
    /// 401: the credential was changed.
    Unauthorized,
    /// 302, which nobody follows.
    Redirected,
    /// The connection is refused.
    ConnectionRefused,
    /// 429, with the time to wait.
    TooMany,
    /// 429, without.
    TooManyWithoutTime,
    /// The connection is reset, and the vendor never acts.
    ResetBefore,
    /// The connection is reset after the vendor has acted.
    ResetAfter,
    /// The connection is reset, and the vendor acts later.
    ResetThenActs,
    /// No answer comes, and the vendor never acts.
    HangsBefore,
    /// No answer comes; the vendor has acted.
    HangsAfter,
    /// No answer comes in time, and the vendor acts only then.
    HangsThenActs,
    /// The answer comes slowly, but in time.
    SlowAnswer,
    /// 500, and the vendor never acts.
    ServerErrorBefore,
    /// 500 after the vendor has acted.
    ServerErrorAfter,
    /// 502 with a page of HTML; the vendor has acted.
    BadGatewayAfter,
    /// 504, and the vendor acts later.
    GatewayTimeoutThenActs,
    /// Half of a JSON text; the vendor has acted.
    HalfJson,
    /// Nothing in the body; the vendor has acted.
    EmptyBody,
    /// Another JSON than expected; the vendor has acted.
    OtherShape,
    /// JSON with other types than expected; the vendor has acted.
    WrongTypes,
    /// The request reaches the vendor twice.
    TwiceDelivered,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::Refused,
        Self::Unauthorized,
        Self::Redirected,
        Self::ConnectionRefused,
        Self::TooMany,
        Self::TooManyWithoutTime,
        Self::ResetBefore,
        Self::ResetAfter,
        Self::ResetThenActs,
        Self::HangsBefore,
        Self::HangsAfter,
        Self::HangsThenActs,
        Self::SlowAnswer,
        Self::ServerErrorBefore,
        Self::ServerErrorAfter,
        Self::BadGatewayAfter,
        Self::GatewayTimeoutThenActs,
        Self::HalfJson,
        Self::EmptyBody,
        Self::OtherShape,
        Self::WrongTypes,
        Self::TwiceDelivered,
    ];

    /// Whether the vendor acts on the request at all.
    pub(crate) fn acts(self) -> bool {
        !matches!(
            self,
            Self::Refused
                | Self::Unauthorized
                | Self::Redirected
                | Self::ConnectionRefused
                | Self::TooMany
                | Self::TooManyWithoutTime
                | Self::ResetBefore
                | Self::HangsBefore
                | Self::ServerErrorBefore
        )
    }

    /// Whether the vendor acts only after the caller has stopped waiting.
    pub(crate) fn acts_late(self) -> bool {
        matches!(
            self,
            Self::ResetThenActs | Self::HangsThenActs | Self::GatewayTimeoutThenActs
        )
    }

    pub(crate) fn hangs(self) -> bool {
        matches!(
            self,
            Self::HangsBefore | Self::HangsAfter | Self::HangsThenActs
        )
    }

    /// The name in a history.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "a refusal (422)",
            Self::Unauthorized => "a refused credential (401)",
            Self::Redirected => "a redirect (302)",
            Self::ConnectionRefused => "a refused connection",
            Self::TooMany => "429 with Retry-After",
            Self::TooManyWithoutTime => "429 without Retry-After",
            Self::ResetBefore => "a reset before the vendor acts",
            Self::ResetAfter => "a reset after the vendor acted",
            Self::ResetThenActs => "a reset, and the vendor acts later",
            Self::HangsBefore => "no answer, and the vendor never acts",
            Self::HangsAfter => "no answer after the vendor acted",
            Self::HangsThenActs => "no answer in time, and the vendor acts then",
            Self::SlowAnswer => "a slow answer",
            Self::ServerErrorBefore => "500 before the vendor acts",
            Self::ServerErrorAfter => "500 after the vendor acted",
            Self::BadGatewayAfter => "502 with HTML after the vendor acted",
            Self::GatewayTimeoutThenActs => "504, and the vendor acts later",
            Self::HalfJson => "half a JSON after the vendor acted",
            Self::EmptyBody => "an empty body after the vendor acted",
            Self::OtherShape => "another JSON after the vendor acted",
            Self::WrongTypes => "wrong types after the vendor acted",
            Self::TwiceDelivered => "a double delivery",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
