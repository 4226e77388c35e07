//! Everything but commits goes to the journal as it is.

use async_trait::async_trait;
use causeway_engine::store::OperationFilter;
use causeway_engine::{
    Acceptance, Commit, Exchange, Holder, Identity, Lease, NewOperation, Operation, OperationId,
    Provider, ProviderId, Resolve, ServiceKey, ServiceRecord, Store, StoreError, Unfinished,
};
use jiff::Timestamp;

use crate::half_commits::HalfCommits;

macro_rules! as_it_is {
    ($($verb:ident($($name:ident: $type:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        impl Store for HalfCommits {
            async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
                HalfCommits::commit(self, commit).await
            }

            $(async fn $verb(&self, $($name: $type),*) -> Result<$answer, StoreError> {
                self.store.$verb($($name),*).await
            })*
        }
    };
}

as_it_is! {
    accept(new: NewOperation) -> Acceptance;
    set_owed(operation: OperationId, owed: bool) -> ();
    resolve(resolve: Resolve) -> ();
    count_open() -> u64;
    take_over() -> Vec<Unfinished>;
    renew_lease() -> Lease;
    operation(id: OperationId) -> Option<Operation>;
    exchanges(id: OperationId) -> Vec<Exchange>;
    operations(filter: OperationFilter) -> Vec<Operation>;
    service(key: &ServiceKey) -> Option<ServiceRecord>;
    holders(provider: ProviderId, definition: &str, identities: &[Identity]) -> Vec<Option<Holder>>;
    add_provider(provider: Provider, token_hash: [u8; 32]) -> ();
    providers() -> Vec<Provider>;
    provider_by_token(token_hash: [u8; 32]) -> Option<Provider>;
    rotate_token(name: &str, token_hash: [u8; 32], at: Timestamp) -> ();
    change_provider(provider: Provider) -> ();
    remove_provider(name: &str, at: Timestamp) -> ();
    check() -> ();
}
