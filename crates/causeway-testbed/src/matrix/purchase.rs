//! A customer's purchase in a lane: bought, changed, ended, and what should be true of it.

use serde_json::{Map, Value, json};

use super::case::Scenario;
use super::error::MatrixError;
use super::lane::Lane;
use crate::emulator::answers::{OwedPasswordChange, PlacedUpgrade};
use crate::emulator::{Client, Command, Due, EmulatorError, Item, ServerId, Service};
use crate::fault_proxy::Port;

/// Where a purchased service stands, as far as the test knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Paid, not created.
    Ordered,
    /// In use.
    Active,
    /// Stopped for a while.
    Suspended,
    /// Ended.
    Terminated,
}

impl State {
    /// Whether the vendor should have a service that stands so.
    pub const fn lives(self) -> bool {
        matches!(self, Self::Active | Self::Suspended)
    }
}

/// One purchased service, and what is known of it.
#[derive(Debug, Clone)]
pub struct Purchase {
    /// The service in WHMCS.
    pub service: Service,
    /// Its client's address; no other client has it.
    pub email: String,
    /// Its domain; no other service has it.
    pub domain: String,
    /// Which way the gateway takes to the vendor.
    pub port: Port,
    /// Where it stands.
    pub state: State,
    /// Which of the shop's two products it is.
    pub product: usize,
    /// Whether it was renewed; a second renewal for one due date is never sent.
    pub is_renewed: bool,
    /// The password that was chosen last, when one was.
    pub password: Option<String>,
    /// How often a password was chosen.
    passwords: u32,
    /// What the gateway last kept for it; what ended with it stays here.
    pub kept: Map<String, Value>,
    /// What was bought along with it, by the same client.
    pub together_with: Option<Box<Purchase>>,
}

/// What the billing side does.
#[derive(Debug, Clone)]
pub enum Call {
    /// A function of the module that WHMCS owes.
    Due(Due),
    /// Functions that WHMCS owes and calls at once.
    Together(Vec<Due>),
    /// The login button.
    SingleSignOn(Service),
    /// The button of the server form.
    TestConnection(ServerId),
}

/// What WHMCS was told.
#[derive(Debug, Clone)]
pub struct Told {
    /// Whether it took the call for a success.
    pub success: bool,
    /// The line that staff read.
    pub message: String,
}

impl Purchase {
    /// A service that was ordered and paid.
    pub fn ordered(service: Service, email: &str, domain: &str, port: Port) -> Self {
        Self {
            service,
            email: email.to_owned(),
            domain: domain.to_owned(),
            port,
            state: State::Ordered,
            product: 0,
            is_renewed: false,
            password: None,
            passwords: 0,
            kept: Map::new(),
            together_with: None,
        }
    }

    /// It, and what was bought along with it.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.together_with.as_deref())
    }

    /// Whether the vendor should have it.
    pub const fn lives(&self) -> bool {
        self.state.lives()
    }

    /// Whether a case that needs a service in this state can begin with it.
    pub fn serves(&self, state: State, port: Port) -> bool {
        self.state == state && self.port == port && !self.is_renewed
    }

    /// Notes where it stands now, with what was bought along with it.
    pub fn now_stands(&mut self, state: State) {
        self.state = state;
        if let Some(other) = &mut self.together_with {
            other.state = state;
        }
    }

    /// The service's name at the gateway.
    pub fn reference(&self) -> String {
        format!("service-{}", self.service.id().0)
    }
}

impl Lane {
    /// A service in the state that a scenario needs, and the call that the scenario makes.
    ///
    /// # Errors
    /// Something goes wrong although nothing is disturbed.
    pub async fn prepare(
        &mut self,
        scenario: Scenario,
        port: Port,
    ) -> Result<(Purchase, Call), MatrixError> {
        let state = state_before(scenario);
        let mut purchase = match self.take_spare(state, port) {
            Some(spare) => spare,
            None => self.buy(state, port, scenario).await?,
        };
        self.note_kept(&mut purchase).await?;
        let call = self.call_of(scenario, &mut purchase).await?;
        Ok((purchase, call))
    }

    async fn buy(
        &mut self,
        state: State,
        port: Port,
        scenario: Scenario,
    ) -> Result<Purchase, MatrixError> {
        let email = format!("ada-{}@example.com", self.vendor.next_name());
        let client = Client::named("Ada", "Lovelace").email(&email);
        let client = self.whmcs.add_client(client).await?;
        let product = self.shop(port).products[0];
        let domains: &[&str] = match scenario {
            Scenario::CreateTogether => &["site", "shop"],
            _ => &["site"],
        };
        let domains = domains
            .iter()
            .map(|name| format!("{}-{name}.example.com", self.vendor.next_name()));
        let domains: Vec<String> = domains.collect();
        let items = domains.iter().map(|domain| Item::new(product, domain));
        let order = client.buys_all(items.collect()).await?;
        order.pays_without_running().await?;
        let bought = |(service, domain): (Service, &String)| {
            Purchase::ordered(service, &email, domain, port)
        };
        let mut purchases = order.services().into_iter().zip(&domains).map(bought);
        let mut purchase = purchases.next().ok_or_else(|| EmulatorError::NoSuchRow {
            what: format!("service in {}", order.id()),
        })?;
        purchase.together_with = purchases.next().map(Box::new);
        if self.vendor.given().is_some() {
            let bought = purchase.all();
            self.bought
                .extend(bought.map(|one| (one.service.id(), one.clone())));
        }
        let way: &[(&str, State)] = match state {
            State::Ordered => &[],
            State::Active => &[("CreateAccount", State::Active)],
            State::Suspended => &[
                ("CreateAccount", State::Active),
                ("SuspendAccount", State::Suspended),
            ],
            State::Terminated => &[
                ("CreateAccount", State::Active),
                ("TerminateAccount", State::Terminated),
            ],
        };
        for (function, state) in way {
            let outcome = purchase.service.run(function).await?;
            if !outcome.success {
                return Err(MatrixError::Undisturbed {
                    scenario,
                    reason: format!("{function}: {}", outcome.message),
                });
            }
            purchase.state = *state;
        }
        Ok(purchase)
    }

    /// The call that a scenario makes; WHMCS does before it what comes before such a call.
    ///
    /// # Errors
    /// WHMCS would refuse it.
    pub async fn call_of(
        &mut self,
        scenario: Scenario,
        purchase: &mut Purchase,
    ) -> Result<Call, EmulatorError> {
        let owed = |purchase: &Purchase, function: &str| Due {
            service_id: purchase.service.id(),
            addon_id: None,
            function: function.to_owned(),
            reason: "a case".to_owned(),
            extra_params: serde_json::Map::new(),
        };
        let due = |function: &str| Call::Due(owed(purchase, function));
        Ok(match scenario {
            Scenario::Create | Scenario::CreateAgain | Scenario::CreateAnew => due("CreateAccount"),
            Scenario::CreateTogether => {
                let both = purchase.all().map(|one| owed(one, "CreateAccount"));
                Call::Together(both.collect())
            }
            Scenario::Suspend => due("SuspendAccount"),
            Scenario::Unsuspend => due("UnsuspendAccount"),
            Scenario::Terminate => due("TerminateAccount"),
            Scenario::Renew => due("Renew"),
            Scenario::SingleSignOn => Call::SingleSignOn(purchase.service.clone()),
            Scenario::TestConnection => Call::TestConnection(self.shop(purchase.port).server),
            Scenario::ChangePackage => self.upgrade(purchase).await?,
            Scenario::ChangePassword => self.new_password(purchase).await?,
        })
    }

    /// The other product is bought in place of the first: WHMCS owes the call.
    async fn upgrade(&mut self, purchase: &mut Purchase) -> Result<Call, EmulatorError> {
        purchase.product = 1 - purchase.product;
        let command = Command::Upgrade {
            service_id: purchase.service.id(),
            new_product_id: self.shop(purchase.port).products[purchase.product],
            new_billing_cycle: None,
            configurable_options: std::collections::BTreeMap::new(),
        };
        let answered = self.whmcs.ask::<PlacedUpgrade>(command).await?;
        let mut due = answered.due.clone();
        if let Some(invoice) = answered.result.invoice_id {
            due.extend(self.whmcs.pay_invoice_without_running(invoice).await?);
        }
        due.into_iter()
            .next()
            .map(Call::Due)
            .ok_or_else(|| EmulatorError::NoSuchRow {
                what: "module call that is due after an upgrade".to_owned(),
            })
    }

    async fn new_password(&mut self, purchase: &mut Purchase) -> Result<Call, EmulatorError> {
        purchase.passwords += 1;
        let password = format!("N3w-passw0rd-{}", purchase.passwords);
        let command = Command::ChangePassword {
            service_id: purchase.service.id(),
            addon_id: None,
            password: password.clone(),
        };
        let owed = self.whmcs.ask::<OwedPasswordChange>(command).await?;
        purchase.password = Some(password);
        let due = owed.due.first().cloned();
        due.map(|due| {
            Call::Due(Due {
                extra_params: owed.result.extra_params.clone(),
                ..due
            })
        })
        .ok_or_else(|| EmulatorError::NoSuchRow {
            what: "module call that is due after a new password".to_owned(),
        })
    }
}

/// Where a service has to stand before its scenario.
pub const fn state_before(scenario: Scenario) -> State {
    match scenario {
        Scenario::Create | Scenario::CreateTogether => State::Ordered,
        Scenario::Unsuspend => State::Suspended,
        Scenario::CreateAnew => State::Terminated,
        _ => State::Active,
    }
}

impl Call {
    /// Makes the call; what WHMCS was told.
    ///
    /// # Errors
    /// PHP broke down, or the module used what the emulator lacks.
    pub async fn make(&self, whmcs: &crate::emulator::Emulator) -> Result<Told, EmulatorError> {
        let (success, message) = match self {
            Self::Due(due) => {
                let outcome = whmcs.run_due(due).await?;
                (outcome.success, outcome.message)
            }
            Self::Together(due) => {
                let calls = due.iter().map(|due| whmcs.run_due(due));
                let outcomes = futures::future::try_join_all(calls).await?;
                let failed = outcomes.iter().filter(|outcome| !outcome.success);
                let messages: Vec<&str> = failed.map(|outcome| outcome.message.as_str()).collect();
                (messages.is_empty(), messages.join(" / "))
            }
            Self::SingleSignOn(service) => {
                let answer = service.single_sign_on().await?.result;
                (answer.success, answer.error.unwrap_or_default())
            }
            Self::TestConnection(server) => {
                let answer = whmcs.test_connection(*server).await?.result;
                (answer.success, answer.error.unwrap_or_default())
            }
        };
        Ok(Told { success, message })
    }

    /// In a few words, for a report.
    pub fn name(&self) -> String {
        match self {
            Self::Due(due) => due.function.clone(),
            Self::Together(due) => {
                let functions: Vec<&str> = due.iter().map(|due| due.function.as_str()).collect();
                functions.join(" and ")
            }
            Self::SingleSignOn(_) => "ServiceSingleSignOn".to_owned(),
            Self::TestConnection(_) => "TestConnection".to_owned(),
        }
    }
}

impl Told {
    /// As JSON, for a report.
    pub fn as_json(&self) -> serde_json::Value {
        json!({"success": self.success, "message": self.message})
    }
}
