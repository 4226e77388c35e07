//! The emulator that plays WHMCS, the sample vendor, the fault proxy, and scenarios.

pub mod emulator;
pub mod fault_proxy;
pub mod sample_vendor;
