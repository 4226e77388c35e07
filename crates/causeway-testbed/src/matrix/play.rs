//! One case, from a service in the right state to the comparison of the three truths.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::{Value, json};

use super::case::{CaseName, Scenario};
use super::error::MatrixError;
use super::evidence::Evidence;
use super::lane::Lane;
use super::plan::{Case, Described, Reached, described, reached};
use super::purchase::{Call, Purchase, State, Told};
use super::truth::{Compared, Truths};
use crate::fault_proxy::{ArmedFault, Fault, Place, Port};

/// How often the billing side tries again before the case is given up.
const MOST_TRIES: usize = 8;
/// How long WHMCS waits between two tries of what is still worked on.
pub const BETWEEN_TRIES: Duration = Duration::from_millis(200);

/// How a case ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// Right: the three truths agree.
    Right,
    /// Right, after a person had decided what only a person can.
    RightAfterDecision,
    /// Nothing is wrong as far as could be read, and not all of it could be.
    NotKnown {
        /// What nobody could read, and why.
        not_known: Vec<String>,
    },
    /// Wrong.
    Wrong {
        /// What is not as it should be.
        complaints: Vec<String>,
    },
}

/// What is known of a case after it was played.
#[derive(Debug, Clone, Serialize)]
pub struct CaseResult {
    /// The case.
    #[serde(serialize_with = "as_text")]
    pub name: CaseName,
    /// How it ended.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// How long it took.
    #[serde(skip)]
    pub took: Duration,
    /// What a person needs to understand it; of cases that ended wrong.
    pub evidence: Option<Evidence>,
}

fn as_text<S: serde::Serializer>(name: &CaseName, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(name)
}

impl CaseResult {
    /// Whether it ended otherwise than it should.
    #[must_use]
    pub const fn is_wrong(&self) -> bool {
        matches!(self.verdict, Verdict::Wrong { .. })
    }
}

/// What happened in a case so far.
#[derive(Debug, Default)]
pub struct Story {
    told: Vec<Value>,
    pub decided: bool,
    pub complaints: Vec<String>,
    /// What nobody could read, and why.
    pub not_known: Vec<String>,
    /// Whether it waits for a person to look at the vendor, and nobody here can.
    pub waits: bool,
}

impl Story {
    pub fn add(&mut self, call: &Call, told: &Told) {
        let mut line = told.as_json();
        line["call"] = call.name().into();
        self.told.push(line);
    }

    pub fn note(&mut self, what: &str) {
        self.told.push(json!({ "event": what }));
    }

    /// How it ended.
    pub fn verdict(&self) -> Verdict {
        match (self.complaints.is_empty(), self.not_known.is_empty()) {
            (false, _) => Verdict::Wrong {
                complaints: self.complaints.clone(),
            },
            (true, false) => Verdict::NotKnown {
                not_known: self.not_known.clone(),
            },
            (true, true) if self.decided => Verdict::RightAfterDecision,
            (true, true) => Verdict::Right,
        }
    }
}

impl Lane {
    /// Plays a scenario undisturbed; which of its exchanges it made, and which it did not.
    ///
    /// # Errors
    /// The scenario goes wrong although nothing is disturbed.
    pub async fn discover(
        &mut self,
        scenario: Scenario,
    ) -> Result<(Vec<Reached>, Vec<super::case::ExchangeName>), MatrixError> {
        let exchanges: Vec<Described> = described(&self.settings.definition, scenario);
        let (mut purchase, call) = self.prepare(scenario, Port::Http).await?;
        let before = match scenario.is_of_suspension() {
            true => Some(self.truths(&purchase, &self.expected(&purchase)).await?),
            false => None,
        };
        self.proxy.arm([]).await;
        let told = call.make(&self.whmcs).await?;
        self.proxy.settled().await;
        let wrong = |reason: String| MatrixError::Undisturbed { scenario, reason };
        if !told.success {
            return Err(wrong(told.message));
        }
        let record = self.proxy.record();
        let after = self.truths_after(scenario, &mut purchase).await?;
        if !after.complaints.is_empty() {
            return Err(wrong(after.complaints.join("; ")));
        }
        if let Some(before) = before {
            let (suspended, active) = match purchase.state {
                State::Suspended => (after.truths, before.truths),
                _ => (before.truths, after.truths),
            };
            let vendor = &self.vendor;
            vendor.learn_of_suspension(&suspended.vendor, &active.vendor);
        }
        self.give_up(purchase).await;
        Ok(reached(&exchanges, &record, |place, exchange| {
            self.vendor.is_at(place, exchange)
        }))
    }

    /// Plays one case.
    ///
    /// # Errors
    /// A part of the lane failed; the case proves nothing then.
    pub async fn play(&mut self, case: &Case) -> Result<CaseResult, MatrixError> {
        let began = Instant::now();
        let name = &case.name;
        let scenario = name.exchange.scenario;
        let port = name.port();
        let mut story = Story::default();
        self.start_all_gateways().await?;
        let (mut purchase, call) = self.prepare(scenario, port).await?;
        // A request that comes twice is the one thing that only the vendor can sort out; everything
        // else has to end right with a vendor that does not know of idempotency keys.
        self.vendor
            .honours_idempotency_keys(name.fault == Fault::DeliveredTwice);
        self.proxy.arm([armed(case, port)?]).await;
        self.call_with_what_follows(case, &purchase, &call, &mut story)
            .await?;
        self.start_all_gateways().await?;
        self.bring_to_an_end(case.exchange.goes_on, &purchase, &call, &mut story)
            .await?;
        self.proxy.disarm().await;
        self.proxy.settled().await;

        let truths = self.compare(scenario, &mut purchase, &mut story).await?;
        if self.proxy.struck().iter().all(|times| *times == 0) {
            story
                .complaints
                .push("the fault never struck, so the case proves nothing".to_owned());
        }
        let is_right = story.complaints.is_empty() && !story.waits;
        let evidence = match story.complaints.is_empty() {
            true => None,
            false => Some(Evidence {
                told: std::mem::take(&mut story.told),
                ..self.evidence(&purchase, truths).await
            }),
        };
        if is_right && scenario.is_recorded() && purchase.together_with.is_none() {
            purchase.is_renewed |= scenario == Scenario::Renew;
            self.keep_spare(purchase).await;
        } else {
            self.give_up(purchase).await;
        }
        Ok(CaseResult {
            name: name.clone(),
            verdict: story.verdict(),
            took: began.elapsed(),
            evidence,
        })
    }

    /// Compares the three truths at the end of a case; those of one that waits for a person cannot be.
    ///
    /// # Errors
    /// One of the three could not be asked.
    pub async fn compare(
        &self,
        scenario: Scenario,
        purchase: &mut Purchase,
        story: &mut Story,
    ) -> Result<Truths, MatrixError> {
        if story.waits {
            return Ok(Truths {
                journal: self.journal_of(purchase).await?,
                ..Truths::default()
            });
        }
        let compared = self.truths_after(scenario, purchase).await?;
        story.complaints.extend(compared.complaints);
        story.not_known.extend(compared.not_known);
        Ok(compared.truths)
    }

    /// What each side says once a scenario has succeeded, and what of it is not as it should be.
    ///
    /// # Errors
    /// One of the three could not be asked.
    pub async fn truths_after(
        &self,
        scenario: Scenario,
        purchase: &mut Purchase,
    ) -> Result<Compared, MatrixError> {
        purchase.now_stands(state_after(scenario));
        self.note_kept(purchase).await?;
        let mut expected = self.expected(purchase);
        expected.was_suspended = scenario == Scenario::Unsuspend;
        if scenario == Scenario::ChangePassword {
            expected.password.clone_from(&purchase.password);
        }
        self.truths(purchase, &expected).await
    }

    /// The billing side tries again until it is told a success, and a person decides where only a
    /// person can.
    pub async fn bring_to_an_end(
        &mut self,
        goes_on: bool,
        purchase: &Purchase,
        call: &Call,
        story: &mut Story,
    ) -> Result<(), MatrixError> {
        let mut succeeded = story
            .told
            .last()
            .is_some_and(|last| last["success"] == json!(true));
        let mut tries = 0;
        while !succeeded && tries < MOST_TRIES {
            if let Some(stuck) = self.standing(purchase, "needs_attention").await? {
                if goes_on {
                    let complaint =
                        "it needs attention, although the definition lets it go on by itself";
                    story.complaints.push(complaint.to_owned());
                    return Ok(());
                }
                // A person looks when nothing is under way at the vendor any more.
                self.proxy.settled().await;
                let Some(said) = self.decide(stuck).await? else {
                    story.waits = true;
                    story.not_known.push(
                        "whether the vendor did what was in doubt: it waits for a person who looks there, and the \
                         definition has no way to look"
                            .to_owned(),
                    );
                    return Ok(());
                };
                story.note(&said);
                story.decided = true;
            }
            if tries > 0 {
                tokio::time::sleep(BETWEEN_TRIES).await;
            }
            let told = call.make(&self.whmcs).await?;
            story.add(call, &told);
            succeeded = told.success;
            tries += 1;
        }
        if !succeeded {
            story.complaints.push(format!(
                "after {tries} more tries WHMCS has still not been told a success"
            ));
        }
        Ok(())
    }
}

fn armed(case: &Case, port: Port) -> Result<ArmedFault, MatrixError> {
    let fault = case.name.fault;
    let (place, time) = match fault.is_of_connection() {
        true => (Place::Connection(port), case.exchange.connection),
        false => (case.exchange.place.clone(), case.exchange.time),
    };
    let time = NonZeroU32::new(time).unwrap_or(NonZeroU32::MIN);
    ArmedFault::new(fault, place, time).map_err(|error| MatrixError::Undisturbed {
        scenario: case.name.exchange.scenario,
        reason: error.to_string(),
    })
}

/// Where a service stands after its scenario succeeded.
const fn state_after(scenario: Scenario) -> State {
    match scenario {
        Scenario::Suspend => State::Suspended,
        Scenario::Terminate => State::Terminated,
        _ => State::Active,
    }
}
