//! What of a purchase is not as it should be at a given vendor, and what nobody can know.

use causeway_definition::{Names, Ready};
use serde_json::{Map, Value, json};

use super::GivenVendor;
use super::thing::{Kept, Thing, identity, is_kept};
use crate::matrix::error::MatrixError;
use crate::matrix::vendor::{
    ExpectedAtVendor, Look, Made, Shown, kept_differs, miscounted, miscounted_shared,
};

impl GivenVendor {
    /// What the vendor has for a purchase, as soon as its lists can be believed.
    pub(in crate::matrix::vendor) async fn look(
        &self,
        look: &Look<'_>,
        expected: &ExpectedAtVendor,
    ) -> Result<Shown, MatrixError> {
        // A list that lags behind hides a second one, or still shows what has ended.
        tokio::time::sleep(look.definition.service.settle).await;
        let lives = look.purchase.lives();
        let mut shown = Shown::default();
        let mut resources = Map::new();
        let mut says_whether_suspended = false;
        for thing in self.things(look).await? {
            count(look, &thing, &mut shown);
            if let (Some(item), true, false) = (thing.item(), lives, thing.resource.is_shared()) {
                let complaints = &mut shown.complaints;
                complaints.extend(kept_differs(thing.resource, item, look.journal));
                complaints.extend(unfinished(&thing, item));
                if let Some(wrong) = self.suspension.complaints(thing.name, item, expected) {
                    says_whether_suspended = true;
                    complaints.extend(wrong);
                }
            }
            shown.not_known.extend(thing.not_known.iter().cloned());
            resources.insert(thing.name.to_owned(), thing.truth());
        }
        if lives && (expected.suspended || expected.was_suspended) && !says_whether_suspended {
            let what = "whether it is suspended: nothing that the definition looks at says so";
            shown.not_known.push(what.to_owned());
        }
        shown.truth = json!({ "resources": resources });
        Ok(shown)
    }

    /// What became of a create: of the first resource of which nothing is kept.
    pub(in crate::matrix::vendor) async fn made(
        &self,
        look: &Look<'_>,
    ) -> Result<Made, MatrixError> {
        tokio::time::sleep(look.definition.service.settle).await;
        let kept = look.journal["properties"].as_object().cloned();
        let kept = kept.unwrap_or_default();
        let things = self.things(look).await?.into_iter();
        let doubtful = things
            .filter(|thing| !is_kept(thing.resource, &kept))
            .map(|thing| match thing.listed.as_deref() {
                Some([]) => Made::Nothing,
                Some([item, ..]) => {
                    identity(thing.resource, item).map_or(Made::NotKnown, Made::Item)
                }
                None => Made::NotKnown,
            })
            .next();
        Ok(doubtful.unwrap_or(Made::NotKnown))
    }
}

fn count(look: &Look<'_>, thing: &Thing<'_>, shown: &mut Shown) {
    let purchase = look.purchase;
    let (lives, is_shared) = (purchase.lives(), thing.resource.is_shared());
    let name = format!("`{}`", thing.name);
    match &thing.listed {
        Some(items) if is_shared => {
            let wrong = miscounted_shared(purchase, items.len(), &name);
            shown.complaints.extend(wrong);
        }
        Some(items) => {
            let wrong = miscounted(purchase, items.len(), &name);
            shown.complaints.extend(wrong);
        }
        None if thing.resource.find.is_none() => shown.not_known.push(format!(
            "how many {name} the vendor has: the definition has no `find` for it"
        )),
        None => {}
    }
    match (&thing.kept, lives) {
        (Kept::Gone, true) => shown.complaints.push(format!(
            "lost: the vendor no longer has the {name} whose identifier is kept"
        )),
        (Kept::There(_), false) if !is_shared => shown.complaints.push(format!(
            "orphaned: the vendor still has the {name} whose identifier was kept"
        )),
        _ => {}
    }
}

/// What the definition's own `ready` says of an item that should be finished.
fn unfinished(thing: &Thing<'_>, item: &Value) -> Vec<String> {
    let Some(Ready { when, failed, .. }) = &thing.resource.ready else {
        return Vec::new();
    };
    let names = Names::of_item(item, &thing.names);
    let mut complaints = Vec::new();
    match when.holds(&names) {
        Ok(true) => {}
        Ok(false) => complaints.push(format!("the vendor's `{}` is not ready", thing.name)),
        Err(error) => complaints.push(format!("`ready` cannot be read: {error}")),
    }
    if failed
        .as_ref()
        .is_some_and(|failed| failed.holds(&names).unwrap_or(false))
    {
        complaints.push(format!("the vendor's `{}` has failed", thing.name));
    }
    complaints
}
