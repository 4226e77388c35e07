//! The journal, in the domain's words.

use std::time::Duration;

use async_trait::async_trait;
use causeway_definition::OperationKind;
use jiff::Timestamp;
use thiserror::Error;

use crate::exchange::Exchange;
use crate::operation::{Input, Operation, OperationId, Standing};
use crate::provider::{Provider, ProviderId};
use crate::service::{Holder, Identity, Resolution, ServiceKey, ServiceRecord};

/// Why the journal could not do what was asked. Each says what to do next.
#[derive(Debug, Clone, Error)]
pub enum StoreError {
    /// Somebody else holds the database, or it is away for now.
    #[error("the journal cannot be reached now: {0}")]
    Unavailable(String),
    /// The file or its folder may not be written.
    #[error("the journal cannot be written: {0}")]
    ReadOnly(String),
    /// A newer Causeway has written it.
    #[error("the journal is of a newer version: {0}")]
    NewerVersion(String),
    /// It is not a journal, or not a whole one.
    #[error("the journal is damaged: {0}")]
    Damaged(String),
    /// The key file is not the one that the journal was sealed with.
    #[error("the journal cannot be opened with this key: {0}")]
    WrongKey(String),
    /// The operation is not open: it has ended, or the journal has none of that id.
    #[error("the journal has no open operation {0}")]
    NotOpen(OperationId),
    /// This gateway's lease has ended, and another gateway works on the operation now.
    #[error("another gateway has taken operation {0} over")]
    TakenOver(OperationId),
    /// What was to be adopted belongs to another service by now; nothing was committed.
    #[error("{} {} belongs to another service already", .0.identity.resource, .0.identity.value)]
    HeldByAnother(Claim),
    /// A person's decision cannot be recorded: the operation does not wait for one.
    #[error("{0}")]
    NotResolvable(String),
    /// A provider of that name is there already, or there is none.
    #[error("{0}")]
    Provider(String),
}

/// A call that a billing system makes.
#[derive(Debug, Clone)]
pub struct NewOperation {
    /// Names it.
    pub id: OperationId,
    /// The service that it is about.
    pub service: ServiceKey,
    /// What is to be done.
    pub kind: OperationKind,
    /// Tells two calls of one kind apart: equal ones join, another one waits its turn. It must not
    /// give anything away (a keyed hash of what differs, empty where nothing may differ).
    pub fingerprint: String,
    /// What the billing system said.
    pub input: Input,
    /// Now.
    pub accepted_at: Timestamp,
}

/// What became of a call.
#[derive(Debug, Clone)]
pub enum Acceptance {
    /// It was recorded, and whoever asked runs it.
    Begun {
        /// The operation as recorded.
        operation: Box<Operation>,
        /// The service as it stands.
        service: Box<ServiceRecord>,
    },
    /// The same call is open already: wait for its end.
    Joined(OperationId),
    /// The same call ended after its caller was told "pending": this is its result.
    Owed(Box<Operation>),
    /// Another operation on this service is open: wait for its end and ask again.
    Busy {
        /// The open one.
        id: OperationId,
        /// What it does.
        kind: OperationKind,
    },
}

/// Everything that one step of an operation changes, committed together or not at all.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The operation.
    pub operation: OperationId,
    /// How it stands now; ending it removes its input.
    pub standing: Standing,
    /// The steps that are done.
    pub steps_done: u32,
    /// The service as it stands now, when it changed.
    pub service: Option<ServiceRecord>,
    /// Exchanges that are new, or known better than before (by their number).
    pub exchanges: Vec<Exchange>,
    /// Identities that now belong to this service's present life.
    pub claims: Vec<Claim>,
    /// Now.
    pub at: Timestamp,
}

/// An identity that is to belong to the present life of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The resource as the vendor names it.
    pub identity: Identity,
    /// How it came to be this service's.
    pub origin: Origin,
}

/// How an identity came to belong to a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The vendor says that it made it for this service: it is this one's, unless another service
    /// lives with it now ([`StoreError::HeldByAnother`]).
    Made,
    /// It was found or is said to be there: it is this one's, unless another service, or an earlier
    /// life of this one, holds it or ever held it ([`StoreError::HeldByAnother`]).
    Adopted,
}

/// A person's decision on an operation that needs attention.
#[derive(Debug, Clone)]
pub struct Resolve {
    /// The operation that needs attention.
    pub operation: OperationId,
    /// The step that the decision is about; none when the operation names none.
    pub step: Option<String>,
    /// What was decided.
    pub resolution: Resolution,
    /// The line that says so, in place of the operation's message.
    pub message: String,
    /// Now.
    pub at: Timestamp,
}

/// Which operations to list.
#[derive(Debug, Clone, Default)]
pub struct OperationFilter {
    /// Of this provider only.
    pub provider: Option<ProviderId>,
    /// Of the service with this reference only.
    pub reference: Option<String>,
    /// Of this definition only.
    pub definition: Option<String>,
    /// Only those whose caller was told "pending" and has not had the result since.
    pub owed: bool,
    /// Only those that need attention.
    pub needs_attention: bool,
    /// Accepted after this one.
    pub after: Option<OperationId>,
    /// At most so many, the newest; they come oldest first.
    pub limit: u32,
}

/// An open operation that nobody works on.
#[derive(Debug, Clone)]
pub struct Unfinished {
    /// The operation, as far as it has come.
    pub operation: Operation,
    /// Its service, as far as it has come.
    pub service: ServiceRecord,
    /// How many exchanges of it the journal has.
    pub exchanges: u32,
}

/// Whether a gateway is still taken for alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    /// It is: its operations are its own.
    Kept,
    /// It was not: others have its operations now.
    Lost,
}

/// The journal. Every verb is durable when it returns, and happens wholly or not at all.
#[async_trait]
pub trait Store: Send + Sync {
    /// Takes a call: records it when nothing is open on its service, else says what is.
    async fn accept(&self, new: NewOperation) -> Result<Acceptance, StoreError>;

    /// Commits what a step changed.
    async fn commit(&self, commit: Commit) -> Result<(), StoreError>;

    /// Notes that a caller was told "pending" (`true`), or has had the result (`false`).
    async fn set_owed(&self, operation: OperationId, owed: bool) -> Result<(), StoreError>;

    /// Records a person's decision on the last operation of its service, which needs attention and
    /// fails with this: the next operation on the service goes by it. The billing side is owed a
    /// next try.
    async fn resolve(&self, resolve: Resolve) -> Result<(), StoreError>;

    /// How many operations are open.
    async fn count_open(&self) -> Result<u64, StoreError>;

    /// Makes every open operation that no living gateway works on this gateway's own, and gives them:
    /// after a start all that an earlier process has left, later those of gateways whose lease has
    /// ended. Each is given once to one gateway.
    async fn take_over(&self) -> Result<Vec<Unfinished>, StoreError>;

    /// Proves that this gateway lives. [`Lease::Lost`] when it was taken for dead since: its
    /// operations are another's, and it holds no lease until it asks again, which gives it a new one.
    /// A journal that only one gateway can open has nothing to renew.
    async fn renew_lease(&self) -> Result<Lease, StoreError> {
        Ok(Lease::Kept)
    }

    /// Gives the lease up: others may have at once what this gateway leaves open.
    async fn end_lease(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Whether this gateway may act on its operations now: whether nobody can have taken them over.
    /// Asked before each request to a vendor; without I/O.
    fn holds_lease(&self) -> bool {
        true
    }

    /// Gives back the turn that an operation holds among all gateways, and takes another one; `false`
    /// when another operation holds that. A turn goes with the operation's end, and stays its own
    /// when it is taken over. Within one gateway turns are taken in memory already.
    async fn take_turn(&self, _operation: OperationId, _key: &str) -> Result<bool, StoreError> {
        Ok(true)
    }

    /// Has the turn that an operation holds given to another one only when so much time has passed
    /// since it was given back, or went with its holder's end: what was made under it shows itself late.
    async fn settle_turn(
        &self,
        _operation: OperationId,
        _key: &str,
        _settle: Duration,
    ) -> Result<(), StoreError> {
        Ok(())
    }

    /// One operation. Its input is only there while it is open.
    async fn operation(&self, id: OperationId) -> Result<Option<Operation>, StoreError>;

    /// The exchanges of one operation, in order.
    async fn exchanges(&self, id: OperationId) -> Result<Vec<Exchange>, StoreError>;

    /// Operations, oldest first, without their inputs.
    async fn operations(&self, filter: OperationFilter) -> Result<Vec<Operation>, StoreError>;

    /// What is known of a service.
    async fn service(&self, key: &ServiceKey) -> Result<Option<ServiceRecord>, StoreError>;

    /// Who holds these identities within a provider's definition, in the order asked.
    async fn holders(
        &self,
        provider: ProviderId,
        definition: &str,
        identities: &[Identity],
    ) -> Result<Vec<Option<Holder>>, StoreError>;

    /// Adds a provider with the hash of its token. A name in use is an error.
    async fn add_provider(
        &self,
        provider: Provider,
        token_hash: [u8; 32],
    ) -> Result<(), StoreError>;

    /// Every provider that is not removed, by name.
    async fn providers(&self) -> Result<Vec<Provider>, StoreError>;

    /// The provider with this token.
    async fn provider_by_token(&self, token_hash: [u8; 32])
    -> Result<Option<Provider>, StoreError>;

    /// Gives a provider another token (its hash); the old one ends at once.
    async fn rotate_token(
        &self,
        name: &str,
        token_hash: [u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Gives a provider another vendor credential, another API address, or both.
    async fn change_provider(&self, provider: Provider) -> Result<(), StoreError>;

    /// Ends a provider's token; its services stay recorded.
    async fn remove_provider(&self, name: &str, at: Timestamp) -> Result<(), StoreError>;

    /// Whether the journal can be written now.
    async fn check(&self) -> Result<(), StoreError>;
}
