//! What fuzzing has found worth keeping is read on every run.

#[path = "../../../../fuzz/checks/definition.rs"]
pub mod definition;
#[path = "../../../../fuzz/checks/replay.rs"]
mod replay;
#[path = "../../../../fuzz/checks/template.rs"]
mod template;

#[test]
fn definitions() {
    replay::corpus("definition", definition::check);
}

#[test]
fn templates() {
    replay::corpus("template", template::check);
}
