//! A create that something goes wrong with, and what follows.

use super::Player;
use crate::fault_proxy::{DeliveryOutcome, Fault, RecordedExchange};
use crate::module_test::callback::Callback;
use crate::module_test::error::ModuleTestError;
use crate::module_test::finding::Finding;
use crate::module_test::found::Notes;
use crate::module_test::made::Made;
use crate::module_test::planted;
use crate::module_test::stage::Stage;
use crate::module_test::trial::{Exchange, Then};

/// How often WHMCS's queue tries again.
const TRIES: usize = 3;

/// A create with one fault.
pub struct Create<'a> {
    pub player: &'a Player,
    pub stage: &'a mut Stage,
    pub at: &'a Exchange,
    pub fault: Fault,
    pub then: Then,
}

impl Create<'_> {
    pub async fn play(
        self,
        steps: &mut Vec<Made>,
        notes: &mut Notes,
    ) -> Result<bool, ModuleTestError> {
        let settings = &self.player.settings;
        self.stage.order(planted::client(), settings).await?;
        let fault = self.at.armed(self.fault)?;
        let made = self
            .stage
            .make_with(&Callback::CreateAccount, [fault])
            .await?;
        if !self.player.judge_struck(&made, self.at, self.fault, notes) {
            steps.push(made);
            return Ok(false);
        }
        let lost = is_lost(&made.exchanges, self.fault);
        let said_success = made.told.is_success();
        if said_success {
            self.judge_values(&made, notes).await?;
        }
        steps.push(made);
        if self.then == Then::Again && !said_success {
            self.try_again(steps, lost, notes).await?;
        }
        // Of two services the module knows one at most, so that the other stays is no news.
        if !notes.has(Finding::DoubledCreate) {
            self.terminate(steps, notes).await?;
        }
        Ok(true)
    }

    /// A success that keeps less than one when all is well.
    async fn judge_values(&self, made: &Made, notes: &mut Notes) -> Result<(), ModuleTestError> {
        let kept = self.stage.kept_values().await?;
        let wanted = self.player.learned.kept.keys();
        let missing: Vec<&str> = wanted
            .filter(|name| !kept.contains_key(*name))
            .map(String::as_str)
            .collect();
        if !missing.is_empty() {
            let what = format!("it says success without {}", missing.join(", "));
            notes.found_in(made, Finding::FalseSuccess, "CreateAccount", what);
        }
        Ok(())
    }

    async fn try_again(
        &self,
        steps: &mut Vec<Made>,
        lost: bool,
        notes: &mut Notes,
    ) -> Result<(), ModuleTestError> {
        let first = steps.len();
        for _ in 0..TRIES {
            let made = self.stage.make(&Callback::CreateAccount).await?;
            let done = made.told.is_success();
            steps.push(made);
            if done {
                break;
            }
        }
        let tries = &steps[first..];
        let Some(last) = tries.last() else {
            return Ok(());
        };
        if let Some(more) = self.player.more_than_one(self.stage).filter(|_| lost) {
            let what = format!("the next try left the vendor with {more}");
            let exchanges = steps[first - 1..].iter();
            let exchanges = exchanges.flat_map(|made| made.exchanges.clone());
            notes.found(
                Finding::DoubledCreate,
                "CreateAccount",
                what,
                exchanges.collect(),
            );
        } else if last.told.is_success() {
            self.judge_values(last, notes).await?;
            if let Some(fewer) = self.player.fewer(self.stage) {
                let what = format!("a further try says success, and the vendor has {fewer}");
                notes.found_in(last, Finding::FalseSuccess, "CreateAccount", what);
            }
        } else if lost {
            let what = format!("{TRIES} further tries did not succeed");
            let (place, detail) = ("CreateAccount", last.told.summary());
            notes.found_in_with(last, Finding::StuckCreate, place, what, detail);
        }
        Ok(())
    }

    async fn terminate(
        &self,
        steps: &mut Vec<Made>,
        notes: &mut Notes,
    ) -> Result<(), ModuleTestError> {
        if !Callback::TerminateAccount.is_offered(&self.player.learned.functions) {
            return Ok(());
        }
        let made = self.stage.make(&Callback::TerminateAccount).await?;
        self.player.judge_left(self.stage, &made, notes);
        steps.push(made);
        Ok(())
    }
}

/// Whether the vendor acted on the request that the fault struck.
fn is_lost(exchanges: &[RecordedExchange], fault: Fault) -> bool {
    let struck = exchanges
        .iter()
        .filter(|exchange| exchange.fault == Some(fault));
    struck.into_iter().any(|exchange| {
        exchange.deliveries.iter().any(|delivery| {
            matches!(delivery.outcome, Some(DeliveryOutcome::Answered { status, .. }) if status < 400)
        })
    })
}
