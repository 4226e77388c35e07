//! What a callback said, held against what the vendor has.

use indexmap::IndexMap;
use serde_json::Value;

use crate::module_test::made::Made;

/// How many the vendor has of each kind.
pub type Counts = IndexMap<String, usize>;

/// Counts them.
#[must_use]
pub fn counts(services: &IndexMap<String, Vec<Value>>) -> Counts {
    let count = |(name, items): (&String, &Vec<Value>)| (name.clone(), items.len());
    services.iter().map(count).collect()
}

/// Of what there is more than there should be, in words.
#[must_use]
pub fn more_than(there_are: &Counts, there_should_be: &Counts) -> Option<String> {
    let more: Vec<String> = there_are
        .iter()
        .filter_map(|(name, number)| {
            let should = there_should_be.get(name).copied().unwrap_or(0);
            (*number > should).then(|| match should {
                0 => format!("{number} of {name}"),
                should => format!("{number} of {name} instead of {should}"),
            })
        })
        .collect();
    (!more.is_empty()).then(|| more.join(", "))
}

/// Of what there is less than there should be, in words.
#[must_use]
pub fn fewer_than(there_are: &Counts, there_should_be: &Counts) -> Option<String> {
    let fewer: Vec<String> = there_should_be
        .iter()
        .filter_map(|(name, should)| {
            let number = there_are.get(name).copied().unwrap_or(0);
            (number < *should).then(|| format!("{number} of {name} instead of {should}"))
        })
        .collect();
    (!fewer.is_empty()).then(|| fewer.join(", "))
}

/// The first change that the vendor made when all went well and has not made now, although it was said
/// to be done.
#[must_use]
pub fn said_so_in_vain(made: &Made, when_all_is_well: &Made) -> Option<String> {
    if !made.told.is_success() {
        return None;
    }
    let mut done = made.changes();
    when_all_is_well.changes().into_iter().find(|change| {
        let position = done.iter().position(|one| one == change);
        position.map(|position| done.remove(position)).is_none()
    })
}
