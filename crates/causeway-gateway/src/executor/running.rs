//! The operations that this gateway works on now, and those who wait for them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use causeway_engine::{Operation, OperationId, ServiceRecord, Standing, Store, StoreError};
use tokio::sync::watch;
use tokio::time::Instant;

/// An operation that has ended, and its service as it stands then.
pub type Ended = Arc<(Operation, ServiceRecord)>;

/// How often the journal is asked about an operation that another process works on.
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// The operations that are worked on, by id.
#[derive(Debug, Default)]
pub struct Running {
    by_id: Mutex<HashMap<OperationId, watch::Receiver<Option<Ended>>>>,
}

impl Running {
    /// Notes that an operation is worked on; its end is sent through what is returned.
    pub fn begin(&self, id: OperationId) -> watch::Sender<Option<Ended>> {
        let (sender, receiver) = watch::channel(None);
        self.lock().insert(id, receiver);
        sender
    }

    /// Notes that nobody works on the operation any more.
    pub fn end(&self, id: OperationId) {
        self.lock().remove(&id);
    }

    /// How many operations are worked on.
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// Waits for the end of an operation, at most until the deadline; `None` when it is still open.
    ///
    /// # Errors
    /// The journal could not be asked.
    pub async fn ended(
        &self,
        store: &dyn Store,
        id: OperationId,
        deadline: Instant,
    ) -> Result<Option<Ended>, StoreError> {
        loop {
            let watched = self.lock().get(&id).cloned();
            if let Some(mut receiver) = watched {
                let end =
                    tokio::time::timeout_at(deadline, receiver.wait_for(Option::is_some)).await;
                match end {
                    Ok(Ok(ended)) => return Ok(ended.clone()),
                    // Nobody works on it any more: the journal knows how far it came.
                    Ok(Err(_)) => {}
                    Err(_) => return Ok(None),
                }
            }
            let Some(operation) = store.operation(id).await? else {
                return Ok(None);
            };
            if matches!(operation.standing, Standing::Ended(_)) {
                let service = store.service(&operation.service).await?;
                let service =
                    service.unwrap_or_else(|| ServiceRecord::unknown(operation.service.clone()));
                return Ok(Some(Arc::new((operation, service))));
            }
            if Instant::now() + BETWEEN_LOOKS >= deadline {
                return Ok(None);
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    fn lock(
        &self,
    ) -> std::sync::MutexGuard<'_, HashMap<OperationId, watch::Receiver<Option<Ended>>>> {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
