//! Whose an identity is that was claimed before.

use causeway_engine::{Claim, Origin, StoreError};

/// An identity that somebody claimed, against a service that claims it now.
pub(crate) struct Claimed {
    /// Another service claimed it.
    pub(crate) by_another: bool,
    /// The life that it was claimed for goes on.
    pub(crate) lives: bool,
    /// It was claimed for a life of the same number as the present one of who claims it now.
    pub(crate) for_this_life: bool,
}

impl Claimed {
    /// Refuses a claim to what is another's.
    pub(crate) fn refuse_if_anothers(&self, claim: &Claim) -> Result<(), StoreError> {
        let is_anothers = match claim.origin {
            Origin::Made => self.by_another && self.lives,
            Origin::Adopted => self.by_another || !self.for_this_life,
        };
        if is_anothers {
            return Err(StoreError::HeldByAnother(claim.clone()));
        }
        Ok(())
    }
}
