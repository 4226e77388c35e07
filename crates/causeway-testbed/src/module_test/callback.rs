//! What WHMCS asks of a module, in the order of a service's life.

use std::fmt;

use serde::{Serialize, Serializer};

/// One thing that WHMCS, staff or a client does, and with it the module's functions that are then called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Callback {
    /// The server form's test button.
    TestConnection,
    /// The product form.
    ConfigOptions,
    /// The order is paid.
    CreateAccount,
    /// The client opens the product's page.
    ClientArea,
    /// Staff open the service's page.
    AdminServicesTabFields,
    /// A button of the module on the product's page.
    ClientButton(String),
    /// A button of the module on staff's page.
    AdminButton(String),
    /// The client's login button.
    ServiceSingleSignOn,
    /// The daily update of disk and traffic.
    UsageUpdate,
    /// The server sync tool.
    ListAccounts,
    /// The metrics of usage billing.
    MetricProvider,
    /// The invoice was not paid.
    SuspendAccount,
    /// It is paid at last.
    UnsuspendAccount,
    /// The client enters another password.
    ChangePassword,
    /// Staff change the product's options and press Change Package.
    ChangePackage,
    /// The next period is paid.
    Renew,
    /// The hooks that end a run of the cron.
    CronHooks,
    /// The client has cancelled.
    TerminateAccount,
}

impl Callback {
    /// The function's name without the module's prefix, or what stands for several.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::TestConnection => "TestConnection",
            Self::ConfigOptions => "ConfigOptions",
            Self::CreateAccount => "CreateAccount",
            Self::ClientArea => "ClientArea",
            Self::AdminServicesTabFields => "AdminServicesTabFields",
            Self::ClientButton(function) | Self::AdminButton(function) => function,
            Self::ServiceSingleSignOn => "ServiceSingleSignOn",
            Self::UsageUpdate => "UsageUpdate",
            Self::ListAccounts => "ListAccounts",
            Self::MetricProvider => "MetricProvider",
            Self::SuspendAccount => "SuspendAccount",
            Self::UnsuspendAccount => "UnsuspendAccount",
            Self::ChangePassword => "ChangePassword",
            Self::ChangePackage => "ChangePackage",
            Self::Renew => "Renew",
            Self::CronHooks => "cron hooks",
            Self::TerminateAccount => "TerminateAccount",
        }
    }

    /// Whether WHMCS expects `success` or a message, and keeps a failed call for another try.
    #[must_use]
    pub const fn is_provisioning(&self) -> bool {
        matches!(
            self,
            Self::CreateAccount
                | Self::SuspendAccount
                | Self::UnsuspendAccount
                | Self::ChangePassword
                | Self::ChangePackage
                | Self::Renew
                | Self::TerminateAccount
        )
    }

    /// Whether it means something only when there is a service.
    #[must_use]
    pub const fn needs_service(&self) -> bool {
        !matches!(
            self,
            Self::TestConnection | Self::ConfigOptions | Self::CreateAccount
        )
    }

    /// Whether a module that lacks these functions is never asked.
    pub(super) fn is_offered(&self, functions: &[String]) -> bool {
        let has = |name: &str| functions.iter().any(|one| one.eq_ignore_ascii_case(name));
        match self {
            Self::ClientArea
            | Self::AdminServicesTabFields
            | Self::CronHooks
            | Self::ClientButton(_)
            | Self::AdminButton(_) => true,
            other => has(other.name()),
        }
    }
}

impl fmt::Display for Callback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl Serialize for Callback {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
