//! The journal as a gateway reaches it: every verb takes its time, and its answer can be lost.
//!
//! Not played: that the answer to *accept* or *take over* is lost after it was done. The store knows
//! what its gateway works on, and gives it at the next look what is its own without its knowledge.

use std::time::Duration;

use causeway_engine::{
    Acceptance, Commit, Holder, Identity, Lease, NewOperation, Operation, OperationId,
    ServiceRecord, StoreError, Unfinished,
};

use super::Gateway;
use crate::history::JournalKind;
use crate::journal::{Journal, LEASE, LeaseNumber, MARGIN};
use crate::met::Situation;

impl Gateway<'_> {
    async fn verb<T>(
        &self,
        work: impl FnOnce(&mut Journal, LeaseNumber) -> T,
    ) -> Result<T, StoreError> {
        let world = &self.world;
        world.runtime.sleep(world.journal_latency()).await;
        world.reach_journal()?;
        let no_lease = || StoreError::Unavailable("this gateway has no lease".to_owned());
        let lease = self.lease.get().ok_or_else(no_lease)?;
        let result = work(&mut world.journal.borrow_mut(), lease);
        world.runtime.sleep(world.journal_latency()).await;
        Ok(result)
    }

    pub(super) async fn accept(&self, new: NewOperation) -> Result<Acceptance, StoreError> {
        self.verb(|journal, lease| journal.accept(lease, new))
            .await?
    }

    pub(super) async fn store_commit(&self, commit: Commit) -> Result<(), StoreError> {
        let result = self
            .verb(|journal, lease| journal.commit(lease, commit, self.world.runtime.now()))
            .await?;
        if let Err(StoreError::TakenOver(_)) = result {
            self.world.meet(Situation::CommitByStaleGateway);
        }
        self.answer_comes()?;
        result
    }

    /// A database that goes away takes answers with it: it was done, and nobody knows.
    fn answer_comes(&self) -> Result<(), StoreError> {
        self.world
            .reach_journal()
            .inspect_err(|_| self.world.meet(Situation::CommitWithoutAnswer))
    }

    pub(super) async fn set_owed(&self, id: OperationId, owed: bool) -> Result<(), StoreError> {
        self.verb(|journal, _| journal.set_owed(id, owed)).await?
    }

    pub(super) async fn take_over(&self) -> Result<Vec<Unfinished>, StoreError> {
        let now = self.world.runtime.now();
        self.verb(|journal, lease| journal.take_over(lease, now))
            .await
    }

    /// Proves that this gateway lives. It counts from before the journal was asked, and so never holds
    /// its lease for longer than the journal says.
    pub(super) async fn renew_lease(&self) -> Result<Lease, StoreError> {
        let world = &self.world;
        let asked_at = world.runtime.now();
        world.runtime.sleep(world.journal_latency()).await;
        world.reach_journal()?;
        let now = world.runtime.now();
        let kept = {
            let mut journal = world.journal.borrow_mut();
            match self.lease.get() {
                Some(lease) => journal.leases().renew(lease, now),
                None => {
                    self.lease.set(Some(journal.leases().new_lease(now)));
                    true
                }
            }
        };
        world.runtime.sleep(world.journal_latency()).await;
        if !kept {
            self.lease.set(None);
            self.lease_held_until.set(Duration::ZERO);
            return Ok(Lease::Lost);
        }
        self.lease_held_until.set(asked_at + LEASE - MARGIN);
        Ok(Lease::Kept)
    }

    pub(super) fn holds_lease(&self) -> bool {
        self.world.surroundings.journal == JournalKind::Sqlite
            || self.world.runtime.now() < self.lease_held_until.get()
    }

    pub(super) async fn store_take_turn(
        &self,
        id: OperationId,
        key: &str,
    ) -> Result<bool, StoreError> {
        if self.world.surroundings.journal == JournalKind::Sqlite {
            return Ok(true);
        }
        let runtime = &self.world.runtime;
        self.verb(|journal, lease| journal.take_turn(lease, id, key, runtime.now()))
            .await?
    }

    pub(super) async fn store_settle_turn(
        &self,
        id: OperationId,
        key: &str,
        settle: Duration,
    ) -> Result<(), StoreError> {
        if self.world.surroundings.journal == JournalKind::Sqlite {
            return Ok(());
        }
        self.verb(|journal, lease| journal.settle_turn(lease, id, key, settle))
            .await?
    }

    pub(super) async fn operation(&self, id: OperationId) -> Result<Option<Operation>, StoreError> {
        self.verb(|journal, _| journal.operation(id).cloned()).await
    }

    pub(super) async fn service(
        &self,
        reference: &str,
    ) -> Result<Option<ServiceRecord>, StoreError> {
        let key = self.world.key(reference);
        self.verb(|journal, _| journal.service(&key).cloned()).await
    }

    pub(super) async fn store_holders(
        &self,
        identities: &[Identity],
    ) -> Result<Vec<Option<Holder>>, StoreError> {
        self.verb(|journal, _| journal.claims().holders(identities))
            .await
    }
}
