//! The emulator: plays WHMCS for a module folder, in real PHP, without WHMCS.
//!
//! Its PHP half (`php/` of this crate) is WHMCS as modules see it. Each module call is a request
//! of its own under php-fpm, as in WHMCS itself. This half starts PHP, asks it over FastCGI, and
//! tells whole lives of purchases: see [`Emulator`].

pub mod answers;
mod automation;
pub mod catalogue;
mod commands;
pub mod database;
mod error;
pub mod fastcgi;
mod ids;
mod installation;
mod left_behind;
mod missing;
mod order;
mod php;
mod record;
mod saved;
mod scenario;
mod service;
mod settings;
mod visit;
mod whmcs;

pub use automation::{CallOutcome, Day};
pub use catalogue::{Addon, Autosetup, Client, Product, Server};
pub use commands::{Cancellation, ClientPageName, Command, Presser};
pub use database::{Database, Provisioned};
pub use error::EmulatorError;
pub use ids::{
    AddonId, ClientId, InvoiceId, OrderId, ProductId, ServerId, ServiceAddonId, ServiceId, Status,
};
pub use installation::{Installation, ModuleName};
pub use left_behind::{
    ActivityLogEntry, ApiCall, Change, ChangeKind, ColumnChange, LeftBehind, ModuleLogEntry,
    SentEmail,
};
pub use missing::{MissingKind, MissingPiece};
pub use order::{ClientAccount, Item, Order};
pub use php::{PhpFpm, PhpSettings, find_php_fpm};
pub use record::{CallRecord, Due, HookRun, PhpWarning, Place, Returned, Thrown};
pub use saved::SavedState;
pub use scenario::Emulator;
pub use service::{Service, Upgrade};
pub use settings::{DatabaseEngine, EmulatorEvent, EmulatorSettings, Observer};
pub use visit::{API_CREDENTIALS, Visit, VisitRecord, Visited};
pub use whmcs::Answered;
