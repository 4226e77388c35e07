//! What every journal has to do, whatever keeps it. Each check takes an empty journal.

mod calls;
mod commits;
mod providers;
mod resolving;

pub use calls::*;
pub use commits::*;
pub use providers::*;
pub use resolving::*;
