//! Operations that nobody works on are taken up again.

use std::rc::Rc;
use std::time::Duration;

use causeway_engine::{Ending, Lease, Run, Standing, StoreError, Unfinished};

use super::Gateway;
use crate::history::JournalKind;
use crate::met::Situation;
use crate::sabotage::Sabotage;

/// How often a gateway proves that it lives, and looks for operations of those that no longer do.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

impl<'w> Gateway<'w> {
    pub(super) async fn keep_resuming(self: Rc<Self>) {
        while self.look().await.is_err() {
            self.world.runtime.sleep(BETWEEN_LOOKS).await;
        }
        // A journal that only one gateway can open has nothing more to give.
        if self.world.surroundings.journal == JournalKind::Sqlite {
            return;
        }
        loop {
            self.world.runtime.sleep(BETWEEN_LOOKS).await;
            // What fails is tried again at the next look.
            let _ = self.look().await;
        }
    }

    async fn look(self: &Rc<Self>) -> Result<(), StoreError> {
        if self.renew_lease().await? == Lease::Lost {
            self.world.meet(Situation::LeaseLost);
            self.tell(|| "it was taken for dead; others go on with its operations".to_owned());
            self.abandon_all();
            return Ok(());
        }
        self.resume().await
    }

    async fn resume(self: &Rc<Self>) -> Result<(), StoreError> {
        for unfinished in self.take_over().await? {
            self.world.meet(Situation::TakenOver);
            self.take_up(unfinished);
        }
        Ok(())
    }

    fn take_up(self: &Rc<Self>, unfinished: Unfinished) {
        let Unfinished {
            operation,
            service,
            exchanges,
        } = unfinished;
        self.tell(|| {
            let reference = &operation.service.reference;
            format!("takes up {} of {reference}", operation.kind)
        });
        let world = &self.world;
        let run = Run::new(
            world.definition,
            &world.provider,
            operation,
            service,
            exchanges,
            self.time(),
        );
        self.begin(run);
    }

    /// Works on an operation in a task of its own.
    pub(super) fn begin(self: &Rc<Self>, mut run: Run) {
        let working = self.running.begin(run.operation.id);
        let gateway = Rc::clone(self);
        let had_doubts = !run.service.doubts.is_empty();
        if had_doubts {
            self.world.meet(Situation::DoubtInherited);
        }
        if self.world.sabotage == Some(Sabotage::SendsAgainWithoutLooking) {
            run.service.doubts.clear();
        }
        let task = self.world.runtime.spawn(self.process, async move {
            if gateway.work(&mut run).await {
                gateway.note_end(&run, had_doubts);
                working.ended(Rc::new((run.operation, run.service)));
            }
        });
        self.tasks.borrow_mut().push(task);
    }

    fn note_end(&self, run: &Run, had_doubts: bool) {
        let operation = &run.operation;
        self.tell(|| {
            let reference = &operation.service.reference;
            let standing = operation.standing.name();
            let message = match &operation.standing {
                Standing::Ended(ending) => ending.message().unwrap_or_default(),
                Standing::Open => "",
            };
            format!("{} of {reference} {standing}: {message}", operation.kind)
        });
        match &operation.standing {
            Standing::Ended(Ending::NeedsAttention { .. }) => {
                self.world.meet(Situation::NeedsAttention);
            }
            Standing::Ended(Ending::Succeeded { .. }) => {
                if had_doubts && run.service.doubts.is_empty() {
                    self.world.meet(Situation::DoubtSettledByLooking);
                }
                if run.service.generation > 1 {
                    self.world.meet(Situation::NextLife);
                }
            }
            _ => {}
        }
    }

    /// Stops the work on every operation: they are another gateway's now.
    fn abandon_all(&self) {
        self.times_lost.set(self.times_lost.get() + 1);
        for task in self.tasks.take() {
            self.world.runtime.abort(task);
        }
    }
}
