//! The test of any WHMCS server module: the life of an order in real PHP before a vendor that is played,
//! and everything that can go wrong at each exchange of it.
//!
//! First a whole life is lived in which nothing goes wrong. It shows which callbacks the module has and
//! what each asks of the vendor; from that the trials are made ([`Trial`]). Every trial has a WHMCS and a
//! vendor of its own. What is wrong is a [`Finding`], with its evidence.

mod callback;
mod error;
mod finding;
mod found;
mod judge;
mod made;
mod options;
mod plan;
mod planted;
mod play;
pub mod report;
mod run;
mod settings;
mod stage;
mod trial;
mod witness;

pub use callback::Callback;
pub use error::ModuleTestError;
pub use finding::{Finding, UnknownFinding};
pub use found::Found;
pub use made::{Made, Told};
pub use play::Played;
pub use run::{ModuleReport, ModuleTestEvent, NotEmulated, run};
pub use settings::{ModuleTestSettings, VendorChoice};
pub use trial::{Exchange, Then, Trial};
pub use witness::Seen;
