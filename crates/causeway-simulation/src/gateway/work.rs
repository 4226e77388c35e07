//! The work on one operation: do what the engine decides, until it ends.

use std::rc::Rc;
use std::time::Duration;

use causeway_definition::{Definition, Resource};
use causeway_engine::{
    Action, Claim, Commit, Event, Holder, Identity, OperationId, Outcome, Run, ServiceRecord,
    Standing, StoreError, decide,
};

use super::Gateway;
use super::turns::HeldTurn;
use crate::met::Situation;
use crate::sabotage::Sabotage;

const FIRST_RETRY: Duration = Duration::from_millis(100);
const LONGEST_RETRY: Duration = Duration::from_secs(5);
const FIRST_TURN_RETRY: Duration = Duration::from_millis(10);
const LONGEST_TURN_RETRY: Duration = Duration::from_millis(100);

/// What became of a commit.
enum Committed {
    Done,
    Refused(Claim),
    Never,
}

/// What became of waiting for a turn.
enum Taken<'w> {
    /// It is held; there is none where turns are always given.
    Turn(Option<HeldTurn<'w>>),
    /// The operation is another gateway's.
    Never,
}

impl<'w> Gateway<'w> {
    /// Works on an operation until it ends (`true`), or is another gateway's (`false`).
    pub(super) async fn work(self: &Rc<Self>, run: &mut Run) -> bool {
        let world = Rc::clone(&self.world);
        let mut turn: Option<HeldTurn<'w>> = None;
        let mut event = Event::Start;
        loop {
            let (now, decided_at) = (self.time(), world.runtime.now());
            let decision = decide(world.definition, run, event, now);
            if let (Action::Send { .. }, Some(held)) = (&decision.action, &mut turn)
                && makes_what_services_share(world.definition, run)
            {
                held.settles_for(world.definition.service.settle);
                if !self.settle_turn(run.operation.id, held.key()).await {
                    return false;
                }
            }
            let mut sent = None;
            if world.sabotage == Some(Sabotage::SendsBeforeIntent)
                && let Action::Send { request, timeout } = &decision.action
            {
                sent = Some(self.exchange(run, request, *timeout).await);
            }
            match self.commit(decision.commit).await {
                Committed::Done => {}
                Committed::Refused(claim) => {
                    world.meet(Situation::ClaimRefused);
                    self.tell(|| format!("{claim:?} is refused"));
                    drop(turn.take());
                    match self.begin_again(run, claim).await {
                        Some(()) => event = Event::Start,
                        None => return false,
                    }
                    continue;
                }
                Committed::Never => return false,
            }
            event = match decision.action {
                Action::TakeTurn(key) => {
                    self.give_back(turn.take());
                    match self.take_turn(run.operation.id, key).await {
                        Taken::Turn(taken) => turn = taken,
                        Taken::Never => return false,
                    }
                    Event::TurnTaken
                }
                Action::Send { request, timeout } => Event::Replied(match sent {
                    Some(reply) => reply,
                    None => self.exchange(run, &request, timeout).await,
                }),
                Action::Wait(until) => {
                    // Counted from the decision, whatever the clock is set to meanwhile.
                    let wait = Duration::try_from(until.duration_since(now));
                    let until = decided_at + wait.unwrap_or_default();
                    let left = until.saturating_sub(world.runtime.now());
                    world.runtime.sleep(left).await;
                    Event::WaitOver
                }
                Action::LookUp(identities) => Event::Holders(self.holders(&identities).await),
                Action::End => {
                    self.give_back(turn.take());
                    return true;
                }
            };
        }
    }

    fn give_back(&self, turn: Option<HeldTurn<'w>>) {
        if let Some(turn) = turn {
            turn.give_back(self.process);
        }
    }

    /// Commits, however long the journal is away: what is not recorded is not done.
    async fn commit(&self, commit: Option<Commit>) -> Committed {
        let Some(mut commit) = commit else {
            return Committed::Done;
        };
        if self.world.sabotage == Some(Sabotage::OutcomeBeforeProperties)
            && commit.service.is_some()
            && commit.exchanges.iter().any(is_over)
        {
            let outcome = Commit {
                standing: Standing::Open,
                service: None,
                claims: Vec::new(),
                ..commit.clone()
            };
            if !matches!(self.commit_all(outcome).await, Committed::Done) {
                return Committed::Never;
            }
            commit.exchanges.clear();
        }
        self.commit_all(commit).await
    }

    async fn commit_all(&self, commit: Commit) -> Committed {
        let adopts = commit
            .claims
            .iter()
            .any(|claim| claim.origin == causeway_engine::Origin::Adopted);
        let mut retry = FIRST_RETRY;
        loop {
            match self.store_commit(commit.clone()).await {
                Ok(()) => {
                    if adopts {
                        self.world.meet(Situation::ItemAdopted);
                    }
                    return Committed::Done;
                }
                Err(error @ (StoreError::NotOpen(_) | StoreError::TakenOver(_))) => {
                    self.tell(|| error.to_string());
                    return Committed::Never;
                }
                Err(StoreError::HeldByAnother(claim)) => return Committed::Refused(claim),
                Err(_) => self.pause(&mut retry).await,
            }
        }
    }

    /// Takes the turn within this gateway and among all. Whoever waits for another gateway's operation
    /// gives its turn here back meanwhile: that operation may be taken over by this gateway, and
    /// would wait for it behind the one that waits for it.
    async fn take_turn(&self, id: OperationId, key: String) -> Taken<'w> {
        if self.world.sabotage == Some(Sabotage::NoTurns) {
            return Taken::Turn(None);
        }
        let mut retry = FIRST_TURN_RETRY;
        loop {
            if self.turns.is_held(&key) {
                self.world.meet(Situation::TurnAwaited);
            }
            let turn = self.turns.take(key.clone()).await;
            match self.store_take_turn(id, &key).await {
                Ok(true) => return Taken::Turn(Some(turn)),
                Err(StoreError::NotOpen(_) | StoreError::TakenOver(_)) => return Taken::Never,
                Ok(false) | Err(_) => {}
            }
            drop(turn);
            self.world.meet(Situation::TurnAwaitedAmongNodes);
            self.pause(&mut retry).await;
            retry = retry.min(LONGEST_TURN_RETRY);
        }
    }

    /// Has the turn given to another operation only so long after it was given back; `false` when the
    /// operation is another gateway's.
    async fn settle_turn(&self, id: OperationId, key: &str) -> bool {
        let settle = self.world.definition.service.settle;
        let mut retry = FIRST_RETRY;
        loop {
            match self.store_settle_turn(id, key, settle).await {
                Ok(()) => return true,
                Err(StoreError::NotOpen(_) | StoreError::TakenOver(_)) => return false,
                Err(_) => self.pause(&mut retry).await,
            }
        }
    }

    /// Another service holds what this commit would have claimed, and nothing of it was committed:
    /// the operation goes on from what the journal has, as after a crash.
    async fn begin_again(&self, run: &mut Run, refused: Claim) -> Option<()> {
        let id = run.operation.id;
        let mut retry = FIRST_RETRY;
        loop {
            match self.recorded(id).await {
                Ok(recorded) => {
                    let (operation, service) = recorded?;
                    run.begin_again(self.world.definition, operation, service, refused);
                    return Some(());
                }
                Err(_) => self.pause(&mut retry).await,
            }
        }
    }

    async fn recorded(
        &self,
        id: OperationId,
    ) -> Result<Option<(causeway_engine::Operation, ServiceRecord)>, StoreError> {
        let Some(operation) = self.operation(id).await? else {
            return Ok(None);
        };
        let service = self.service(&operation.service.reference).await?;
        let service = service.unwrap_or_else(|| ServiceRecord::unknown(operation.service.clone()));
        Ok(Some((operation, service)))
    }

    async fn holders(&self, identities: &[Identity]) -> Vec<Option<Holder>> {
        let mut retry = FIRST_RETRY;
        loop {
            match self.store_holders(identities).await {
                Ok(holders) => return holders,
                Err(_) => self.pause(&mut retry).await,
            }
        }
    }

    /// Waits before another try.
    async fn pause(&self, retry: &mut Duration) {
        let wait = *retry;
        *retry = (wait * 2).min(LONGEST_RETRY);
        self.world.runtime.sleep(wait).await;
    }

    /// Others may have taken over what a gateway without a lease works on: it sends nothing until it
    /// holds one again, or is told that it has lost its operations.
    pub(super) async fn until_lease_is_held(&self) {
        if self.world.sabotage == Some(Sabotage::LeaseNotChecked) {
            return;
        }
        while !self.holds_lease() {
            self.world.meet(Situation::LeaseAwaited);
            self.world.runtime.sleep(FIRST_RETRY).await;
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

fn is_over(exchange: &causeway_engine::Exchange) -> bool {
    exchange.outcome != Outcome::Intended
}
