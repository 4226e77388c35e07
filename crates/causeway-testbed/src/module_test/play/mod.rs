//! Plays trials: each before a WHMCS and a vendor of its own.

mod create;
mod life;
mod opened;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub use life::{Learned, live};

use tokio::sync::Semaphore;

use super::callback::Callback;
use super::error::ModuleTestError;
use super::finding::Finding;
use super::found::{Found, Notes};
use super::judge::{self, Counts};
use super::made::{Made, Told};
use super::planted::{self, Secret};
use super::settings::ModuleTestSettings;
use super::stage::{Begun, House, Stage};
use super::trial::{Exchange, Trial};
use crate::fault_proxy::Fault;

const HOUSES_BUILT_AT_ONCE: usize = 4;

/// A trial, and what came of it.
#[derive(Debug, Clone)]
pub struct Played {
    /// What was tried.
    pub trial: Trial,
    /// What the callback that it is about came to.
    pub told: String,
    /// Whether what was to go wrong did go wrong.
    pub struck: bool,
    /// Every callback of it that something went wrong with, and those after it.
    pub steps: Vec<Made>,
    /// What was found.
    pub found: Vec<Found>,
    /// How long it took.
    pub took: Duration,
}

/// Plays trials of one module.
pub struct Player {
    pub settings: ModuleTestSettings,
    pub learned: Learned,
    pub secrets: Vec<Secret>,
    idle: Mutex<Vec<House>>,
    begun: Mutex<Option<Begun>>,
    building: Semaphore,
}

impl Player {
    pub const fn new(settings: ModuleTestSettings, learned: Learned, secrets: Vec<Secret>) -> Self {
        Self {
            settings,
            learned,
            secrets,
            idle: Mutex::new(Vec::new()),
            begun: Mutex::new(None),
            building: Semaphore::const_new(HOUSES_BUILT_AT_ONCE),
        }
    }

    fn begun(&self) -> MutexGuard<'_, Option<Begun>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn house(&self) -> Result<House, ModuleTestError> {
        let idle = self.idle_houses().pop();
        if let Some(house) = idle {
            return Ok(house);
        }
        // The semaphore is never closed.
        let _turn = self.building.acquire().await;
        House::build(&self.settings, &self.learned.options).await
    }

    fn idle_houses(&self) -> MutexGuard<'_, Vec<House>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Plays one. A part that broke down proves nothing: once more, with all parts new.
    ///
    /// # Errors
    /// It broke down a second time.
    pub async fn play(&self, trial: &Trial) -> Result<Played, ModuleTestError> {
        match self.play_once(trial).await {
            Ok(played) => Ok(played),
            Err(_) => self.play_once(trial).await,
        }
    }

    async fn play_once(&self, trial: &Trial) -> Result<Played, ModuleTestError> {
        let began = Instant::now();
        let house = self.house().await?;
        let mut stage = Stage::open(house, &self.settings).await?;
        let mut notes = Notes::of(trial);
        let mut steps = Vec::new();
        let struck = match trial {
            Trial::Life => true,
            Trial::OpenedAlone => {
                opened::alone(&stage, &mut notes).await?;
                true
            }
            Trial::Markup => {
                self.markup(&mut stage, &mut steps, &mut notes).await?;
                true
            }
            Trial::CreatedTwice => {
                self.created_twice(&mut stage, &mut steps, &mut notes)
                    .await?
            }
            Trial::Gone => self.gone(&mut stage, &mut steps, &mut notes).await?,
            Trial::Fault { at, fault, then } if at.callback == Callback::CreateAccount => {
                let fault = create::Create {
                    player: self,
                    stage: &mut stage,
                    at,
                    fault: *fault,
                    then: *then,
                };
                fault.play(&mut steps, &mut notes).await?
            }
            Trial::Fault { at, fault, .. } => {
                self.bring_to(&mut stage, &at.callback).await?;
                self.fault(&stage, at, *fault, &mut steps, &mut notes)
                    .await?
            }
            Trial::Untrusted(callback) => {
                self.bring_to(&mut stage, callback).await?;
                self.untrusted(&stage, callback, &mut steps, &mut notes)
                    .await?
            }
            Trial::NeverConnects(callback) => {
                self.bring_to(&mut stage, callback).await?;
                self.never_connects(&stage, callback, &mut steps, &mut notes)
                    .await?
            }
            Trial::NeverAnswers(at) => {
                self.bring_to(&mut stage, &at.callback).await?;
                let made = stage
                    .make_with(&at.callback, [at.armed(Fault::HangAfter)?])
                    .await?;
                self.held(made, Finding::NoTotalTimeout, &mut steps, &mut notes)
            }
        };
        for made in &steps {
            judge::calls(made, &mut notes);
        }
        judge::secrets_in_logs(&stage.emulator, &steps, &self.secrets, &mut notes).await?;
        self.idle_houses().push(stage.close());
        Ok(Played {
            trial: trial.clone(),
            told: steps
                .first()
                .map_or_else(|| "done".to_owned(), |made| made.told.summary()),
            struck,
            steps,
            found: notes.into_found(),
            took: began.elapsed(),
        })
    }

    /// Whatever has to be before this callback.
    async fn bring_to(
        &self,
        stage: &mut Stage,
        callback: &Callback,
    ) -> Result<(), ModuleTestError> {
        if *callback == Callback::CreateAccount {
            stage.order(planted::client(), &self.settings).await?;
        }
        if callback.needs_service() {
            self.begin(stage).await?;
        }
        if *callback == Callback::UnsuspendAccount {
            stage.make(&Callback::SuspendAccount).await?;
        }
        Ok(())
    }

    /// A service as it is when its create went well: the first trial makes it, the others take it over.
    async fn begin(&self, stage: &mut Stage) -> Result<(), ModuleTestError> {
        let begun = self.begun().clone();
        if let Some(begun) = begun {
            return Ok(stage.go_on(&begun)?);
        }
        stage.order(planted::client(), &self.settings).await?;
        let made = stage.make(&Callback::CreateAccount).await?;
        if made.told.is_success() {
            let saved = stage.save()?;
            *self.begun() = saved;
        }
        Ok(())
    }

    async fn markup(
        &self,
        stage: &mut Stage,
        steps: &mut Vec<Made>,
        notes: &mut Notes,
    ) -> Result<(), ModuleTestError> {
        stage
            .order(planted::client_with_markup(), &self.settings)
            .await?;
        for callback in [
            Callback::CreateAccount,
            Callback::ClientArea,
            Callback::AdminServicesTabFields,
        ] {
            let made = stage.make(&callback).await?;
            judge::markup_in_pages(&made, notes);
            steps.push(made);
        }
        Ok(())
    }

    async fn created_twice(
        &self,
        stage: &mut Stage,
        steps: &mut Vec<Made>,
        notes: &mut Notes,
    ) -> Result<bool, ModuleTestError> {
        self.bring_to(stage, &Callback::ClientArea).await?;
        let made = stage.make(&Callback::CreateAccount).await?;
        if let Some(more) = self.more_than_one(stage) {
            let what = format!("staff pressed Create once more: the vendor has {more}");
            notes.found_in(&made, Finding::DoubledCreate, "CreateAccount", what);
        }
        steps.push(made);
        Ok(true)
    }

    async fn gone(
        &self,
        stage: &mut Stage,
        steps: &mut Vec<Made>,
        notes: &mut Notes,
    ) -> Result<bool, ModuleTestError> {
        self.bring_to(stage, &Callback::ClientArea).await?;
        let Some(vendor) = &stage.vendor else {
            return Ok(false);
        };
        vendor.remove_services();
        let made = stage.make(&Callback::TerminateAccount).await?;
        if !made.told.is_success() {
            let what = format!(
                "the vendor has nothing any more, and it answers: {}",
                made.told.summary()
            );
            notes.found_in(
                &made,
                Finding::UnfinishedTerminate,
                "TerminateAccount",
                what,
            );
        }
        steps.push(made);
        Ok(true)
    }

    async fn fault(
        &self,
        stage: &Stage,
        at: &Exchange,
        fault: Fault,
        steps: &mut Vec<Made>,
        notes: &mut Notes,
    ) -> Result<bool, ModuleTestError> {
        let made = stage.make_with(&at.callback, [at.armed(fault)?]).await?;
        let struck = self.judge_struck(&made, at, fault, notes);
        let terminates = at.callback == Callback::TerminateAccount;
        steps.push(made);
        if struck && terminates {
            let again = stage.make(&Callback::TerminateAccount).await?;
            self.judge_terminated(stage, &again, notes);
            steps.push(again);
        }
        Ok(struck)
    }

    /// What a fault shows of the callback that it struck.
    fn judge_struck(&self, made: &Made, at: &Exchange, fault: Fault, notes: &mut Notes) -> bool {
        let is_of_fault =
            |exchange: &&crate::fault_proxy::RecordedExchange| exchange.fault == Some(fault);
        if made.exchanges.iter().find(is_of_fault).is_none() {
            return false;
        }
        let name = at.callback.name();
        let well = self.learned.step(&at.callback);
        if at.callback == Callback::TestConnection {
            if made.told.is_success() && !fault.vendor_acts() {
                let what = format!("it says that all is well; at {at}: {}", fault.description());
                notes.found_in(made, Finding::FalseSuccess, name, what);
            }
        } else if let Some(change) = well.and_then(|well| judge::said_so_in_vain(made, well)) {
            let what = format!(
                "it says success, and the vendor has not done {change}; at {at}: {}",
                fault.description()
            );
            notes.found_in(made, Finding::FalseSuccess, name, what);
        }
        let followed = made.exchanges.iter().any(|exchange| {
            let request = exchange.request.as_ref();
            request.is_some_and(|request| request.followed_redirect && request.method != "GET")
        });
        if followed {
            let what = format!("{at} was sent again to where the answer led");
            notes.found_in(made, Finding::RedirectFollowed, name, what);
        }
        true
    }

    fn judge_terminated(&self, stage: &Stage, made: &Made, notes: &mut Notes) {
        let Some(services) = stage.vendors_services() else {
            return;
        };
        let left = judge::more_than(&judge::counts(&services), &Counts::new());
        match (&made.told, left) {
            (Told::Success, Some(left)) => {
                let what = format!("it says success, and the vendor still has {left}");
                notes.found_in(made, Finding::OrphanedService, "TerminateAccount", what);
            }
            (Told::Success, None) => {}
            (told, None) => {
                let what = format!(
                    "the vendor has nothing any more, and it answers: {}",
                    told.summary()
                );
                notes.found_in(made, Finding::UnfinishedTerminate, "TerminateAccount", what);
            }
            (_, Some(_)) => {}
        }
    }

    async fn untrusted(
        &self,
        stage: &Stage,
        callback: &Callback,
        steps: &mut Vec<Made>,
        notes: &mut Notes,
    ) -> Result<bool, ModuleTestError> {
        stage.interceptor.forget_hosts();
        stage.interceptor.present_untrusted(true);
        let made = stage.make(callback).await?;
        stage.interceptor.present_untrusted(false);
        let hosts = stage.interceptor.hosts();
        for host in hosts.iter().filter(|host| host.untrusted_handshakes > 0) {
            let what = format!(
                "it went on with {}, whose certificate is of an authority that nobody trusts",
                host.host
            );
            notes.found_in(&made, Finding::UnverifiedTls, callback.name(), what);
        }
        let struck = hosts
            .iter()
            .any(|host| host.untrusted_handshakes + host.failed_handshakes > 0);
        steps.push(made);
        Ok(struck)
    }

    /// Of a plain http host no connection can be held back, so that nothing is shown there.
    async fn never_connects(
        &self,
        stage: &Stage,
        callback: &Callback,
        steps: &mut Vec<Made>,
        notes: &mut Notes,
    ) -> Result<bool, ModuleTestError> {
        stage.interceptor.forget_hosts();
        stage.interceptor.hold_connections(true);
        let made = stage.make(callback).await?;
        stage.interceptor.hold_connections(false);
        let hosts = stage.interceptor.hosts();
        if hosts.iter().all(|host| host.tunnels == 0) {
            steps.push(made);
            return Ok(false);
        }
        Ok(self.held(made, Finding::NoConnectTimeout, steps, notes))
    }

    fn held(&self, made: Made, finding: Finding, steps: &mut Vec<Made>, notes: &mut Notes) -> bool {
        if made.told == Told::Held {
            let patience = self.settings.patience.as_secs();
            let what = format!("it was still waiting after {patience} s");
            notes.found_in(&made, finding, made.callback.name().to_owned(), what);
        }
        steps.push(made);
        true
    }

    /// What the vendor has too much of after creates; nothing where that cannot be known.
    fn more_than_one(&self, stage: &Stage) -> Option<String> {
        let services = stage.vendors_services()?;
        let created = self.learned.created.as_ref()?;
        judge::more_than(&judge::counts(&services), created)
    }
}
