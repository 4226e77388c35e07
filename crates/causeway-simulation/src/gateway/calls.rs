//! Taking calls: each is recorded, joined to the same call, or waits its turn.

use std::rc::Rc;
use std::time::Duration;

use causeway_definition::OperationKind;
use causeway_engine::{
    Acceptance, Ending, Input, NewOperation, Operation, OperationId, Run, ServiceRecord, Standing,
    StoreError, taken_over,
};
use serde_json::{Map, Value, json};

use super::Gateway;
use super::exchange::Leaving;
use super::running::Ended;
use crate::met::Situation;
use crate::runtime::{Waited, signal};

/// How often the journal is asked about an operation that another process works on.
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// One call of the billing side.
#[derive(Debug, Clone)]
pub struct Call {
    pub kind: OperationKind,
    pub reference: String,
    pub input: Input,
    pub deadline: Duration,
}

/// How a call stands when it is answered.
#[derive(Debug, Clone)]
pub enum Report {
    /// It was done; the properties of the service are these.
    Succeeded(Map<String, Value>),
    /// An earlier call did it, and nobody was told yet.
    SucceededBefore(Map<String, Value>),
    /// It was not, and this is why.
    Failed(String),
    /// It goes on by itself.
    Pending,
}

impl<'w> Gateway<'w> {
    /// Takes a call and waits for its end, at most until its deadline.
    pub async fn call(self: &Rc<Self>, call: Call) -> Report {
        let deadline = self.world.runtime.now() + call.deadline;
        let report = self.recorded_call(call, deadline).await;
        report.unwrap_or_else(|error| Report::Failed(error.to_string()))
    }

    async fn recorded_call(
        self: &Rc<Self>,
        call: Call,
        deadline: Duration,
    ) -> Result<Report, StoreError> {
        if let Some(refusal) = self.refuse_anothers(&call).await? {
            return Ok(refusal);
        }
        loop {
            let new = NewOperation {
                id: self.world.next_operation(),
                service: self.world.key(&call.reference),
                kind: call.kind,
                fingerprint: difference(call.kind, &call.input),
                input: call.input.clone(),
                accepted_at: self.time(),
            };
            match self.accept_and_begin(new).await? {
                Acceptance::Begun { operation, .. } => {
                    return self.answer(operation.id, deadline).await;
                }
                Acceptance::Joined(id) => {
                    self.world.meet(Situation::CallJoined);
                    return self.answer(id, deadline).await;
                }
                Acceptance::Owed(operation) => {
                    self.world.meet(Situation::ResultOwed);
                    let service = self.service(&call.reference).await?;
                    return Ok(match report(&operation, service.as_ref()) {
                        Report::Succeeded(properties) => Report::SucceededBefore(properties),
                        other => other,
                    });
                }
                Acceptance::Busy { id, kind } => {
                    self.world.meet(Situation::CallBehindAnother);
                    if self.ended(id, deadline).await?.is_none() {
                        return Ok(Report::Failed(format!("the service is busy with {kind}")));
                    }
                }
            }
        }
    }

    /// What the billing side has saved for a service that the journal does not know is never another's.
    async fn refuse_anothers(&self, call: &Call) -> Result<Option<Report>, StoreError> {
        let identities = taken_over(self.world.definition, &call.input);
        if identities.is_empty() {
            return Ok(None);
        }
        let holders = self.store_holders(&identities).await?;
        let of_another = |holder: &causeway_engine::Holder| holder.reference != call.reference;
        if holders.iter().flatten().any(of_another)
            && self.service(&call.reference).await?.is_none()
        {
            let message = "what is saved for this service is another's";
            return Ok(Some(Report::Failed(message.to_owned())));
        }
        Ok(None)
    }

    /// In a task of its own: a caller that hangs up in between must not leave an operation that is
    /// recorded and that nobody works on.
    async fn accept_and_begin(
        self: &Rc<Self>,
        new: NewOperation,
    ) -> Result<Acceptance, StoreError> {
        let world = &self.world;
        let (sender, accepted) = signal(&world.runtime);
        let gateway = Rc::clone(self);
        let leaving = self.note_leaving(Leaving::Accept);
        world.runtime.spawn(self.process, async move {
            let accepted_at = new.accepted_at;
            let times_lost = gateway.times_lost.get();
            let acceptance = gateway.accept(new).await;
            drop(leaving);
            if let Ok(Acceptance::Begun { operation, service }) = &acceptance
                && times_lost == gateway.times_lost.get()
            {
                let world = &gateway.world;
                gateway.tell(|| {
                    let reference = &operation.service.reference;
                    format!("accepts {} of {reference}", operation.kind)
                });
                let run = Run::new(
                    world.definition,
                    &world.provider,
                    (**operation).clone(),
                    (**service).clone(),
                    0,
                    accepted_at,
                );
                gateway.begin(run);
            }
            sender.send(acceptance);
        });
        match accepted.until(Duration::MAX).await {
            Waited::Came(acceptance) => acceptance,
            Waited::Never | Waited::TooLate => Err(StoreError::Unavailable("stopping".to_owned())),
        }
    }

    /// Waits for an operation's end; when the deadline passes first, notes that its caller is owed
    /// the result.
    async fn answer(&self, id: OperationId, deadline: Duration) -> Result<Report, StoreError> {
        if let Some(ended) = self.ended(id, deadline).await? {
            return Ok(report(&ended.0, Some(&ended.1)));
        }
        self.set_owed(id, true).await?;
        // It may have ended in between; then nothing is owed.
        let Some(operation) = self.operation(id).await? else {
            return Ok(Report::Failed("it is not recorded".to_owned()));
        };
        if let Standing::Ended(_) = operation.standing {
            let service = self.service(&operation.service.reference).await?;
            self.set_owed(id, false).await?;
            return Ok(report(&operation, service.as_ref()));
        }
        self.world.meet(Situation::CallPending);
        Ok(Report::Pending)
    }

    async fn ended(
        &self,
        id: OperationId,
        deadline: Duration,
    ) -> Result<Option<Ended>, StoreError> {
        loop {
            if let Some(watched) = self.running.watched(id) {
                match watched.until(deadline).await {
                    Waited::Came(ended) => return Ok(Some(ended)),
                    // Nobody works on it any more: the journal knows how far it came.
                    Waited::Never => {}
                    Waited::TooLate => return Ok(None),
                }
            }
            let Some(operation) = self.operation(id).await? else {
                return Ok(None);
            };
            if let Standing::Ended(_) = operation.standing {
                let service = self.service(&operation.service.reference).await?;
                let service =
                    service.unwrap_or_else(|| ServiceRecord::unknown(operation.service.clone()));
                return Ok(Some(Rc::new((operation, service))));
            }
            if self.world.runtime.now() + BETWEEN_LOOKS >= deadline {
                return Ok(None);
            }
            self.world.runtime.sleep(BETWEEN_LOOKS).await;
        }
    }
}

fn report(operation: &Operation, service: Option<&ServiceRecord>) -> Report {
    match &operation.standing {
        Standing::Open => Report::Pending,
        Standing::Ended(Ending::Succeeded { .. }) => {
            Report::Succeeded(service.map_or_else(Map::new, |service| service.properties.clone()))
        }
        Standing::Ended(ending) => Report::Failed(ending.message().unwrap_or_default().to_owned()),
    }
}

/// What differs between two calls of this kind that must not be taken for one.
fn difference(kind: OperationKind, input: &Input) -> String {
    let difference = match kind {
        OperationKind::ChangePackage => json!([input.options, input.configurable_options]),
        OperationKind::ChangePassword => json!([input.password]),
        OperationKind::Renew => json!([input.service.next_due_date]),
        _ => return String::new(),
    };
    difference.to_string()
}
