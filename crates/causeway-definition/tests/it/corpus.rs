//! What fuzzing has found worth keeping is read on every run.

#[path = "../../../../fuzz/checks/corpus.rs"]
mod corpus;
#[path = "../../../../fuzz/checks/definition.rs"]
pub mod definition;
#[path = "../../../../fuzz/checks/template.rs"]
mod template;

#[test]
fn definitions() {
    corpus::replay("definition", definition::check);
}

#[test]
fn templates() {
    corpus::replay("template", template::check);
}
