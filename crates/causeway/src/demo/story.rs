//! One customer's purchase, stage by stage, and what has to be true after each.

use std::time::{Duration, Instant};

use causeway_testbed::emulator::{
    CallOutcome, Cancellation, Client, Emulator, Item, Product, ProductId, Server, Service, Status,
};
use causeway_testbed::sample_vendor::{RecordedRequest, SampleVendor, ServiceRow, ServiceStatus};
use miette::{IntoDiagnostic as _, miette};
use uuid::Uuid;

use super::{Teller, World};

const DOMAIN: &str = "lovelace.example";

/// Something that has to be true.
#[derive(Debug)]
pub struct Check {
    /// What.
    pub what: &'static str,
    /// Whether it is.
    pub holds: bool,
}

/// One stage of the purchase, as it was.
#[derive(Debug)]
pub struct Stage {
    /// What happened.
    pub title: &'static str,
    /// What came of it, in a few words.
    pub result: String,
    /// Whether WHMCS was told "success" each time.
    pub is_good: bool,
    /// How long it took.
    pub took: Duration,
    /// WHMCS's status of the service now.
    pub status: Option<Status>,
    /// The calls that the vendor got.
    pub vendor_calls: Vec<RecordedRequest>,
}

/// The purchase.
pub struct Story<'a> {
    world: &'a World,
    teller: &'a mut Teller,
    checks: Vec<Check>,
    basic: ProductId,
    pro: ProductId,
    service: Option<Service>,
    /// Where the present stage began: the time, and the vendor calls until then.
    began: (Instant, usize),
}

impl<'a> Story<'a> {
    /// Sets up what the provider sells.
    pub async fn begin(world: &'a World, teller: &'a mut Teller) -> miette::Result<Self> {
        let whmcs = &world.whmcs;
        let name = world.definition.service.name.as_str();
        let server = Server::new(name).password(world.token.expose());
        let server = whmcs.add_server(server).await.into_diagnostic()?;
        let sold =
            |title: &str, plan: &str| Product::new(name, title).option(1, plan).server(server);
        let pro = sold("ShieldPress Professional", "pro").price("30.00");
        let pro = whmcs.add_product(pro).await.into_diagnostic()?;
        let basic = sold("ShieldPress Basic", "basic").upgrades_to(pro);
        let basic = whmcs.add_product(basic).await.into_diagnostic()?;
        let mut story = Self {
            world,
            teller,
            checks: Vec::new(),
            basic,
            pro,
            service: None,
            began: (Instant::now(), 0),
        };
        story.begin_stage();
        let test = whmcs
            .test_connection(server)
            .await
            .into_diagnostic()?
            .result;
        let result = test
            .error
            .filter(|_| !test.success)
            .unwrap_or_else(|| "connected".to_owned());
        story
            .tell_stage(
                "The provider enters the token and tests the connection",
                result,
                test.success,
            )
            .await?;
        Ok(story)
    }

    /// What had to be true.
    pub fn end(self) -> Vec<Check> {
        self.checks
    }

    /// Tells the whole purchase.
    pub async fn tell(&mut self) -> miette::Result<()> {
        self.is_bought().await?;
        let service = self
            .service
            .clone()
            .ok_or_else(|| miette!("nothing was bought"))?;
        self.shows_its_key(&service).await?;
        self.is_overdue(&service).await?;
        self.is_paid_after_all(&service).await?;
        self.is_upgraded(&service).await?;
        self.gets_another_password(&service).await?;
        self.logs_in(&service).await?;
        self.is_renewed(&service).await?;
        self.is_cancelled(&service).await
    }

    async fn is_bought(&mut self) -> miette::Result<()> {
        let client = Client::named("Ada", "Lovelace").email("ada@lovelace.example");
        let client = self.whmcs().add_client(client).await.into_diagnostic()?;
        let item = Item::new(self.basic, DOMAIN).password(new_password());
        self.begin_stage();
        let order = client.buys_all(vec![item]).await.into_diagnostic()?;
        let calls = order.pays().await.into_diagnostic()?;
        self.service = Some(order.service().into_diagnostic()?);
        self.tell_calls("Ada Lovelace orders ShieldPress Basic and pays", &calls)
            .await?;
        let at_vendor = self.live()?;
        let is_one = at_vendor.len() == 1 && self.vendor().users().into_diagnostic()?.len() == 1;
        self.check("the vendor has one user and one service", is_one);
        let plan = at_vendor.first().map(|service| service.plan.as_str());
        self.check("the vendor's plan is the one bought", plan == Some("basic"));
        Ok(())
    }

    async fn shows_its_key(&mut self, service: &Service) -> miette::Result<()> {
        self.begin_stage();
        let page = service.client_area().await.into_diagnostic()?;
        let key = self
            .live()?
            .into_iter()
            .next()
            .and_then(|service| service.license_key);
        let is_shown = key
            .as_ref()
            .is_some_and(|key| page.html.contains(key.as_str()));
        let result = match key.filter(|_| is_shown) {
            Some(key) => format!("licence key {key}"),
            None => "the page shows no licence key".to_owned(),
        };
        self.tell_stage("She opens the product page", result, is_shown)
            .await?;
        self.check(
            "the licence key on the page equals the one in the vendor's database",
            is_shown,
        );
        Ok(())
    }

    async fn is_overdue(&mut self, service: &Service) -> miette::Result<()> {
        self.begin_stage();
        let (days, calls) = self.days_until(service, Status::Suspended).await?;
        let title = "She does not pay the next invoice, and WHMCS suspends";
        self.tell_calls_after(title, &calls, days).await?;
        let status = self.live()?.first().map(|service| service.status);
        self.check(
            "suspended in WHMCS is suspended at the vendor",
            status == Some(ServiceStatus::Suspended),
        );
        Ok(())
    }

    async fn is_paid_after_all(&mut self, service: &Service) -> miette::Result<()> {
        self.begin_stage();
        let calls = service.pays().await.into_diagnostic()?;
        self.tell_calls("She pays after all, and WHMCS unsuspends", &calls)
            .await?;
        let status = self.live()?.first().map(|service| service.status);
        self.check(
            "paid, it is active at the vendor again",
            status == Some(ServiceStatus::Active),
        );
        Ok(())
    }

    async fn is_upgraded(&mut self, service: &Service) -> miette::Result<()> {
        self.begin_stage();
        let calls = service
            .upgrade_to_and_pay(self.pro)
            .await
            .into_diagnostic()?;
        self.tell_calls("She upgrades to ShieldPress Professional", &calls)
            .await?;
        let plan = self.live()?.into_iter().next().map(|service| service.plan);
        self.check(
            "the vendor has the new plan",
            plan.as_deref() == Some("pro"),
        );
        Ok(())
    }

    async fn gets_another_password(&mut self, service: &Service) -> miette::Result<()> {
        let password = new_password();
        self.begin_stage();
        let calls = service.change_password(&password).await.into_diagnostic()?;
        self.tell_calls("She chooses another password", &calls)
            .await?;
        let user = self
            .live()?
            .first()
            .map(|service| service.user_id)
            .unwrap_or_default();
        let is_taken = self
            .vendor()
            .password_matches(user, &password)
            .into_diagnostic()?;
        self.check("the vendor takes the new password", is_taken);
        Ok(())
    }

    async fn logs_in(&mut self, service: &Service) -> miette::Result<()> {
        self.begin_stage();
        let answer = service.single_sign_on().await.into_diagnostic()?.result;
        let address = answer.redirect_to.filter(|_| answer.success);
        let is_good = address.is_some();
        let result = match &address {
            Some(address) => format!("sent to {}", shortened(address, 48)),
            None => answer.error.unwrap_or_else(|| "no address".to_owned()),
        };
        self.tell_stage("She logs in to the vendor with one click", result, is_good)
            .await?;
        self.check("single sign-on leads to the vendor", is_good);
        Ok(())
    }

    async fn is_renewed(&mut self, service: &Service) -> miette::Result<()> {
        const LONGEST_WAIT: u32 = 62;
        self.begin_stage();
        let mut days = 0;
        while service
            .unpaid_invoices()
            .await
            .into_diagnostic()?
            .is_empty()
            && days < LONGEST_WAIT
        {
            self.whmcs().days_pass(1).await.into_diagnostic()?;
            days += 1;
        }
        let calls = service.pays().await.into_diagnostic()?;
        self.tell_calls_after("The next month is invoiced and paid", &calls, days)
            .await?;
        let due = service
            .row()
            .await
            .into_diagnostic()?
            .next_due_date
            .map(|date| date.to_string());
        let paid_until = self
            .live()?
            .into_iter()
            .next()
            .and_then(|service| service.paid_until);
        self.check(
            "the vendor's renewal date is WHMCS's next due date",
            due.is_some() && due == paid_until,
        );
        Ok(())
    }

    async fn is_cancelled(&mut self, service: &Service) -> miette::Result<()> {
        self.begin_stage();
        service
            .cancel(Cancellation::Immediate)
            .await
            .into_diagnostic()?;
        let day = self.whmcs().days_pass(1).await.into_diagnostic()?;
        let calls: Vec<_> = day.into_iter().flat_map(|day| day.calls).collect();
        self.tell_calls_after("She cancels, and WHMCS terminates", &calls, 1)
            .await?;
        let live = self.live()?.len();
        self.check(
            "after the cancellation the vendor has no service",
            live == 0,
        );
        Ok(())
    }

    /// Lets days pass until the service has a status.
    async fn days_until(
        &self,
        service: &Service,
        status: Status,
    ) -> miette::Result<(u32, Vec<CallOutcome>)> {
        const LONGEST_WAIT: u32 = 62;
        let mut calls = Vec::new();
        for day in 1..=LONGEST_WAIT {
            let passed = self.whmcs().days_pass(1).await.into_diagnostic()?;
            calls.extend(passed.into_iter().flat_map(|day| day.calls));
            if service.status().await.into_diagnostic()? == status {
                return Ok((day, calls));
            }
        }
        Ok((LONGEST_WAIT, calls))
    }

    fn begin_stage(&mut self) {
        self.began = (Instant::now(), self.vendor().requests().len());
    }

    async fn tell_calls(
        &mut self,
        title: &'static str,
        calls: &[CallOutcome],
    ) -> miette::Result<()> {
        self.tell_calls_after(title, calls, 0).await
    }

    async fn tell_calls_after(
        &mut self,
        title: &'static str,
        calls: &[CallOutcome],
        days: u32,
    ) -> miette::Result<()> {
        let failed = calls.iter().find(|call| !call.success);
        let functions: Vec<&str> = calls
            .iter()
            .map(|call| call.due.function.as_str())
            .collect();
        let after = match days {
            0 => String::new(),
            1 => ", 1 day later".to_owned(),
            days => format!(", {days} days later"),
        };
        let result = match failed {
            Some(call) => format!("{}: {}", call.due.function, call.message),
            None if calls.is_empty() => format!("WHMCS called nothing{after}"),
            None => format!("{}{after}", functions.join(", ")),
        };
        self.tell_stage(title, result, failed.is_none() && !calls.is_empty())
            .await
    }

    async fn tell_stage(
        &mut self,
        title: &'static str,
        result: String,
        is_good: bool,
    ) -> miette::Result<()> {
        let took = self.began.0.elapsed();
        let status = match &self.service {
            Some(service) => Some(service.status().await.into_diagnostic()?),
            None => None,
        };
        let vendor_calls = self.vendor().requests().split_off(self.began.1);
        self.teller.stage(&Stage {
            title,
            result,
            is_good,
            took,
            status,
            vendor_calls,
        })
    }

    fn check(&mut self, what: &'static str, holds: bool) {
        self.checks.push(Check { what, holds });
    }

    fn live(&self) -> miette::Result<Vec<ServiceRow>> {
        self.vendor().live_services().into_diagnostic()
    }

    fn vendor(&self) -> &'a SampleVendor {
        &self.world.vendor
    }

    fn whmcs(&self) -> &'a Emulator {
        &self.world.whmcs
    }
}

/// A password that nobody has used before.
fn new_password() -> String {
    format!("Pw-{}", Uuid::new_v4().simple())
}

/// The beginning of a text.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
