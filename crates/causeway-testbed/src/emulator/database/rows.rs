//! Rows of WHMCS's tables, as far as scenarios look at them.

use jiff::civil::Date;

use crate::emulator::ids::{
    ClientId, InvoiceId, ProductId, ServerId, ServiceAddonId, ServiceId, Status,
};

/// The thing that a module provisions: a service or a purchased addon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provisioned {
    /// A row of `tblhosting`.
    Service(ServiceId),
    /// A row of `tblhostingaddons`.
    Addon(ServiceAddonId),
}

impl Provisioned {
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Service(ServiceId(number)) | Self::Addon(ServiceAddonId(number)) => number,
        }
    }

    pub(super) fn row_name(self) -> String {
        match self {
            Self::Service(service) => service.to_string(),
            Self::Addon(addon) => addon.to_string(),
        }
    }
}

/// A row of `tblhosting`.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceRow {
    /// Its number.
    pub id: ServiceId,
    /// Its owner.
    pub client: ClientId,
    /// The product bought.
    pub product: ProductId,
    /// The server on which it lives; none when the product has none.
    pub server: Option<ServerId>,
    /// The domain.
    pub domain: String,
    /// The user name.
    pub username: String,
    /// The password as WHMCS keeps it, encrypted.
    pub encrypted_password: String,
    /// The status.
    pub status: Status,
    /// What a billing cycle costs, such as `10.00`.
    pub amount: String,
    /// The billing cycle as WHMCS writes it: `Monthly`.
    pub billing_cycle: String,
    /// When the next payment is due; none for `0000-00-00`.
    pub next_due_date: Option<Date>,
}

/// A row of `tblinvoices`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceRow {
    /// Its number.
    pub id: InvoiceId,
    /// Who pays.
    pub client: ClientId,
    /// `Unpaid`, `Paid`, `Cancelled`, `Refunded`, `Collections`, `Draft`.
    pub status: String,
    /// The sum, such as `10.00`.
    pub total: String,
    /// The day by which it should be paid.
    pub due_date: Option<Date>,
}

/// A row of `tblemails`: an e-mail that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailRow {
    /// To whom, by number.
    pub client: ClientId,
    /// To whom, by address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The body, HTML.
    pub message: String,
}

/// A row of `tblmodulelog`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleLogRow {
    /// The module.
    pub module: String,
    /// What it said it did.
    pub action: String,
    /// The request, secrets masked.
    pub request: String,
    /// The raw answer.
    pub response: String,
    /// The answer as the module understood it.
    pub processed: String,
}
