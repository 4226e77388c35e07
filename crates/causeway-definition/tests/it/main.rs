//! What an author and an engine notice of a definition.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod answers;
mod author;
mod corpus;
mod expressions;
mod hostile;
mod mistakes;
mod reference;
mod requests;
