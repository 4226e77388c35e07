//! Turns a definition into the drop-in WHMCS module.
