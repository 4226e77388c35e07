//! The emulator that plays WHMCS, the sample vendor, and scenarios.
