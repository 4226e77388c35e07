//! The engine's histories, simulated: a vendor that loses requests and answers, a journal that
//! survives crashes, and a clock that jumps to whatever is waited for.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod corpus;
mod journal;
mod life;
mod random;
mod unknown;
mod vendor;
mod world;
