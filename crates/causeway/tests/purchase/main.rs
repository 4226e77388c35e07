//! Purchases from end to end: the sample vendor, the gateway as the real program, and the module as
//! `causeway build` makes it, in real PHP in the emulator.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bridge;
mod characters;
mod crash;
mod life;
mod mistakes;
mod outage;
mod pending;
mod repeated;
mod secrets;
mod server_form;
mod tested;
mod vendor_answers;
