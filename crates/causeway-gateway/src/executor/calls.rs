//! Taking calls: each is recorded, joined to the same call, or waits its turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use causeway_definition::{Definition, OperationKind};
use causeway_engine::{
    Acceptance, Clock, Input, NewOperation, Operation, OperationId, Provider, Run, ServiceKey,
    Standing, Store, StoreError, Vendor, taken_over,
};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::Instrument;

use super::crash_point::{CrashPoints, CrashWatch};
use super::ends::{count_end, log_end};
use super::fingerprint::difference;
use super::running::{Ended, Running};
use super::turns::Turns;
use super::work::{Recording, Workshop};
use super::{Call, CallError, Definitions, Report};

/// A keyed hash, so that a fingerprint in the journal gives nothing away.
pub type Fingerprints = Arc<dyn Fn(&[u8]) -> [u8; 32] + Send + Sync>;

/// What an executor may be told.
#[derive(Debug, Clone, Default)]
pub struct ExecutorSettings {
    /// What a test wants to happen at crash points.
    pub crash_points: CrashPoints,
}

/// Runs operations.
pub struct Executor {
    pub(super) workshop: Workshop,
    pub(super) definitions: Definitions,
    fingerprints: Fingerprints,
    pub(super) running: Arc<Running>,
    pub(super) stopping: watch::Sender<bool>,
    pub(super) tasks: tokio::sync::Mutex<JoinSet<()>>,
    /// How often this gateway was taken for dead; counted under the lock of `tasks`.
    pub(super) times_lost: AtomicU64,
}

impl Executor {
    /// Starts an executor, which resumes every open operation of the journal at once.
    ///
    /// # Errors
    /// The journal could not be read.
    pub async fn start(
        store: Arc<dyn Store>,
        vendor: Arc<dyn Vendor>,
        clock: Arc<dyn Clock>,
        definitions: Definitions,
        fingerprints: Fingerprints,
        settings: ExecutorSettings,
    ) -> Result<Arc<Self>, StoreError> {
        let executor = Arc::new(Self {
            workshop: Workshop {
                store,
                vendor,
                clock,
                turns: Turns::default(),
                crash_watch: CrashWatch::new(settings.crash_points),
            },
            definitions,
            fingerprints,
            running: Arc::default(),
            stopping: watch::channel(false).0,
            tasks: tokio::sync::Mutex::new(JoinSet::new()),
            times_lost: AtomicU64::new(0),
        });
        // The first lease; a journal that only one gateway can open has none.
        executor.workshop.store.renew_lease().await?;
        tokio::spawn(Arc::clone(&executor).keep_lease());
        executor.resume().await?;
        tokio::spawn(Arc::clone(&executor).keep_resuming());
        Ok(executor)
    }

    /// Takes a call and waits for its end, at most for `deadline`. A report whose operation is still
    /// open means "pending": the operation goes on, and a later call gets its result.
    ///
    /// # Errors
    /// The call makes no sense, the service stayed busy, or the journal could not be used.
    pub async fn call(
        self: &Arc<Self>,
        provider: &Provider,
        call: Call,
        deadline: Duration,
    ) -> Result<Report, CallError> {
        let deadline = Instant::now() + deadline;
        let definition = self
            .definitions
            .get(&call.definition)
            .ok_or_else(|| CallError::UnknownDefinition(call.definition.clone()))?;
        if !definition.offers(call.kind) {
            let definition = call.definition.clone();
            return Err(CallError::NotOffered {
                definition,
                kind: call.kind,
            });
        }
        if *self.stopping.borrow() {
            return Err(CallError::Stopping);
        }
        let kind = call.kind;
        if let Some(reference) = &call.reference {
            self.refuse_anothers(definition, provider, reference, &call.input)
                .await?;
        }
        match (kind, call.reference.clone()) {
            (OperationKind::TestConnection, _) => {
                self.unrecorded(definition, provider, call, String::new(), deadline)
                    .await
            }
            (_, None) => Err(CallError::NoReference(kind)),
            (OperationKind::SingleSignOn, Some(reference)) => {
                self.unrecorded(definition, provider, call, reference, deadline)
                    .await
            }
            (_, Some(reference)) => {
                self.recorded(definition, provider, call, reference, deadline)
                    .await
            }
        }
    }

    /// A service that the journal does not know is taken over as the billing side has saved it, but
    /// never one that belongs to another service.
    async fn refuse_anothers(
        &self,
        definition: &Definition,
        provider: &Provider,
        reference: &str,
        input: &Input,
    ) -> Result<(), CallError> {
        let identities = taken_over(definition, input);
        if identities.is_empty() {
            return Ok(());
        }
        let store = &*self.workshop.store;
        let name = &definition.service.name;
        let holders = store.holders(provider.id, name, &identities).await?;
        let held_by_another = identities
            .into_iter()
            .zip(holders)
            .filter_map(|(identity, holder)| Some((identity, holder?.reference)))
            .find(|(_, holder)| holder != reference);
        let Some((identity, holder)) = held_by_another else {
            return Ok(());
        };
        let key = ServiceKey {
            provider: provider.id,
            definition: name.clone(),
            reference: reference.to_owned(),
        };
        if store.service(&key).await?.is_some() {
            // Its own record counts, whatever the billing side has saved.
            return Ok(());
        }
        Err(CallError::HeldByAnother {
            title: definition.service.title.clone(),
            resource: identity.resource,
            value: identity.value,
            holder,
            reference: key.reference,
        })
    }

    async fn recorded(
        self: &Arc<Self>,
        definition: &Arc<Definition>,
        provider: &Provider,
        call: Call,
        reference: String,
        deadline: Instant,
    ) -> Result<Report, CallError> {
        let key = ServiceKey {
            provider: provider.id,
            definition: call.definition,
            reference,
        };
        let fingerprint = difference(call.kind, &call.input)
            .map(|difference| hexadecimal(&(self.fingerprints)(&difference)))
            .unwrap_or_default();
        loop {
            let new = NewOperation {
                id: OperationId::new(),
                service: key.clone(),
                kind: call.kind,
                fingerprint: fingerprint.clone(),
                input: call.input.clone(),
                accepted_at: self.workshop.clock.now(),
            };
            match self.accept(definition, provider, new).await? {
                Taken::Open(id) => return self.answer(id, deadline).await,
                Taken::Owed(operation) => {
                    let service = self.workshop.store.service(&operation.service).await?;
                    return Ok(Report {
                        operation: *operation,
                        recorded: true,
                        service,
                    });
                }
                Taken::Busy { id, kind } => {
                    let store = &*self.workshop.store;
                    if self.running.ended(store, id, deadline).await?.is_none() {
                        return Err(CallError::ServiceBusy { id, kind });
                    }
                }
            }
        }
    }

    /// Records a call and begins it, in a task of its own: a caller that hangs up in between must
    /// not leave an operation that is recorded and that nobody works on.
    async fn accept(
        self: &Arc<Self>,
        definition: &Arc<Definition>,
        provider: &Provider,
        new: NewOperation,
    ) -> Result<Taken, CallError> {
        let executor = Arc::clone(self);
        let (definition, provider) = (Arc::clone(definition), provider.clone());
        let accepting = tokio::spawn(async move {
            let accepted_at = new.accepted_at;
            let times_lost = executor.times_lost.load(Ordering::Relaxed);
            match executor.workshop.store.accept(new).await? {
                Acceptance::Begun { operation, service } => {
                    let id = operation.id;
                    let kind = operation.kind;
                    let crash_watch = &executor.workshop.crash_watch;
                    crash_watch.reach(|| format!("{kind}.accepted"));
                    let run =
                        Run::new(&definition, &provider, *operation, *service, 0, accepted_at);
                    executor.begin(definition, provider, run, times_lost).await;
                    Ok(Taken::Open(id))
                }
                Acceptance::Joined(id) => Ok(Taken::Open(id)),
                Acceptance::Owed(operation) => Ok(Taken::Owed(operation)),
                Acceptance::Busy { id, kind } => Ok(Taken::Busy { id, kind }),
            }
        });
        accepting.await.unwrap_or_else(|_| Err(CallError::Stopping))
    }

    /// Works on an operation that this gateway was given when it had been taken for dead so many times:
    /// since then it may be another's, or its own once more with a run of its own.
    pub(super) async fn begin(
        self: &Arc<Self>,
        definition: Arc<Definition>,
        provider: Provider,
        mut run: Run,
        times_lost: u64,
    ) {
        let mut tasks = self.tasks.lock().await;
        if times_lost != self.times_lost.load(Ordering::Relaxed) {
            return;
        }
        let id = run.operation.id;
        let working = self.running.begin(id);
        let executor = Arc::clone(self);
        let span = tracing::info_span!("operation", operation = %id, kind = %run.operation.kind,
            reference = run.operation.service.reference, provider = provider.name);
        // In a box: it is large, and is moved some times on its way to whoever runs it.
        let task = Box::pin(async move {
            let stopping = executor.stopping.subscribe();
            let finished = executor
                .workshop
                .work(
                    &definition,
                    &provider,
                    &mut run,
                    Recording::Journaled,
                    stopping,
                )
                .await;
            if finished {
                log_end(&run.operation);
                count_end(&definition, &run.operation);
                working.ended(Arc::new((run.operation, run.service)));
            }
        });
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task.instrument(span));
    }

    /// Waits for an operation's end; when the deadline passes first, notes that its caller is owed
    /// the result.
    async fn answer(&self, id: OperationId, deadline: Instant) -> Result<Report, CallError> {
        let store = &*self.workshop.store;
        if let Some(ended) = self.running.ended(store, id, deadline).await? {
            return Ok(report(&ended));
        }
        store.set_owed(id, true).await?;
        // It may have ended in between; then nothing is owed.
        if let Some(report) = self.wait_for(id, Duration::ZERO).await? {
            if matches!(report.operation.standing, Standing::Ended(_)) {
                store.set_owed(id, false).await?;
            }
            return Ok(report);
        }
        Err(CallError::Stopping)
    }

    /// How an operation stands, after at most `wait` or as soon as it has ended; `None` when the
    /// journal has none of that id.
    ///
    /// # Errors
    /// The journal could not be asked.
    pub async fn wait_for(
        &self,
        id: OperationId,
        wait: Duration,
    ) -> Result<Option<Report>, StoreError> {
        let store = &*self.workshop.store;
        if !wait.is_zero()
            && let Some(ended) = self.running.ended(store, id, Instant::now() + wait).await?
        {
            return Ok(Some(report(&ended)));
        }
        let Some(operation) = store.operation(id).await? else {
            return Ok(None);
        };
        let service = store.service(&operation.service).await?;
        Ok(Some(Report {
            operation,
            recorded: true,
            service,
        }))
    }

    /// How many operations are worked on now.
    pub fn in_flight(&self) -> usize {
        self.running.count()
    }

    /// Takes no new calls, lets what is in the middle of an exchange finish for at most `patience`,
    /// and leaves the rest to the journal. Says how many operations are still open.
    pub async fn stop(&self, patience: Duration) -> usize {
        self.stopping.send_replace(true);
        let mut tasks = self.tasks.lock().await;
        let all_done = async { while tasks.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(patience, all_done).await;
        tasks.shutdown().await;
        drop(tasks);
        let store = &self.workshop.store;
        if let Err(error) = store.end_lease().await {
            tracing::warn!(%error, "the lease could not be given up; it ends by itself");
        }
        let open = store.count_open().await.unwrap_or_default();
        usize::try_from(open).unwrap_or(usize::MAX)
    }
}

enum Taken {
    Open(OperationId),
    Owed(Box<Operation>),
    Busy {
        id: OperationId,
        kind: OperationKind,
    },
}

fn report(ended: &Ended) -> Report {
    let (operation, service) = &**ended;
    Report {
        operation: operation.clone(),
        recorded: true,
        service: Some(service.clone()),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
