//! `causeway sandbox`, as the real program: by a browser, and by requests that no browser of the person
//! in front of it would send.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod guard;
mod journey;
mod module_folder;
mod running;
