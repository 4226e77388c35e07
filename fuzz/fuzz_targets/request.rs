#![no_main]

#[allow(dead_code)] // A fuzzer never ends the gateway.
#[path = "../checks/request.rs"]
mod check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check::check(bytes));
