//! The whole life of a service when nothing goes wrong. What is seen here is what trials are made from.

use std::collections::BTreeMap;

use crate::module_test::callback::Callback;
use crate::module_test::error::ModuleTestError;
use crate::module_test::finding::Finding;
use crate::module_test::found::{Found, Notes};
use crate::module_test::judge::{self, Counts};
use crate::module_test::made::{Made, Told};
use crate::module_test::options::ProductOptions;
use crate::module_test::planted::{self, Secret};
use crate::module_test::settings::ModuleTestSettings;
use crate::module_test::stage::{House, Stage};
use crate::module_test::trial::Trial;
use crate::report::exchange_lines;

/// What a module does when all is well.
#[derive(Debug, Clone)]
pub struct Learned {
    /// Every callback in its order.
    pub steps: Vec<Made>,
    /// The module's functions without its prefix.
    pub functions: Vec<String>,
    /// The options of the products.
    pub options: ProductOptions,
    /// What the vendor has once the service is created. None where that cannot be known.
    pub created: Option<Counts>,
    /// The names of the values that are kept by then.
    pub kept: BTreeMap<String, String>,
    /// What was found on the way.
    pub found: Vec<Found>,
}

impl Learned {
    /// The callback's first time.
    pub fn step(&self, callback: &Callback) -> Option<&Made> {
        self.steps.iter().find(|made| made.callback == *callback)
    }
}

/// Plays the life.
pub async fn live(
    settings: &ModuleTestSettings,
    secrets: &[Secret],
) -> Result<Learned, ModuleTestError> {
    let options = proposed_options(settings).await?;
    let house = House::build(settings, &options).await?;
    let mut stage = Stage::open(house, settings).await?;
    let mut notes = Notes::of(&Trial::Life);
    let functions = stage.emulator.module_function_names(&stage.module).await?;
    let mut life = Life {
        stage: &stage,
        functions: &functions,
        steps: Vec::new(),
    };
    for callback in [Callback::ConfigOptions, Callback::TestConnection] {
        life.make(callback).await?;
    }
    let mut steps = life.steps;
    stage.order(planted::client(), settings).await?;
    let mut life = Life {
        stage: &stage,
        functions: &functions,
        steps: std::mem::take(&mut steps),
    };
    let created = life.create().await?;
    let kept = stage.kept_values().await?;
    let emails = stage.emulator.database().emails().await?.len();
    for callback in [
        Callback::ClientArea,
        Callback::CronHooks,
        Callback::AdminServicesTabFields,
    ] {
        life.make(callback).await?;
    }
    if emails > 0 {
        let later = stage.kept_values().await?;
        judge_welcome_email(&kept, &later, &mut notes);
    }
    for callback in [
        Callback::ServiceSingleSignOn,
        Callback::UsageUpdate,
        Callback::ListAccounts,
        Callback::MetricProvider,
        Callback::SuspendAccount,
        Callback::UnsuspendAccount,
        Callback::ChangePassword,
        Callback::ChangePackage,
        Callback::Renew,
    ] {
        life.make(callback).await?;
    }
    for button in buttons(&stage, &life.steps).await? {
        life.make(button).await?;
    }
    life.terminate(&mut notes).await?;
    life.make(Callback::ClientArea).await?;
    let steps = life.steps;
    for made in &steps {
        judge::calls(made, &mut notes);
        judge::slow(made, settings.budget, &mut notes);
    }
    judge::secrets_in_logs(&stage.emulator, &steps, secrets, &mut notes).await?;
    Ok(Learned {
        steps,
        functions,
        options,
        created,
        kept,
        found: notes.into_found(),
    })
}

/// What the module's form proposes. One that cannot be drawn proposes nothing; its step tells why.
async fn proposed_options(
    settings: &ModuleTestSettings,
) -> Result<ProductOptions, ModuleTestError> {
    let house = House::build(settings, &ProductOptions::default()).await?;
    let stage = Stage::open(house, settings).await?;
    let form = stage.product_form().await;
    Ok(ProductOptions::of(&form.unwrap_or_default(), settings))
}

struct Life<'a> {
    stage: &'a Stage,
    functions: &'a [String],
    steps: Vec<Made>,
}

impl Life<'_> {
    async fn make(&mut self, callback: Callback) -> Result<(), ModuleTestError> {
        if callback.is_offered(self.functions) {
            let made = self.stage.make(&callback).await?;
            self.steps.push(made);
        }
        Ok(())
    }

    /// Without a service there is nothing to test.
    async fn create(&mut self) -> Result<Option<Counts>, ModuleTestError> {
        let made = self.stage.make(&Callback::CreateAccount).await?;
        if !made.told.is_success() {
            let lines = made.exchanges.iter().flat_map(exchange_lines);
            return Err(ModuleTestError::NoService {
                message: made.told.summary(),
                exchanges: lines.map(|line| format!("  {line}\n")).collect(),
            });
        }
        self.steps.push(made);
        Ok(self.stage.vendors_services().map(|all| judge::counts(&all)))
    }

    async fn terminate(&mut self, notes: &mut Notes) -> Result<(), ModuleTestError> {
        if !Callback::TerminateAccount.is_offered(self.functions) {
            return Ok(());
        }
        let made = self.stage.make(&Callback::TerminateAccount).await?;
        let left = self.stage.vendors_services();
        let left = left.and_then(|all| judge::more_than(&judge::counts(&all), &Counts::new()));
        if let (Told::Success, Some(left)) = (&made.told, left) {
            let what = format!("it says success, and the vendor still has {left}");
            notes.found_in(&made, Finding::OrphanedService, "TerminateAccount", what);
        }
        self.steps.push(made);
        Ok(())
    }
}

fn judge_welcome_email(
    then: &BTreeMap<String, String>,
    later: &BTreeMap<String, String>,
    notes: &mut Notes,
) {
    let came_later: Vec<&str> = later
        .keys()
        .filter(|name| !then.contains_key(*name))
        .map(String::as_str)
        .collect();
    if !came_later.is_empty() {
        let what = format!(
            "the e-mail was sent when the create said success; only afterwards came {}",
            came_later.join(", ")
        );
        notes.found(
            Finding::EarlyWelcomeEmail,
            "CreateAccount",
            what,
            Vec::new(),
        );
    }
}

/// The buttons on both pages.
async fn buttons(stage: &Stage, steps: &[Made]) -> Result<Vec<Callback>, ModuleTestError> {
    let mut buttons = Vec::new();
    if let Ok(functions) = stage.client_buttons().await {
        buttons.extend(functions.into_iter().map(Callback::ClientButton));
    }
    let shown = steps.iter().flat_map(|made| &made.seen.calls);
    for call in shown.filter(|call| call.function == "AdminCustomButtonArray") {
        let returned = call.returned.as_ref().and_then(|one| one.value.as_object());
        let functions = returned.into_iter().flat_map(|buttons| buttons.values());
        for function in functions.filter_map(|function| function.as_str()) {
            buttons.push(Callback::AdminButton(function.to_owned()));
        }
    }
    Ok(buttons)
}
