//! The HTTP server that runs the engine for billing modules.
