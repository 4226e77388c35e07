//! What fuzzing has found worth keeping is read on every run.

#[path = "../../../../fuzz/checks/answer.rs"]
mod answer;
#[path = "../../../../fuzz/checks/corpus.rs"]
mod corpus;

#[test]
fn answers() {
    corpus::replay("answer", answer::check);
}
