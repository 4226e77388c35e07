//! The fault matrix, with the program itself: that it finds what is broken, and that the hard cases end
//! right.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod crash_points;
mod given_vendor;
mod histories;
mod lagging_lists;
mod neither_find_nor_key;
mod sabotage;
mod support;
mod two_gateways;
