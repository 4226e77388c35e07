//! A purchased service (or purchased addon) and everything that can be done to it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    answers::{
        AdminPage, ButtonAnswer, Nothing, OwedPasswordChange, Page, PlacedUpgrade, SingleSignOn,
    },
    automation::CallOutcome,
    commands::{Cancellation, Command, Presser},
    database::{Provisioned, ServiceRow},
    error::EmulatorError,
    ids::{InvoiceId, ProductId, ServiceAddonId, ServiceId, Status},
    record::Due,
    scenario::Emulator,
    whmcs::Answered,
};

/// One purchased thing that a module provisions. Cheap to clone; clones may act at once.
#[derive(Debug, Clone)]
pub struct Service {
    pub(super) emulator: Emulator,
    pub(super) service_id: ServiceId,
    pub(super) addon_id: Option<ServiceAddonId>,
}

/// What an upgrade order led to.
#[derive(Debug, Clone)]
pub struct Upgrade {
    /// What there is to pay first; none when nothing is.
    pub invoice: Option<InvoiceId>,
    /// The calls made at once because nothing is to pay.
    pub calls: Vec<CallOutcome>,
}

impl Service {
    /// The row of `tblhosting`; for an addon, that of its parent service.
    #[must_use]
    pub fn id(&self) -> ServiceId {
        self.service_id
    }

    /// The row of `tblhostingaddons`, when this is a purchased addon.
    #[must_use]
    pub fn addon_id(&self) -> Option<ServiceAddonId> {
        self.addon_id
    }

    /// Its status now.
    ///
    /// # Errors
    /// When the database cannot be read or has no such service.
    pub async fn status(&self) -> Result<Status, EmulatorError> {
        let provisioned = self.provisioned();
        self.emulator.database().status(provisioned).await
    }

    /// Its row; for an addon, that of its parent service.
    ///
    /// # Errors
    /// As [`Self::status`].
    pub async fn row(&self) -> Result<ServiceRow, EmulatorError> {
        self.emulator.database().service(self.service_id).await
    }

    /// The values kept for it as custom fields, by name.
    ///
    /// # Errors
    /// As [`Self::status`].
    pub async fn properties(&self) -> Result<BTreeMap<String, String>, EmulatorError> {
        self.emulator
            .database()
            .properties(self.provisioned())
            .await
    }

    /// One of the values kept for it.
    ///
    /// # Errors
    /// As [`Self::status`].
    pub async fn property(&self, name: &str) -> Result<Option<String>, EmulatorError> {
        Ok(self.properties().await?.remove(name))
    }

    /// Its password, decrypted by WHMCS.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn password(&self) -> Result<String, EmulatorError> {
        let stored = self.row().await?.encrypted_password;
        let command = Command::LocalApi {
            command: "DecryptPassword".into(),
            values: json!({ "password2": stored }),
        };
        let answer = self.emulator.ask::<Value>(command).await?.result;
        Ok(answer["password"].as_str().unwrap_or_default().to_owned())
    }

    /// The unpaid invoices that bill it, oldest first.
    ///
    /// # Errors
    /// As [`Self::status`].
    pub async fn unpaid_invoices(&self) -> Result<Vec<InvoiceId>, EmulatorError> {
        self.emulator
            .database()
            .unpaid_invoices(self.provisioned())
            .await
    }

    /// Pays every unpaid invoice that bills it; makes the module calls that are then due.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn pays(&self) -> Result<Vec<CallOutcome>, EmulatorError> {
        let mut calls = Vec::new();
        for invoice in self.unpaid_invoices().await? {
            calls.extend(self.emulator.pay_invoice(invoice).await?);
        }
        Ok(calls)
    }

    /// Staff press a module button: `CreateAccount`, `SuspendAccount`, …
    ///
    /// # Errors
    /// When the module uses what the emulator lacks, or PHP breaks down. A module that answers
    /// with an error is an outcome, not an error.
    pub async fn run(&self, function: &str) -> Result<CallOutcome, EmulatorError> {
        let due = Due {
            service_id: self.service_id,
            addon_id: self.addon_id,
            function: function.into(),
            reason: "staff".into(),
            extra_params: Map::new(),
        };
        self.emulator.run_due(&due).await
    }

    /// The client opens the product's page.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn client_area(&self) -> Result<Answered<Page>, EmulatorError> {
        self.client_area_in(None).await
    }

    /// The client opens the product's page in a language, by WHMCS's name for it.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn client_area_in(
        &self,
        language: Option<&str>,
    ) -> Result<Answered<Page>, EmulatorError> {
        self.emulator
            .ask(Command::ClientArea {
                service_id: self.service_id,
                addon_id: self.addon_id,
                language: language.map(Into::into),
            })
            .await
    }

    /// Staff open the service's page.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn admin_page(&self) -> Result<Answered<AdminPage>, EmulatorError> {
        self.emulator
            .ask(Command::AdminServicePage {
                service_id: self.service_id,
                addon_id: self.addon_id,
            })
            .await
    }

    /// The client presses the login button.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn single_sign_on(&self) -> Result<Answered<SingleSignOn>, EmulatorError> {
        self.single_sign_on_as(Presser::Client).await
    }

    /// Somebody presses a login button.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn single_sign_on_as(
        &self,
        presser: Presser,
    ) -> Result<Answered<SingleSignOn>, EmulatorError> {
        self.emulator
            .ask(Command::SingleSignOn {
                service_id: self.service_id,
                addon_id: self.addon_id,
                presser,
            })
            .await
    }

    /// Somebody presses a custom button of the module.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn presses(
        &self,
        presser: Presser,
        function: &str,
    ) -> Result<Answered<ButtonAnswer>, EmulatorError> {
        self.emulator
            .ask(Command::CustomButton {
                service_id: self.service_id,
                addon_id: self.addon_id,
                function: function.into(),
                presser,
            })
            .await
    }

    /// The client asks for another password; makes the module call that is then due.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn change_password(&self, password: &str) -> Result<Vec<CallOutcome>, EmulatorError> {
        let command = Command::ChangePassword {
            service_id: self.service_id,
            addon_id: self.addon_id,
            password: password.into(),
        };
        let mut owed = self.emulator.ask::<OwedPasswordChange>(command).await?;
        for due in &mut owed.due {
            due.extra_params.clone_from(&owed.result.extra_params);
        }
        self.emulator.run_all(&owed.due).await
    }

    /// The client orders another product in place of this one, in the same billing cycle.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn upgrade_to(&self, product: ProductId) -> Result<Upgrade, EmulatorError> {
        let command = Command::Upgrade {
            service_id: self.service_id,
            new_product_id: product,
            new_billing_cycle: None,
            configurable_options: BTreeMap::new(),
        };
        let answered = self.emulator.ask::<PlacedUpgrade>(command).await?;
        let calls = self.emulator.run_all(&answered.due).await?;
        Ok(Upgrade {
            invoice: answered.result.invoice_id,
            calls,
        })
    }

    /// The client orders another product in place of this one and pays what that costs.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn upgrade_to_and_pay(
        &self,
        product: ProductId,
    ) -> Result<Vec<CallOutcome>, EmulatorError> {
        let Upgrade { invoice, mut calls } = self.upgrade_to(product).await?;
        if let Some(invoice) = invoice {
            calls.extend(self.emulator.pay_invoice(invoice).await?);
        }
        Ok(calls)
    }

    /// The client asks for cancellation; the cron carries it out.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn cancel(&self, kind: Cancellation) -> Result<(), EmulatorError> {
        let command = Command::RequestCancellation {
            service_id: self.service_id,
            kind,
            reason: "no longer needed".into(),
        };
        self.emulator.ask::<Nothing>(command).await.map(drop)
    }

    fn provisioned(&self) -> Provisioned {
        match self.addon_id {
            Some(addon) => Provisioned::Addon(addon),
            None => Provisioned::Service(self.service_id),
        }
    }
}
