//! The fault matrix: operation × exchange × fault × what follows, generated from a definition and
//! played with real parts. After each case the three truths are compared: what WHMCS believes, what the
//! journal says, what the vendor really has.
//!
//! [`run`] first plays each [`Scenario`] undisturbed, to see which exchanges it makes; then every case
//! that means something at one of them, in many [`lanes`](Lane) at once. A lane is a WHMCS, a gateway
//! process (or two, on a shared journal), a fault proxy and a vendor; it reaches the gateway as WHMCS
//! and the command line do, and by nothing else.

mod balancer;
mod case;
mod clear_up;
mod crash_points;
mod error;
mod evidence;
mod follow;
mod gateway;
mod lane;
mod lanes;
mod list;
mod person;
mod plan;
mod play;
mod purchase;
mod run;
mod short_times;
mod truth;
mod two_gateways;
mod vendor;

pub use case::{CaseName, CasePattern, ExchangeName, Follow, NotACase, Purpose, Scenario};
pub use crash_points::{CrashPointsReport, Death, crash_points};
pub use error::MatrixError;
pub use evidence::Evidence;
pub use lane::{JournalSettings, Lane, LaneSettings};
pub use list::list;
pub use plan::{Case, Reached};
pub use play::{CaseResult, Verdict};
pub use run::{GivenVendorReport, MatrixReport, Progress, Selection, run};
pub use short_times::{with_short_times, with_times_for_given_vendor};
pub use truth::Truths;
pub use two_gateways::{TakeOver, TwoGatewaysReport, two_gateways};
pub use vendor::{AskVendor, GivenVendor, VendorSettings};

/// What histories are played with, too.
pub(crate) mod parts {
    pub use super::case::Scenario;
    pub use super::error::MatrixError;
    pub use super::evidence::Evidence;
    pub use super::gateway::{GatewayProcess, Program};
    pub use super::lane::{Lane, LaneSettings};
    pub use super::lanes::{Game, play_all};
    pub use super::plan::{described, scenarios};
    pub use super::purchase::{Call, Purchase, State};
}
