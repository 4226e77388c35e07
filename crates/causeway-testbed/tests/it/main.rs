#![allow(clippy::unwrap_used, clippy::expect_used)]
//! The public doors of the test bed, with real parts.

mod emulator_php;
mod sample_vendor;
