//! Checks of this repository that the compiler cannot make.
fn main() {}
