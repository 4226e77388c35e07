//! What is sent again, because its answer was not heard, is not done again.

use causeway_definition::OperationKind;
use causeway_engine::{Acceptance, Store};

use crate::support::{add_provider, begin, call, key};

pub async fn a_call_that_is_sent_again_joins_itself(store: &dyn Store) {
    let key = key(add_provider(store, "alpha").await, "service-1");
    let new = call(key, OperationKind::Create);
    begin(store, new.clone()).await;
    let again = store.accept(new.clone()).await.unwrap();
    assert!(matches!(again, Acceptance::Joined(id) if id == new.id));
}
