//! What is tried on a module: one thing at one place.

use std::fmt;
use std::num::NonZeroU32;

use serde::{Serialize, Serializer};

use super::callback::Callback;
use crate::fault_proxy::{ArmedFault, Fault, MisplacedFault, PathPattern, Place};
use causeway_definition::request::Method;

/// One thing that is tried, each before a WHMCS and a vendor of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trial {
    /// Nothing goes wrong.
    Life,
    /// Staff press Create although there is a service already.
    CreatedTwice,
    /// It is gone at the vendor, and then terminated.
    Gone,
    /// Names hold markup.
    Markup,
    /// The module's file is opened in a browser.
    OpenedAlone,
    /// Something goes wrong with one exchange.
    Fault {
        /// Which exchange.
        at: Exchange,
        /// What.
        fault: Fault,
        /// What follows.
        then: Then,
    },
    /// The vendor's certificate is of an authority that nobody trusts.
    Untrusted(Callback),
    /// The vendor takes no connection.
    NeverConnects(Callback),
    /// The vendor takes the request, acts, and never answers.
    NeverAnswers(Exchange),
}

/// What follows after a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The queue tries again.
    Again,
    /// The client cancels before anybody tried again.
    Terminated,
}

/// An exchange of a callback, as it is made when nothing goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The callback that makes it.
    pub callback: Callback,
    /// Its method.
    pub method: Method,
    /// Its path, with `*` for an id.
    pub path: String,
    /// The how manieth of this method and path within the callback, from 1.
    pub time: NonZeroU32,
    /// Whether it changes something at the vendor.
    pub is_change: bool,
}

impl Exchange {
    /// A fault at this exchange.
    ///
    /// # Errors
    /// The fault strikes no request.
    pub fn armed(&self, fault: Fault) -> Result<ArmedFault, MisplacedFault> {
        let place = Place::Request {
            method: self.method,
            path: PathPattern::of_template(&self.path.replace('*', "{{ id }}")),
        };
        ArmedFault::new(fault, place, self.time)
    }
}

impl fmt::Display for Exchange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method.as_str(), self.path)?;
        match self.time.get() {
            1 => Ok(()),
            time => write!(formatter, " (number {time})"),
        }
    }
}

impl Trial {
    /// Whether it waits for most of its time, so that many can be tried at once.
    #[must_use]
    pub const fn waits(&self) -> bool {
        matches!(self, Self::NeverConnects(_) | Self::NeverAnswers(_))
    }

    /// The callback that it is about.
    #[must_use]
    pub const fn callback(&self) -> Option<&Callback> {
        match self {
            Self::Life | Self::Markup | Self::OpenedAlone => None,
            Self::CreatedTwice => Some(&Callback::CreateAccount),
            Self::Gone => Some(&Callback::TerminateAccount),
            Self::Fault { at, .. } | Self::NeverAnswers(at) => Some(&at.callback),
            Self::Untrusted(callback) | Self::NeverConnects(callback) => Some(callback),
        }
    }
}

impl fmt::Display for Trial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Life => formatter.write_str("a whole life, nothing goes wrong"),
            Self::CreatedTwice => formatter.write_str("CreateAccount once more"),
            Self::Gone => {
                formatter.write_str("TerminateAccount, and the vendor has nothing any more")
            }
            Self::Markup => formatter.write_str("markup in the client's name and company"),
            Self::OpenedAlone => formatter.write_str("the module's file opened without WHMCS"),
            Self::Fault { at, fault, then } => {
                write!(
                    formatter,
                    "{} at {at}: {}",
                    at.callback,
                    fault.description()
                )?;
                match then {
                    Then::Again => Ok(()),
                    Then::Terminated => formatter.write_str("; then the client cancels"),
                }
            }
            Self::Untrusted(callback) => write!(
                formatter,
                "{callback}: the vendor's certificate is of an authority that nobody trusts"
            ),
            Self::NeverConnects(callback) => {
                write!(formatter, "{callback}: the vendor takes no connection")
            }
            Self::NeverAnswers(at) => write!(
                formatter,
                "{} at {at}: the vendor never answers",
                at.callback
            ),
        }
    }
}

impl Serialize for Trial {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
