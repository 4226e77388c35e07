//! The demo: one customer's purchase through the real parts, on this machine.

mod story;
mod teller;
mod world;

pub use story::{Check, Stage, Story};
pub use teller::Teller;
pub use world::World;
