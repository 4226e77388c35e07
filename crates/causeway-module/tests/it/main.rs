//! Modules made from definitions, read and run by real PHP.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod build;
mod calls;
mod client_area;
mod cron;
mod php;
mod readable_by_php;
mod scripted_gateway;
mod support;
mod tls;
