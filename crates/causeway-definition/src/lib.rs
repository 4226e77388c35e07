//! Reads a definition into typed values, with diagnostics that point at the place;
//! renders requests and reads answers.
//!
//! No I/O, no clock, no randomness: everything here is a function of its arguments.

pub mod answer;
pub mod expression;
pub mod model;
pub mod request;

pub use answer::{Answer, Reading};
pub use expression::{EvaluationError, Expression, Names, Template};
pub use model::{
    Adopt, Call, ClientArea, Definition, Find, Operation, OperationKind, OptionField, OptionKind,
    Read, Ready, Resource,
};
pub use request::{Request, RequestTemplate};
