//! What fuzzing has found worth keeping is read on every run.

#[path = "../../../../fuzz/checks/replay.rs"]
mod replay;
#[path = "../../../../fuzz/checks/request.rs"]
mod request;

#[test]
fn requests() {
    replay::corpus("request", request::check);
    request::end();
}
