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
use crate::module_test::stage::Stage;
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
    let mut stage = Stage::start(settings).await?;
    let mut notes = Notes::of(&Trial::Life);
    let functions = stage.emulator.module_function_names(&stage.module).await?;
    let options = options(&stage, settings).await;
    stage.save(&options).await?;
    let mut life = Life {
        stage: &stage,
        functions: &functions,
        steps: Vec::new(),
    };
    for callback in [
        Callback::ConfigOptions,
        Callback::TestConnection,
    ] {
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
    for button in buttons(&life.steps) {
        life.make(button).await?;
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

/// A form that cannot be drawn proposes nothing; the step of it tells why.
async fn options(stage: &Stage, settings: &ModuleTestSettings) -> ProductOptions {
    let form = stage.product_form().await;
    let form = form.unwrap_or_else(|_| crate::emulator::answers::ProductForm { fields: Vec::new() });
    ProductOptions::of(&form, settings)
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
        notes.found(Finding::EarlyWelcomeEmail, "CreateAccount", what, Vec::new());
    }
}

/// The buttons that the pages showed.
fn buttons(steps: &[Made]) -> Vec<Callback> {
    let mut buttons = Vec::new();
    for call in steps.iter().flat_map(|made| &made.calls) {
        let button = match call.function.as_str() {
            "ClientAreaCustomButtonArray" => Callback::ClientButton,
            "AdminCustomButtonArray" => Callback::AdminButton,
            _ => continue,
        };
        let Some(returned) = call.returned.as_ref().and_then(|one| one.value.as_object()) else {
            continue;
        };
        for function in returned.values().filter_map(|function| function.as_str()) {
            let callback = button(function.to_owned());
            if !buttons.contains(&callback) {
                buttons.push(callback);
            }
        }
    }
    buttons
}
