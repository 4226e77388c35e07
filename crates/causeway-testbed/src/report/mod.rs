//! What a fault matrix has shown, for people and for machines: a [`table`] for the terminal, [`junit`]
//! for CI systems, one [`html`] page, and [`json`].
//!
//! All of them take a [`MaskedReport`], so that none can show a secret.

mod fault_group;
mod html;
mod json;
mod junit;
mod marks;
mod masked;
pub(crate) mod masking;
mod story;
mod table;
mod text;

pub use fault_group::FaultGroup;
pub(crate) use html::exchange;
pub use html::html;
pub use json::json;
pub(crate) use junit::escaped as escaped_xml;
pub use junit::junit;
pub use masked::MaskedReport;
pub(crate) use masking::Masking;
pub(crate) use story::exchange_lines;
pub use table::{Tone, table};
pub(crate) use text::{count, duration, one_line, visible};
