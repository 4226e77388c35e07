//! The emulator that plays WHMCS, the sample vendor, and scenarios.

pub mod emulator;
pub mod sample_vendor;
