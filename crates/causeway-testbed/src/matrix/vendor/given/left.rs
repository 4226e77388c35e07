//! What a run leaves behind at a vendor that is not its own.

use std::sync::PoisonError;

use super::GivenVendor;
use super::thing::{Kept, Thing, identity};
use crate::matrix::error::MatrixError;
use crate::matrix::purchase::{Purchase, State};
use crate::matrix::vendor::Look;

impl GivenVendor {
    /// Notes what the vendor still has of a purchase that was ended as far as it could be.
    pub async fn note_what_is_left(&self, look: &Look<'_>) {
        let left = match self.left_of(look).await {
            Ok(left) => left,
            Err(error) => vec![format!(
                "perhaps something of {}: {error}",
                look.purchase.domain
            )],
        };
        let mut all = self
            .left_behind
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for thing in left {
            // What services share is seen with each of them.
            if !all.contains(&thing) {
                all.push(thing);
            }
        }
    }

    async fn left_of(&self, look: &Look<'_>) -> Result<Vec<String>, MatrixError> {
        let things = self.things(look).await?;
        Ok(things
            .iter()
            .flat_map(|thing| left(thing, look.purchase))
            .collect())
    }
}

fn left(thing: &Thing<'_>, purchase: &Purchase) -> Vec<String> {
    let whose = match thing.resource.is_shared() {
        true => &purchase.email,
        false => &purchase.domain,
    };
    let described = |item| {
        let identity = identity(thing.resource, item).unwrap_or_default();
        format!("{} {identity} of {whose}", thing.name)
    };
    match (&thing.listed, &thing.kept) {
        (Some(items), _) => items.iter().map(described).collect(),
        (None, Kept::There(item)) => vec![described(item)],
        (None, Kept::Gone) => Vec::new(),
        (None, Kept::NotRead)
            if purchase.state == State::Terminated && !thing.resource.is_shared() =>
        {
            Vec::new()
        }
        (None, Kept::NotRead) => {
            vec![format!(
                "perhaps a {} of {whose}, where nobody can look",
                thing.name
            )]
        }
    }
}
