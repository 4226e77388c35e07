//! The hardened HTTP client that speaks to a vendor.
//!
//! Three promises, which the engine builds on:
//! - A request leaves at most once: no redirect is followed and nothing is sent again, neither on an
//!   answer nor on a broken connection.
//! - *Not sent* is said only where no connection came about. Everything else without a whole answer is
//!   *unknown*: a connection that breaks before the vendor read the request looks from here just like
//!   one that breaks after.
//! - A request goes to the definition's hosts and nowhere else, and by TLS unless the host is this
//!   machine. A private address is refused, written out or behind a name, unless the definition asks
//!   for one.

mod address;
mod body;
mod failure;
mod network;
mod resolver;
mod retry_after;
mod settings;
mod vendor;

pub use address::{AddressError, check_api_address};
pub use network::{Reach, reach};
pub use resolver::{RefusedName, allowed_addresses};
pub use settings::{HttpVendorError, HttpVendorSettings};
pub use vendor::HttpVendor;
