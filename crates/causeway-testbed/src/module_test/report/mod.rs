//! What a module was found to do, for people and for machines: [`text`] for the terminal, [`junit`] for CI
//! systems, one [`html`] page, and [`json`].
//!
//! All of them take a [`MaskedModuleReport`], so that none can show a secret.

mod html;
mod json;
mod junit;
mod masked;
mod table;
mod text;

pub use html::html;
pub use json::json;
pub use junit::junit;
pub use masked::MaskedModuleReport;
pub use text::text;
