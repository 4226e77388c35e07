//! A journal in memory: what was committed is there after a crash, and nothing else.

use std::collections::{BTreeMap, HashMap};

use causeway_engine::{
    Commit, Exchange, Holder, Identity, Operation, OperationId, ServiceKey, ServiceRecord, Standing,
};

#[derive(Default, Clone)]
pub struct Journal {
    pub operations: BTreeMap<OperationId, Operation>,
    pub services: HashMap<ServiceKey, ServiceRecord>,
    pub exchanges: BTreeMap<(OperationId, u32), Exchange>,
    claims: HashMap<Identity, Holder>,
}

impl Journal {
    pub fn service(&self, key: &ServiceKey) -> ServiceRecord {
        self.services
            .get(key)
            .cloned()
            .unwrap_or_else(|| ServiceRecord::unknown(key.clone()))
    }

    pub fn commit(&mut self, commit: Commit) {
        let operation = self
            .operations
            .get_mut(&commit.operation)
            .expect("it was accepted");
        assert_eq!(
            operation.standing,
            Standing::Open,
            "nothing is committed after the end"
        );
        operation.standing = commit.standing;
        operation.steps_done = commit.steps_done;
        let key = operation.service.clone();
        for exchange in commit.exchanges {
            self.exchanges
                .insert((commit.operation, exchange.number), exchange);
        }
        let generation = commit
            .service
            .as_ref()
            .map_or(1, |service| service.generation);
        if let Some(service) = commit.service {
            self.services.insert(key.clone(), service);
        }
        for claim in commit.claims {
            self.claims.insert(
                claim.identity,
                Holder {
                    reference: key.reference.clone(),
                    generation,
                },
            );
        }
    }

    pub fn exchanges_of(&self, id: OperationId) -> Vec<&Exchange> {
        self.exchanges
            .range((id, 0)..=(id, u32::MAX))
            .map(|(_, exchange)| exchange)
            .collect()
    }

    pub fn holders(&self, identities: &[Identity]) -> Vec<Option<Holder>> {
        identities
            .iter()
            .map(|identity| self.claims.get(identity).cloned())
            .collect()
    }
}
