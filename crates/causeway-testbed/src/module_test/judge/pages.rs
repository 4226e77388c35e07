//! Markup that arrives in a page as markup.

use crate::module_test::finding::Finding;
use crate::module_test::found::Notes;
use crate::module_test::made::{Made, Told};
use crate::module_test::planted::MARKUP;

/// Looks for the planted tag in a page.
pub fn markup_in_pages(made: &Made, notes: &mut Notes) {
    let Told::Page { html } = &made.told else {
        return;
    };
    let Some(at) = html.find(MARKUP) else {
        return;
    };
    let around: String = html[..at].chars().rev().take(60).collect();
    let before: String = around.chars().rev().collect();
    let before = before.split_whitespace().collect::<Vec<_>>().join(" ");
    let what = format!("the page has {before:?} and then {MARKUP}, which the client entered");
    notes.found_in(made, Finding::UnescapedValue, made.callback.name(), what);
}
