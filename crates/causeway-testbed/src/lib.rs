//! The emulator that plays WHMCS, the sample vendor, a PostgreSQL server, and scenarios.

pub mod emulator;
pub mod postgres;
pub mod sample_vendor;
