//! Recordings of a vendor's API, and the vendor script that follows from one: a sandbox that can be
//! reached now and then is recorded once, and plays in every test run since.
//!
//! ```no_run
//! # use causeway_testbed::recording::*;
//! # async fn example(sandbox: url::Url) -> Result<(), RecorderError> {
//! let recorder = Recorder::start(RecorderSettings::before(sandbox)).await?;
//! // … let a module, or a person with curl, work on recorder.api() …
//! let recorded = recorder.recording().vendor_script();
//! std::fs::write("vendor.toml", &recorded.text).unwrap_or_default();
//! # Ok(()) }
//! ```
//!
//! # What becomes of it
//!
//! A path to which something was posted, whose answer had an id that was asked for later, is a
//! collection; what was done under its ids are its actions. What they change is known by the
//! difference between what the vendor showed before and after. Everything else is a route with the
//! answer that was given. Refusals are not written: the script refuses by itself.
//!
//! # Secrets
//!
//! No credential is written: not what the headers and parameters held by which requests show who they
//! are, nor values under a secret's name, nor the same values anywhere else. In answers they are
//! random texts, new each time. Other personal data in answers is as it was.

mod access;
mod actions;
mod analysis;
mod collections;
mod draft;
mod exchange;
mod har;
mod lists;
mod lives;
mod new_items;
mod paths;
mod plain_routes;
mod recorder;
mod roles;
mod secrets;
mod seen;
mod templates;
mod varying;
mod written;

use std::fmt;

pub use exchange::Exchange;
pub use har::HarError;
pub use recorder::{Recorder, RecorderError, RecorderSettings};

use seen::LeftOut;

/// Exchanges with one vendor, in their order.
#[derive(Clone)]
pub struct Recording {
    /// What the vendor is called.
    pub title: String,
    /// What stands before every path; may be empty.
    pub prefix: String,
    /// What was asked and answered.
    pub exchanges: Vec<Exchange>,
}

/// A vendor script that was made of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedScript {
    /// The file.
    pub text: String,
    /// The collections in it.
    pub collections: usize,
    /// The routes in it.
    pub routes: usize,
    /// How many exchanges have left nothing in it, by the reason.
    pub left_out: Vec<(&'static str, usize)>,
}

impl Recording {
    /// The script: a vendor that answers as the recorded one did.
    #[must_use]
    pub fn vendor_script(&self) -> RecordedScript {
        let mut left_out = LeftOut::default();
        let draft = analysis::draft(self, &mut left_out);
        let comment = "Made of a recording. Look through it before it is passed on: credentials are masked, other\n\
                       personal data in answers is as it was. The grammar: docs/vendor-script.md.";
        let mut left_out: Vec<_> = left_out.0.into_iter().collect();
        left_out.sort_unstable();
        RecordedScript {
            text: written::written(&draft, comment),
            collections: draft.collections.len(),
            routes: draft.routes.len(),
            left_out,
        }
    }

    /// Whether requests name the hosts that a module has built in. Those to a recorder name its own.
    fn names_hosts(&self) -> bool {
        self.exchanges
            .iter()
            .all(|exchange| exchange.request.uri().host().is_some())
    }
}

/// Its exchanges hold secrets.
impl fmt::Debug for Recording {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Recording")
            .field("title", &self.title)
            .field("exchanges", &self.exchanges.len())
            .finish_non_exhaustive()
    }
}
