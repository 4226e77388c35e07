//! Plays random histories of the engine in simulated time, without I/O.
//!
//! A history is made from a seed alone: several services and clients, one to three gateways on one
//! journal, calls in any order, faults, kills, pauses, clocks that jump, a journal that goes away, a
//! person who decides. Gateways do what the executor of `causeway-gateway` does, one scheduling point
//! after the other; the journal has the semantics of the real ones; the vendor does what
//! [`guarantee`] allows. In the end everything has to be right; what fails is [`shrink`]ed.

mod account;
mod billing;
mod calm;
mod campaign;
mod failure;
mod gateway;
mod generate;
mod invariants;
mod journal;
mod met;
mod person;
mod play;
mod random;
mod runtime;
mod sabotage;
mod settings;
mod shrink;
mod story;
mod vendor;
mod world;

pub mod fault;
pub mod guarantee;
pub mod history;

pub use campaign::{Report, replay, run_many, simulate, tell};
pub use failure::Failure;
pub use met::{Met, Situation};
pub use play::Summary;
pub use sabotage::Sabotage;
pub use settings::SimulationSettings;
pub use shrink::shrink;
