//! The work on one operation: do what the engine decides, until it ends.

use std::sync::Arc;
use std::time::Duration;

use causeway_definition::{Definition, Request, Resource};
use causeway_engine::{
    Action, Claim, Clock, Commit, Event, Holder, Identity, Operation, OperationId, Provider, Reply,
    Run, ServiceRecord, Store, StoreError, Vendor, decide,
};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;

use super::crash_point::CrashWatch;
use super::turns::{HeldTurn, Turns};

/// How long to wait before a journal that failed is tried again: first, and at most.
const FIRST_RETRY: Duration = Duration::from_millis(100);
const LONGEST_RETRY: Duration = Duration::from_secs(1);

/// How long to wait before a turn that another gateway's operation holds is asked for again: first,
/// and at most.
const FIRST_TURN_RETRY: Duration = Duration::from_millis(10);
const LONGEST_TURN_RETRY: Duration = Duration::from_millis(100);

/// What became of a commit.
#[derive(Debug)]
pub enum Committed {
    /// There was nothing to commit.
    Nothing,
    /// It is durable.
    All,
    /// Another service holds this; nothing was committed.
    Refused(Claim),
    /// The operation is another gateway's, or the gateway stops; nothing was committed.
    Never,
}

/// What the work on every operation shares.
pub struct Workshop {
    pub store: Arc<dyn Store>,
    pub vendor: Arc<dyn Vendor>,
    pub clock: Arc<dyn Clock>,
    pub turns: Turns,
    pub crash_watch: CrashWatch,
}

/// Whether what is decided goes into the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recording {
    /// It does.
    Journaled,
    /// It does not: nothing changes at the vendor (a connection test, a sign-on link).
    Unrecorded,
}

impl Workshop {
    /// Works on an operation until it ends (`true`), or until the gateway stops (`false`): then the
    /// journal has it, and the next start goes on.
    pub async fn work(
        &self,
        definition: &Definition,
        provider: &Provider,
        run: &mut Run,
        recording: Recording,
        mut stopping: watch::Receiver<bool>,
    ) -> bool {
        let mut turn: Option<HeldTurn> = None;
        let mut event = Event::Start;
        loop {
            let (now, decided_at) = (self.clock.now(), Instant::now());
            let decision = decide(definition, run, event, now);
            let commit = decision
                .commit
                .filter(|_| recording == Recording::Journaled);
            let settles = match (&decision.action, &mut turn) {
                (Action::Send { .. }, Some(held)) if makes_what_services_share(definition, run) => {
                    held.settles_for(definition.service.settle);
                    Some(held.key().to_owned())
                }
                _ => None,
            };
            if commit.is_some() {
                self.reach(run, "committing");
            }
            let mut settling_stops = stopping.clone();
            // Both at once: the journal brings them to the disk together.
            let (is_settling, committed) = tokio::join!(
                self.settle_turn(
                    run.operation.id,
                    settles,
                    definition.service.settle,
                    &mut settling_stops
                ),
                self.commit(commit, &mut stopping)
            );
            if !is_settling {
                return false;
            }
            match committed {
                Committed::Nothing => {}
                Committed::All => self.reach(run, "committed"),
                Committed::Refused(claim) => {
                    drop(turn.take());
                    match self
                        .begin_again(definition, run, claim, &mut stopping)
                        .await
                    {
                        Some(()) => event = Event::Start,
                        None => return false,
                    }
                    continue;
                }
                Committed::Never => return false,
            }
            event = match decision.action {
                Action::TakeTurn(key) => {
                    give_back(turn.take());
                    let key = format!("{}/{}/{key}", provider.id, definition.service.name);
                    let taken = match recording {
                        Recording::Journaled => {
                            self.take_turn(run.operation.id, key, &mut stopping).await
                        }
                        Recording::Unrecorded => Some(self.turns.take(key).await),
                    };
                    let Some(taken) = taken else {
                        return false;
                    };
                    turn = Some(taken);
                    self.reach(run, "turn");
                    Event::TurnTaken
                }
                Action::Send { request, timeout } => {
                    let reply = self
                        .exchange(definition, provider, run, &request, timeout)
                        .await;
                    Event::Replied(reply)
                }
                Action::Wait(until) => {
                    self.reach(run, "waiting");
                    tokio::select! {
                        // Counted from the decision, whatever the clock is set to meanwhile.
                        () = tokio::time::sleep_until(decided_at + between(now, until)) => {}
                        _ = stopping.wait_for(|stopping| *stopping) => return false,
                    }
                    Event::WaitOver
                }
                Action::LookUp(identities) => {
                    self.reach(run, "looking_up");
                    match self
                        .holders(definition, provider, &identities, &mut stopping)
                        .await
                    {
                        Some(holders) => Event::Holders(holders),
                        None => return false,
                    }
                }
                Action::End => {
                    let kind = run.operation.kind;
                    self.crash_watch.reach(|| format!("{kind}.ended"));
                    give_back(turn.take());
                    return true;
                }
            };
        }
    }

    /// One exchange with the vendor, and the points around it at which a test may stand still.
    async fn exchange(
        &self,
        definition: &Definition,
        provider: &Provider,
        run: &Run,
        request: &Request,
        timeout: Duration,
    ) -> Reply {
        let under_way = run.exchange_under_way();
        self.until_lease_is_held().await;
        self.reach_exchange(run, "intended");
        let api = provider.api.as_deref();
        let started = std::time::Instant::now();
        let reply = self.vendor.send(definition, api, request, timeout).await;
        if let Some((step, purpose)) = under_way {
            let labels = [
                ("definition", definition.service.name.clone()),
                ("step", step.to_owned()),
                ("purpose", purpose.to_owned()),
            ];
            metrics::histogram!("causeway_vendor_exchange_seconds", &labels)
                .record(started.elapsed().as_secs_f64());
            tracing::debug!(step, purpose, "exchange with the vendor");
        }
        self.reach_exchange(run, "answered");
        reply
    }

    /// Others may have taken over what a gateway without a lease works on: it sends nothing until it
    /// holds one again, or is told that it has lost its operations.
    async fn until_lease_is_held(&self) {
        while !self.store.holds_lease() {
            tokio::time::sleep(FIRST_RETRY).await;
        }
    }

    fn reach(&self, run: &Run, moment: &str) {
        let kind = run.operation.kind;
        self.crash_watch
            .reach(|| format!("{kind}.{}.{moment}", run.step_name()));
    }

    fn reach_exchange(&self, run: &Run, moment: &str) {
        if let Some((step, purpose)) = run.exchange_under_way() {
            let kind = run.operation.kind;
            self.crash_watch
                .reach(|| format!("{kind}.{step}.{purpose}.{moment}"));
        }
    }

    /// Commits, however long the journal is away: what is not recorded is not done.
    pub async fn commit(
        &self,
        commit: Option<Commit>,
        stopping: &mut watch::Receiver<bool>,
    ) -> Committed {
        let Some(commit) = commit else {
            return Committed::Nothing;
        };
        let mut retry = FIRST_RETRY;
        loop {
            match self.store.commit(commit.clone()).await {
                Ok(()) => return Committed::All,
                Err(error @ (StoreError::NotOpen(_) | StoreError::TakenOver(_))) => {
                    tracing::error!(%error, "somebody else has this operation; leaving it");
                    return Committed::Never;
                }
                Err(StoreError::HeldByAnother(claim)) => return Committed::Refused(claim),
                Err(error) => {
                    tracing::error!(%error, "the journal refused a commit; trying again");
                    if !pause(&mut retry, stopping).await {
                        return Committed::Never;
                    }
                }
            }
        }
    }

    /// Takes the turn within this gateway and among all; `None` when the gateway stops meanwhile, or
    /// the operation is another gateway's.
    ///
    /// Whoever waits for another gateway's operation gives its turn here back meanwhile: this gateway
    /// may take that operation over, which would then wait for the one that waits for it.
    async fn take_turn(
        &self,
        operation: OperationId,
        key: String,
        stopping: &mut watch::Receiver<bool>,
    ) -> Option<HeldTurn> {
        let mut retry = FIRST_TURN_RETRY;
        loop {
            let turn = self.turns.take(key.clone()).await;
            match self.store.take_turn(operation, &key).await {
                Ok(true) => return Some(turn),
                Ok(false) => {}
                Err(error @ (StoreError::NotOpen(_) | StoreError::TakenOver(_))) => {
                    tracing::error!(%error, "somebody else has this operation; leaving it");
                    return None;
                }
                Err(error) => {
                    tracing::error!(%error, "the journal gave no turn; trying again");
                }
            }
            drop(turn);
            if !pause(&mut retry, stopping).await {
                return None;
            }
            retry = retry.min(LONGEST_TURN_RETRY);
        }
    }

    /// Has the turn given to another operation only so long after it was given back; `false` when the
    /// gateway stops meanwhile, or the operation is another gateway's.
    async fn settle_turn(
        &self,
        operation: OperationId,
        key: Option<String>,
        settle: Duration,
        stopping: &mut watch::Receiver<bool>,
    ) -> bool {
        let Some(key) = key else {
            return true;
        };
        let mut retry = FIRST_RETRY;
        loop {
            match self.store.settle_turn(operation, &key, settle).await {
                Ok(()) => return true,
                Err(error @ (StoreError::NotOpen(_) | StoreError::TakenOver(_))) => {
                    tracing::error!(%error, "somebody else has this operation; leaving it");
                    return false;
                }
                Err(error) => {
                    tracing::error!(%error, "the journal kept no turn; trying again");
                    if !pause(&mut retry, stopping).await {
                        return false;
                    }
                }
            }
        }
    }

    /// Another service holds what this commit would have claimed, and nothing of it was committed:
    /// the operation goes on from what the journal has, as after a crash.
    async fn begin_again(
        &self,
        definition: &Definition,
        run: &mut Run,
        refused: Claim,
        stopping: &mut watch::Receiver<bool>,
    ) -> Option<()> {
        let id = run.operation.id;
        tracing::warn!(claim = ?refused, "another service holds what this one claims; looking again");
        let mut retry = FIRST_RETRY;
        loop {
            match self.recorded(id).await {
                Ok(Some((operation, service))) => {
                    run.begin_again(definition, operation, service, refused);
                    return Some(());
                }
                Ok(None) => return None,
                Err(error) => {
                    tracing::error!(%error, "the journal could not be asked; trying again");
                    if !pause(&mut retry, stopping).await {
                        return None;
                    }
                }
            }
        }
    }

    async fn recorded(
        &self,
        id: OperationId,
    ) -> Result<Option<(Operation, ServiceRecord)>, StoreError> {
        let Some(operation) = self.store.operation(id).await? else {
            return Ok(None);
        };
        let service = self.store.service(&operation.service).await?;
        let service = service.unwrap_or_else(|| ServiceRecord::unknown(operation.service.clone()));
        Ok(Some((operation, service)))
    }

    async fn holders(
        &self,
        definition: &Definition,
        provider: &Provider,
        identities: &[Identity],
        stopping: &mut watch::Receiver<bool>,
    ) -> Option<Vec<Option<Holder>>> {
        let mut retry = FIRST_RETRY;
        loop {
            let name = &definition.service.name;
            match self.store.holders(provider.id, name, identities).await {
                Ok(holders) => return Some(holders),
                Err(error) => {
                    tracing::error!(%error, "the journal could not be asked; trying again");
                    if !pause(&mut retry, stopping).await {
                        return None;
                    }
                }
            }
        }
    }
}

/// A list may not show at once what was just made: whoever shares it looks only when it does.
fn makes_what_services_share(definition: &Definition, run: &Run) -> bool {
    run.exchange_under_way().is_some_and(|(step, purpose)| {
        let resource = definition.resources.get(step);
        purpose == "create" && resource.is_some_and(Resource::is_shared)
    })
}

fn between(now: Timestamp, until: Timestamp) -> Duration {
    Duration::try_from(until.duration_since(now)).unwrap_or_default()
}

fn give_back(turn: Option<HeldTurn>) {
    if let Some(turn) = turn {
        turn.give_back();
    }
}

/// Waits before another try; `false` when the gateway stops meanwhile.
async fn pause(retry: &mut Duration, stopping: &mut watch::Receiver<bool>) -> bool {
    let wait = *retry;
    *retry = (wait * 2).min(LONGEST_RETRY);
    tokio::select! {
        () = tokio::time::sleep(wait) => true,
        _ = stopping.wait_for(|stopping| *stopping) => false,
    }
}
