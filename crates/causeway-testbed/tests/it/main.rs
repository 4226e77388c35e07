#![allow(clippy::unwrap_used, clippy::expect_used)]
//! The public doors of the test bed, with real parts.

mod emulator_fixtures;
mod emulator_lives;
mod emulator_modules;
mod emulator_pages;
mod emulator_php;
mod emulator_record;
mod emulator_samples;
mod emulator_support;
mod emulator_visits;
mod fault_proxy;
mod interceptor;
mod mariadb;
mod module_test;
mod recording;
mod report;
mod sample_vendor;
mod scripted_vendor;
mod whole_life;
