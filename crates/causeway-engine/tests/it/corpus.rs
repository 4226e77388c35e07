//! What fuzzing has found worth keeping is read on every run.

#[path = "../../../../fuzz/checks/answer.rs"]
mod answer;
#[path = "../../../../fuzz/checks/replay.rs"]
mod replay;

#[test]
fn answers() {
    replay::corpus("answer", answer::check);
}
