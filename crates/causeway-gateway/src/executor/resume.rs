//! Operations that nobody works on: those that an earlier process left open, and those of gateways
//! whose lease has ended. They are taken up again.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use causeway_engine::{
    Commit, Ending, Lease, Operation, Provider, Run, Standing, StoreError, Unfinished,
};

use super::calls::Executor;

/// How often a gateway proves that it lives.
const BETWEEN_RENEWALS: Duration = Duration::from_millis(500);
/// How often it looks for operations of those that no longer do.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

impl Executor {
    /// Goes on proving that this gateway lives, until it stops. Nothing else waits its turn here: a look
    /// for what nobody works on takes long when the journal is busy.
    pub(super) async fn keep_lease(self: Arc<Self>) {
        while self.go_on_after(BETWEEN_RENEWALS).await {
            match self.workshop.store.renew_lease().await {
                Ok(Lease::Kept) => {}
                Ok(Lease::Lost) => {
                    tracing::error!(
                        "this gateway was taken for dead; others go on with what it worked on"
                    );
                    self.abandon_all().await;
                }
                Err(error) => {
                    tracing::error!(%error, "the lease could not be renewed; trying again");
                }
            }
        }
    }

    /// Goes on taking up what nobody works on, until the gateway stops.
    pub(super) async fn keep_resuming(self: Arc<Self>) {
        while self.go_on_after(BETWEEN_LOOKS).await {
            if let Err(error) = self.resume().await {
                tracing::error!(%error, "could not look for what nobody works on; trying again");
            }
        }
    }

    /// Waits; `false` when the gateway stops.
    async fn go_on_after(&self, pause: Duration) -> bool {
        let mut stopping = self.stopping.subscribe();
        tokio::select! {
            () = tokio::time::sleep(pause) => true,
            _ = stopping.wait_for(|stopping| *stopping) => false,
        }
    }

    /// Takes up every open operation that nobody works on.
    pub(super) async fn resume(self: &Arc<Self>) -> Result<(), StoreError> {
        // What is taken over is this gateway's alone, so nothing after it may fail.
        let providers = self.workshop.store.providers().await?;
        // Known before: the lease may be lost while the journal gives what was taken over under it.
        let times_lost = self.times_lost.load(Ordering::Relaxed);
        for unfinished in self.workshop.store.take_over().await? {
            let owner = unfinished.operation.service.provider;
            match providers.iter().find(|provider| provider.id == owner) {
                Some(provider) => {
                    self.take_up(provider.clone(), unfinished, times_lost).await;
                }
                None => self.give_up(unfinished.operation).await,
            }
        }
        Ok(())
    }

    async fn take_up(
        self: &Arc<Self>,
        provider: Provider,
        unfinished: Unfinished,
        times_lost: u64,
    ) {
        let Unfinished {
            operation,
            service,
            exchanges,
        } = unfinished;
        let Some(definition) = self.definitions.get(&operation.service.definition) else {
            tracing::error!(operation = %operation.id, definition = operation.service.definition,
                "an open operation waits for a definition that is not loaded");
            return;
        };
        tracing::info!(operation = %operation.id, kind = %operation.kind, "resuming");
        let now = self.workshop.clock.now();
        let run = Run::new(definition, &provider, operation, service, exchanges, now);
        self.begin(Arc::clone(definition), provider, run, times_lost)
            .await;
    }

    /// Stops the work on every operation: they are another gateway's now.
    async fn abandon_all(&self) {
        let mut tasks = self.tasks.lock().await;
        self.times_lost.fetch_add(1, Ordering::Relaxed);
        tasks.shutdown().await;
    }

    /// Ends an operation of a provider that was removed: its credential is gone.
    async fn give_up(self: &Arc<Self>, operation: Operation) {
        let message = "The provider was removed while this was under way. Look at the vendor how far it came.";
        let ending = Ending::NeedsAttention {
            step: None,
            message: message.to_owned(),
        };
        tracing::error!(operation = %operation.id, message, "needs attention");
        let commit = Commit {
            operation: operation.id,
            standing: Standing::Ended(ending),
            steps_done: operation.steps_done,
            service: None,
            exchanges: Vec::new(),
            claims: Vec::new(),
            at: self.workshop.clock.now(),
        };
        let executor = Arc::clone(self);
        self.tasks.lock().await.spawn(async move {
            let mut stopping = executor.stopping.subscribe();
            executor.workshop.commit(Some(commit), &mut stopping).await;
        });
    }
}
