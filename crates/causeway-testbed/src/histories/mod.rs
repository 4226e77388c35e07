//! Random histories with real parts: several services and clients, calls at once, faults, kills and
//! days that pass; then calm, and the three truths must agree. Each is made from a seed alone, is
//! replayed with it, and is made shorter when it ends wrong.
//!
//! The seed fixes what is done; real sockets and processes decide how it interleaves. The crate
//! `causeway-simulation` plays histories of the engine in which that is fixed, too.

mod history;
mod play;
mod random;
mod run;
mod shrink;

pub use history::{Disruption, History, PlannedCall, PlannedFault, Round};
pub use play::HistoryResult;
pub use run::{HistoriesReport, Seeds, run};
