//! What fuzzing has found worth keeping is read on every run.

#[path = "../../../../fuzz/checks/corpus.rs"]
mod corpus;
#[path = "../../../../fuzz/checks/request.rs"]
mod request;

#[test]
fn requests() {
    corpus::replay("request", request::check);
    request::end();
}
