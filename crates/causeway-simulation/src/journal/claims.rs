//! Which service's life an identity at the vendor belongs to.

use std::collections::BTreeMap;

use causeway_engine::{Claim, Holder, Identity, Origin, ServiceRecord, ServiceStatus, StoreError};

/// Who holds what.
#[derive(Default)]
pub struct Claims(BTreeMap<Identity, Holder>);

impl Claims {
    /// Refuses a claim on what is another's.
    pub fn check(
        &self,
        services: &BTreeMap<String, ServiceRecord>,
        reference: &str,
        generation: u32,
        claim: &Claim,
    ) -> Result<(), StoreError> {
        let Some(holder) = self.0.get(&claim.identity) else {
            return Ok(());
        };
        let of_another = holder.reference != reference;
        let lives = services.get(&holder.reference).is_some_and(|service| {
            service.generation == holder.generation && service.status != ServiceStatus::Terminated
        });
        let refused = match claim.origin {
            Origin::Made => of_another && lives,
            Origin::Adopted => of_another || holder.generation != generation,
        };
        if refused {
            return Err(StoreError::HeldByAnother(claim.clone()));
        }
        Ok(())
    }

    pub fn give(&mut self, reference: &str, generation: u32, identity: Identity) {
        let holder = Holder {
            reference: reference.to_owned(),
            generation,
        };
        self.0.insert(identity, holder);
    }

    pub fn holder(&self, identity: &Identity) -> Option<&Holder> {
        self.0.get(identity)
    }

    pub fn holders(&self, identities: &[Identity]) -> Vec<Option<Holder>> {
        identities
            .iter()
            .map(|identity| self.holder(identity).cloned())
            .collect()
    }
}
