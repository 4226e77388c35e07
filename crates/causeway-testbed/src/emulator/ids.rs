//! WHMCS's row numbers, one type for each kind, and its statuses.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$documentation:meta])* $name:ident = $word:literal;)*) => {$(
        $(#[$documentation])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!($word, " {}"), self.0)
            }
        }
    )*};
}

ids! {
    /// A row of `tblservers`.
    ServerId = "server";
    /// A row of `tblproducts`.
    ProductId = "product";
    /// A row of `tbladdons`: a product addon that can be bought.
    AddonId = "addon";
    /// A row of `tblclients`.
    ClientId = "client";
    /// A row of `tblorders`.
    OrderId = "order";
    /// A row of `tblinvoices`.
    InvoiceId = "invoice";
    /// A row of `tblhosting`: a purchased product.
    ServiceId = "service";
    /// A row of `tblhostingaddons`: a purchased addon.
    ServiceAddonId = "purchased addon";
}

/// The status of a service or a purchased addon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Status {
    /// Ordered, not provisioned.
    Pending,
    /// Provisioned.
    Active,
    /// Provisioned and switched off.
    Suspended,
    /// Removed.
    Terminated,
    /// Cancelled by the client.
    Cancelled,
    /// Marked as fraud.
    Fraud,
    /// Finished, without a renewal.
    Completed,
}

impl Status {
    /// Every status with its name in WHMCS's database.
    const NAMES: [(Self, &'static str); 7] = [
        (Self::Pending, "Pending"),
        (Self::Active, "Active"),
        (Self::Suspended, "Suspended"),
        (Self::Terminated, "Terminated"),
        (Self::Cancelled, "Cancelled"),
        (Self::Fraud, "Fraud"),
        (Self::Completed, "Completed"),
    ];

    /// The status of that name in WHMCS's database.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES
            .into_iter()
            .find(|(_, its)| *its == name)
            .map(|(status, _)| status)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::NAMES
            .into_iter()
            .find(|(status, _)| status == self)
            .map(|(_, name)| name);
        formatter.write_str(name.unwrap_or_default())
    }
}
