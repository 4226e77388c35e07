//! The emulator that plays WHMCS, the sample vendor, the vendor that a script describes, the fault proxy,
//! the fault matrix and its reports, the sandbox, and a PostgreSQL server.

pub mod emulator;
pub mod fault_proxy;
pub mod histories;
pub mod interceptor;
pub mod mariadb;
pub mod matrix;
pub mod module_test;
pub mod postgres;
pub mod recording;
pub mod report;
pub mod sample_vendor;
pub mod sandbox;
pub mod scripted_vendor;
mod sockets;
