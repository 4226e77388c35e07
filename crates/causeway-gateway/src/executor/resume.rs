//! After a start: every operation that the journal has open is taken up again.

use std::sync::Arc;

use causeway_engine::{Commit, Ending, Operation, Run, Standing, StoreError};

use super::calls::Executor;

impl Executor {
    /// Takes up every open operation of the journal.
    pub(super) async fn resume(self: &Arc<Self>) -> Result<(), StoreError> {
        let store = &self.workshop.store;
        let open = store.open_operations().await?;
        if open.is_empty() {
            return Ok(());
        }
        let providers = store.providers().await?;
        for (operation, service) in open {
            let id = operation.id;
            let Some(definition) = self.definitions.get(&operation.service.definition) else {
                tracing::error!(operation = %id, definition = operation.service.definition,
                    "an open operation waits for a definition that is not loaded");
                continue;
            };
            let provider = providers
                .iter()
                .find(|provider| provider.id == operation.service.provider);
            let Some(provider) = provider else {
                self.give_up(&operation).await?;
                continue;
            };
            let exchanges = store.exchanges(id).await?.len();
            tracing::info!(operation = %id, kind = %operation.kind, "resuming");
            let run = Run::new(
                definition,
                provider,
                operation,
                service,
                u32::try_from(exchanges).unwrap_or(u32::MAX),
                self.workshop.clock.now(),
            );
            self.begin(Arc::clone(definition), provider.clone(), run)
                .await;
        }
        Ok(())
    }

    /// Ends an operation of a provider that was removed: its credential is gone.
    async fn give_up(&self, operation: &Operation) -> Result<(), StoreError> {
        let message = "The provider was removed while this was under way. Look at the vendor how far it came.";
        let ending = Ending::NeedsAttention {
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
        self.workshop.store.commit(commit).await
    }
}
