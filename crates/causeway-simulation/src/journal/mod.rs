//! A journal in memory, with the semantics of the real ones: what was committed is there after a
//! crash, and nothing else; a verb happens wholly or not at all.

mod claims;
mod leases;
mod turns;

use std::collections::BTreeMap;
use std::time::Duration;

use causeway_engine::{
    Acceptance, Commit, Ending, Exchange, Input, NewOperation, Operation, OperationId, Resolution,
    Resolve, ServiceKey, ServiceRecord, Standing, StoreError, Unfinished,
};

use crate::history::JournalKind;
use crate::sabotage::Sabotage;

use self::claims::Claims;
use self::leases::Leases;
pub use self::leases::{LEASE, LeaseNumber, MARGIN};
use self::turns::Turns;

/// An operation, and which gateway it is of.
struct Entry {
    operation: Operation,
    owner: LeaseNumber,
}

/// The journal of one provider's services of one definition.
pub struct Journal {
    kind: JournalKind,
    sabotage: Option<Sabotage>,
    operations: BTreeMap<OperationId, Entry>,
    /// Each service's last operation; only that one can be open.
    latest: BTreeMap<String, OperationId>,
    services: BTreeMap<String, ServiceRecord>,
    exchanges: BTreeMap<(OperationId, u32), Exchange>,
    claims: Claims,
    leases: Leases,
    turns: Turns,
}

impl Journal {
    pub fn new(kind: JournalKind, sabotage: Option<Sabotage>) -> Self {
        Self {
            kind,
            sabotage,
            operations: BTreeMap::new(),
            latest: BTreeMap::new(),
            services: BTreeMap::new(),
            exchanges: BTreeMap::new(),
            claims: Claims::default(),
            leases: Leases::default(),
            turns: Turns::default(),
        }
    }

    /// Takes a call. A gateway that is taken for dead is given none: it may have stood still with the
    /// call in its hands for so long that its caller has given up and called for something else.
    pub fn accept(
        &mut self,
        owner: LeaseNumber,
        new: NewOperation,
    ) -> Result<Acceptance, StoreError> {
        if self.kind == JournalKind::Postgres && !self.leases.goes_on(owner) {
            let why = "the lease of this gateway has ended".to_owned();
            return Err(StoreError::Unavailable(why));
        }
        Ok(self.accept_from_living(owner, new))
    }

    fn accept_from_living(&mut self, owner: LeaseNumber, new: NewOperation) -> Acceptance {
        let reference = new.service.reference.clone();
        if let Some(id) = self.latest.get(&reference)
            && let Some(Entry {
                operation: latest, ..
            }) = self.operations.get_mut(id)
        {
            let same = latest.kind == new.kind && latest.fingerprint == new.fingerprint;
            match &latest.standing {
                Standing::Open if same => {
                    // Whoever joins is told the result, and nobody is owed it a second time.
                    latest.owed = false;
                    return Acceptance::Joined(latest.id);
                }
                Standing::Open => {
                    return Acceptance::Busy {
                        id: latest.id,
                        kind: latest.kind,
                    };
                }
                Standing::Ended(_) if !latest.owed => {}
                Standing::Ended(ending) => {
                    let tells = same && matches!(ending, Ending::Succeeded { .. });
                    latest.owed = false;
                    if tells {
                        return Acceptance::Owed(Box::new(latest.clone()));
                    }
                }
            }
        }
        let operation = Operation {
            id: new.id,
            service: new.service,
            kind: new.kind,
            fingerprint: new.fingerprint,
            input: new.input,
            accepted_at: new.accepted_at,
            standing: Standing::Open,
            ended_at: None,
            steps_done: 0,
            owed: false,
        };
        let service = self
            .services
            .entry(reference.clone())
            .or_insert_with(|| ServiceRecord::unknown(operation.service.clone()))
            .clone();
        self.latest.insert(reference, operation.id);
        let entry = Entry {
            operation: operation.clone(),
            owner,
        };
        self.operations.insert(operation.id, entry);
        Acceptance::Begun {
            operation: Box::new(operation),
            service: Box::new(service),
        }
    }

    pub fn commit(
        &mut self,
        owner: LeaseNumber,
        commit: Commit,
        now: Duration,
    ) -> Result<(), StoreError> {
        let id = commit.operation;
        let entry = self.operations.get_mut(&id);
        let entry = entry.ok_or(StoreError::NotOpen(id))?;
        if entry.operation.standing != Standing::Open {
            // The same commit once more: it was done, and the answer was lost.
            let is_repeated = entry.owner == owner && entry.operation.standing == commit.standing;
            return is_repeated.then_some(()).ok_or(StoreError::NotOpen(id));
        }
        let is_stale = self.kind == JournalKind::Postgres && entry.owner != owner;
        if is_stale && self.sabotage != Some(Sabotage::StaleGatewayCommits) {
            return Err(StoreError::TakenOver(id));
        }
        let reference = &entry.operation.service.reference;
        let before = self.services.get(reference);
        let own = commit.service.as_ref().or(before);
        let generation = own.map_or(1, |service| service.generation);
        if self.sabotage != Some(Sabotage::AdoptionNotExclusive) {
            for claim in &commit.claims {
                self.claims
                    .check(&self.services, reference, generation, claim)?;
            }
        }
        for claim in commit.claims {
            self.claims.give(reference, generation, claim.identity);
        }
        if let Some(service) = commit.service {
            self.services.insert(reference.clone(), service);
        }
        let has_ended = matches!(commit.standing, Standing::Ended(_));
        entry.operation.standing = commit.standing;
        entry.operation.steps_done = commit.steps_done;
        if has_ended {
            entry.operation.ended_at = Some(commit.at);
            entry.operation.input = Input::default();
            self.turns.end(id, now);
        }
        for exchange in commit.exchanges {
            self.exchanges.insert((id, exchange.number), exchange);
        }
        Ok(())
    }

    pub fn set_owed(&mut self, id: OperationId, owed: bool) -> Result<(), StoreError> {
        let entry = self.operations.get_mut(&id);
        let entry = entry.ok_or(StoreError::NotOpen(id))?;
        entry.operation.owed = owed;
        Ok(())
    }

    pub fn resolve(&mut self, resolve: Resolve) -> Result<(), StoreError> {
        let id = resolve.operation;
        let not_resolvable = || StoreError::NotResolvable(format!("{id} waits for no decision"));
        let entry = self.operations.get_mut(&id).ok_or_else(not_resolvable)?;
        let reference = entry.operation.service.reference.clone();
        let waits = matches!(
            entry.operation.standing,
            Standing::Ended(Ending::NeedsAttention { .. })
        );
        if !waits || self.latest.get(&reference) != Some(&id) {
            return Err(not_resolvable());
        }
        entry.operation.standing = Standing::Ended(Ending::Failed {
            message: resolve.message,
        });
        entry.operation.owed = resolve.resolution != Resolution::Abandon;
        if let (Some(step), Some(service)) = (resolve.step, self.services.get_mut(&reference)) {
            service.resolutions.insert(step, resolve.resolution);
        }
        Ok(())
    }

    pub fn take_over(&mut self, owner: LeaseNumber, now: Duration) -> Vec<Unfinished> {
        let Self {
            kind,
            operations,
            services,
            exchanges,
            leases,
            ..
        } = self;
        let is_alone = *kind == JournalKind::Sqlite;
        leases.end_expired(owner, now);
        let mut ids = Vec::new();
        for (id, entry) in operations.iter_mut() {
            let is_left = entry.owner != owner && (is_alone || !leases.goes_on(entry.owner));
            if entry.operation.standing == Standing::Open && is_left {
                entry.owner = owner;
                ids.push(*id);
            }
        }
        ids.into_iter()
            .filter_map(|id| {
                let operation = operations.get(&id)?.operation.clone();
                let service = services.get(&operation.service.reference)?.clone();
                let so_far = exchanges.range((id, 0)..=(id, u32::MAX)).count();
                Some(Unfinished {
                    operation,
                    service,
                    exchanges: u32::try_from(so_far).unwrap_or(u32::MAX),
                })
            })
            .collect()
    }

    pub fn take_turn(
        &mut self,
        owner: LeaseNumber,
        id: OperationId,
        key: &str,
        now: Duration,
    ) -> Result<bool, StoreError> {
        self.check_owner(owner, id)?;
        Ok(self.turns.take(id, key, now))
    }

    /// Has the turn that an operation holds given to another one only so long after it was given back.
    pub fn settle_turn(
        &mut self,
        owner: LeaseNumber,
        id: OperationId,
        key: &str,
        settle: Duration,
    ) -> Result<(), StoreError> {
        self.check_owner(owner, id)?;
        self.turns.settle(id, key, settle);
        Ok(())
    }

    fn check_owner(&self, owner: LeaseNumber, id: OperationId) -> Result<(), StoreError> {
        let is_own = |entry: &Entry| {
            let stands = entry.operation.standing == Standing::Open && entry.owner == owner;
            stands || self.sabotage == Some(Sabotage::StaleGatewayCommits)
        };
        if self.operations.get(&id).is_some_and(is_own) {
            Ok(())
        } else {
            Err(StoreError::TakenOver(id))
        }
    }

    pub fn operation(&self, id: OperationId) -> Option<&Operation> {
        self.operations.get(&id).map(|entry| &entry.operation)
    }

    /// What is known of a service.
    pub fn service(&self, key: &ServiceKey) -> Option<&ServiceRecord> {
        self.record(&key.reference).filter(|record| record.known)
    }

    /// The record of a service, also of one that nothing is known of yet.
    pub fn record(&self, reference: &str) -> Option<&ServiceRecord> {
        self.services.get(reference)
    }

    /// The last operation of a service.
    pub fn latest(&self, reference: &str) -> Option<&Operation> {
        self.operation(*self.latest.get(reference)?)
    }

    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.values().map(|entry| &entry.operation)
    }

    pub fn has_open(&self) -> bool {
        self.latest
            .values()
            .filter_map(|id| self.operation(*id))
            .any(|operation| operation.standing == Standing::Open)
    }

    pub fn exchanges(&self) -> impl Iterator<Item = (&OperationId, &Exchange)> {
        self.exchanges
            .iter()
            .map(|((id, _), exchange)| (id, exchange))
    }

    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    pub fn leases(&mut self) -> &mut Leases {
        &mut self.leases
    }
}
