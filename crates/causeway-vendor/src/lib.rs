//! The hardened HTTP client that speaks to a vendor.
