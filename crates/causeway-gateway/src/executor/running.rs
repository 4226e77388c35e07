//! The operations that this gateway works on now, and those who wait for them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use causeway_engine::{Operation, OperationId, ServiceRecord, Standing, Store, StoreError};
use tokio::sync::watch;
use tokio::time::Instant;

/// An operation that has ended, and its service as it stands then.
pub type Ended = Arc<(Operation, ServiceRecord)>;

/// An operation that is worked on.
#[derive(Debug)]
pub struct Working {
    id: OperationId,
    sender: watch::Sender<Option<Ended>>,
    running: Arc<Running>,
}

impl Working {
    /// Tells everyone who waits that the operation has ended.
    pub fn ended(&self, ended: Ended) {
        self.sender.send_replace(Some(ended));
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.running.end(self.id, &self.sender);
    }
}

/// How long to wait before the journal is asked again about an operation that another gateway works on:
/// first, and at most. Hundreds of callers may wait for what a gateway that died has left behind, and
/// must not keep the journal from those who take it over.
const FIRST_LOOK_AFTER: Duration = Duration::from_millis(20);
const LONGEST_BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// The operations that are worked on, by id.
#[derive(Debug, Default)]
pub struct Running {
    by_id: Mutex<HashMap<OperationId, watch::Receiver<Option<Ended>>>>,
}

impl Running {
    /// Notes that an operation is worked on, until what is returned is dropped; its end is told
    /// through it.
    pub fn begin(self: &Arc<Self>, id: OperationId) -> Working {
        let (sender, receiver) = watch::channel(None);
        self.lock().insert(id, receiver);
        Working {
            id,
            sender,
            running: Arc::clone(self),
        }
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
        let mut pause = FIRST_LOOK_AFTER;
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
            if Instant::now() + pause >= deadline {
                return Ok(None);
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_BETWEEN_LOOKS);
        }
    }

    fn end(&self, id: OperationId, sender: &watch::Sender<Option<Ended>>) {
        let mut by_id = self.lock();
        // Somebody may have begun it anew meanwhile.
        let own = sender.subscribe();
        if by_id
            .get(&id)
            .is_some_and(|watched| watched.same_channel(&own))
        {
            by_id.remove(&id);
        }
    }

    fn lock(
        &self,
    ) -> std::sync::MutexGuard<'_, HashMap<OperationId, watch::Receiver<Option<Ended>>>> {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
