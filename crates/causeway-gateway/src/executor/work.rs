//! The work on one operation: do what the engine decides, until it ends.

use std::sync::Arc;
use std::time::Duration;

use causeway_definition::{Definition, Request};
use causeway_engine::{
    Action, Clock, Commit, Event, Holder, Identity, Provider, Reply, Run, Store, StoreError,
    Vendor, decide,
};
use jiff::Timestamp;
use tokio::sync::watch;

use super::crash_point::CrashPoint;
use super::turns::Turns;

/// How long to wait before a journal that failed is tried again: first, and at most.
const FIRST_RETRY: Duration = Duration::from_millis(100);
const LONGEST_RETRY: Duration = Duration::from_secs(5);

/// What the work on every operation shares.
pub struct Workshop {
    pub store: Arc<dyn Store>,
    pub vendor: Arc<dyn Vendor>,
    pub clock: Arc<dyn Clock>,
    pub turns: Turns,
    pub crash_point: CrashPoint,
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
        let mut turn = None;
        let mut event = Event::Start;
        loop {
            let decision = decide(definition, run, event, self.clock.now());
            let commit = decision
                .commit
                .filter(|_| recording == Recording::Journaled);
            if !self.commit(commit, &mut stopping).await {
                return false;
            }
            event = match decision.action {
                Action::TakeTurn(key) => {
                    drop(turn.take());
                    let key = format!("{}/{}/{key}", provider.id, definition.service.name);
                    turn = Some(self.turns.take(key).await);
                    Event::TurnTaken
                }
                Action::Send { request, timeout } => {
                    let reply = self
                        .exchange(definition, provider, run, &request, timeout)
                        .await;
                    Event::Replied(reply)
                }
                Action::Wait(until) => {
                    tokio::select! {
                        () = tokio::time::sleep(self.time_until(until)) => {}
                        _ = stopping.wait_for(|stopping| *stopping) => return false,
                    }
                    Event::WaitOver
                }
                Action::LookUp(identities) => {
                    match self
                        .holders(definition, provider, &identities, &mut stopping)
                        .await
                    {
                        Some(holders) => Event::Holders(holders),
                        None => return false,
                    }
                }
                Action::End => return true,
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
        let kind = run.operation.kind.name();
        let under_way = run.exchange_under_way();
        self.crash_point.reach(kind, under_way, "intended").await;
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
        self.crash_point.reach(kind, under_way, "answered").await;
        reply
    }

    fn time_until(&self, until: Timestamp) -> Duration {
        Duration::try_from(until.duration_since(self.clock.now())).unwrap_or_default()
    }

    /// Commits, however long the journal is away: what is not recorded is not done.
    async fn commit(&self, commit: Option<Commit>, stopping: &mut watch::Receiver<bool>) -> bool {
        let Some(commit) = commit else { return true };
        let mut retry = FIRST_RETRY;
        loop {
            match self.store.commit(commit.clone()).await {
                Ok(()) => return true,
                Err(error @ StoreError::NotOpen(_)) => {
                    tracing::error!(%error, "somebody else ended this operation; leaving it");
                    return false;
                }
                Err(error) => {
                    tracing::error!(%error, "the journal refused a commit; trying again");
                    if !pause(&mut retry, stopping).await {
                        return false;
                    }
                }
            }
        }
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

/// Waits before another try; `false` when the gateway stops meanwhile.
async fn pause(retry: &mut Duration, stopping: &mut watch::Receiver<bool>) -> bool {
    let wait = *retry;
    *retry = (wait * 2).min(LONGEST_RETRY);
    tokio::select! {
        () = tokio::time::sleep(wait) => true,
        _ = stopping.wait_for(|stopping| *stopping) => false,
    }
}
