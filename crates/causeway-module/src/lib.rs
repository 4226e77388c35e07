//! Turns a definition into the drop-in WHMCS module.
//!
//! The module's logic is the same for every definition (`assets/lib`); what is made from the definition is
//! the file with WHMCS's functions, `lib/Settings.php`, `whmcs.json` and `INSTALL.md`.

mod functions;
mod gateway_address;
mod install;
mod logo;
mod module;
mod php;
mod settings;

pub use module::{Module, ModuleError, ModuleSettings};
