//! The emulator that plays WHMCS, the sample vendor, the fault proxy, scenarios, and reports.

pub mod emulator;
pub mod fault_proxy;
pub mod matrix;
pub mod report;
pub mod sample_vendor;
