//! What the vendor has of one resource for one purchase, as far as the definition's calls show it.

use causeway_definition::{Names, Resource};
use serde_json::{Map, Value};

use super::GivenVendor;
use super::names::names;
use crate::matrix::error::MatrixError;
use crate::matrix::purchase::Purchase;
use crate::matrix::vendor::{Look, as_text};

/// A resource, and what was seen of it.
pub struct Thing<'l> {
    pub name: &'l str,
    pub resource: &'l Resource,
    /// Each one that `find` shows; none where nobody can look.
    pub listed: Option<Vec<Value>>,
    /// The one whose identifier is kept.
    pub kept: Kept,
    /// Why something could not be looked at.
    pub not_known: Vec<String>,
    /// The names that the definition's expressions over it see behind `ours`.
    pub names: Names,
}

/// What `read` shows of the one whose identifier is kept.
pub enum Kept {
    /// It is there.
    There(Value),
    /// It is not there any more.
    Gone,
    /// The definition has no `read`, or no identifier was ever kept.
    NotRead,
}

impl Thing<'_> {
    /// The one that the purchase has, when there is no doubt which it is.
    pub fn item(&self) -> Option<&Value> {
        match (&self.kept, self.listed.as_deref()) {
            (Kept::There(item), _) | (Kept::NotRead, Some([item])) => Some(item),
            _ => None,
        }
    }

    /// The items for a report; null where nobody can look.
    pub fn truth(&self) -> Value {
        let kept = match &self.kept {
            Kept::There(item) => Some(item),
            Kept::Gone | Kept::NotRead => None,
        };
        let identity = |item: &Value| identity(self.resource, item);
        match &self.listed {
            Some(items) => {
                let whole = |item: &Value| match kept {
                    Some(kept) if identity(kept) == identity(item) => kept.clone(),
                    _ => item.clone(),
                };
                items.iter().map(whole).collect()
            }
            None => match (&self.kept, kept) {
                (Kept::NotRead, _) => Value::Null,
                (_, kept) => kept.into_iter().cloned().collect(),
            },
        }
    }
}

impl GivenVendor {
    /// Each resource of a purchase, in the order in which it was made.
    pub(super) async fn things<'l>(&self, look: &Look<'l>) -> Result<Vec<Thing<'l>>, MatrixError> {
        let Look {
            definition,
            whmcs,
            purchase,
            ..
        } = *look;
        let names = names(whmcs, definition, purchase, self.credential()).await?;
        let mut kept = purchase.kept.clone();
        let mut things = Vec::new();
        for (name, resource) in definition.ensured() {
            let names = names.with(&kept);
            let thing = self.thing(look, name, resource, names).await?;
            // What a later resource is looked for by may have been forgotten, or never been kept.
            if let Some(item) = thing.item() {
                for (name, value) in values_of(resource, item) {
                    kept.entry(name).or_insert(value);
                }
            }
            things.push(thing);
        }
        Ok(things)
    }

    async fn thing<'l>(
        &self,
        look: &Look<'l>,
        name: &'l str,
        resource: &'l Resource,
        names: Names,
    ) -> Result<Thing<'l>, MatrixError> {
        let definition = look.definition;
        let mut not_known = Vec::new();
        let mut listed = None;
        if let Some(find) = &resource.find {
            match self.list(definition, find, &names).await? {
                Ok(items) => listed = Some(without_others(resource, items, look.other)),
                Err(error) => not_known.push(format!("the `find` of `{name}`: {error}")),
            }
        }
        let mut kept = Kept::NotRead;
        if let Some(read) = &resource.read
            && is_kept(resource, &look.purchase.kept)
        {
            match self.see(definition, read, &names).await? {
                Ok(Some(item)) => kept = Kept::There(item),
                Ok(None) => kept = Kept::Gone,
                Err(error) => not_known.push(format!("the `read` of `{name}`: {error}")),
            }
        }
        Ok(Thing {
            name,
            resource,
            listed,
            kept,
            not_known,
            names,
        })
    }
}

/// What identifies an item, as a text.
pub fn identity(resource: &Resource, item: &Value) -> Option<String> {
    let (_, expression) = resource.keep.first()?;
    let value = expression.evaluate(&Names::of_item(item, &Names::new()));
    value.ok().map(|value| as_text(&value))
}

/// Whether an identifier of the resource is among what is kept.
pub fn is_kept(resource: &Resource, kept: &Map<String, Value>) -> bool {
    let identity = resource.identity().and_then(|name| kept.get(name));
    identity.is_some_and(|value| !value.is_null())
}

/// A list may show all that a client has: what belongs to the other purchase is not this one's.
fn without_others(
    resource: &Resource,
    mut items: Vec<Value>,
    other: Option<&Purchase>,
) -> Vec<Value> {
    let of_other = resource
        .identity()
        .and_then(|name| other?.kept.get(name))
        .map(as_text);
    if let (Some(of_other), false) = (of_other, resource.is_shared()) {
        items.retain(|item| identity(resource, item).as_ref() != Some(&of_other));
    }
    items
}

fn values_of<'r>(
    resource: &'r Resource,
    item: &Value,
) -> impl Iterator<Item = (String, Value)> + use<'r> {
    let names = Names::of_item(item, &Names::new());
    let value = move |(name, expression): (&String, &causeway_definition::Expression)| {
        Some((name.clone(), expression.evaluate(&names).ok()?))
    };
    resource.keep.iter().filter_map(value)
}
