//! The step machine that brings every operation to a right end, without I/O.
