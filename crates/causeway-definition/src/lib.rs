//! Reads a definition into typed values, with diagnostics that point at the place;
//! renders requests and reads answers.
//!
//! No I/O, no clock, no randomness: everything here is a function of its arguments.

pub mod answer;
pub mod diagnostic;
pub mod expression;
mod grammar;
pub mod model;
mod parse;
pub mod request;
mod safety;
mod scaffold;
mod schema;
mod template;
mod tokens;

pub use answer::{Answer, Reading};
pub use diagnostic::{Diagnostic, Label, Position, Severity};
pub use expression::{EvaluationError, Expression, Names, Template};
pub use model::{
    Adopt, Call, ClientArea, Definition, Find, Operation, OperationKind, OptionField, OptionKind,
    Read, Ready, Resource,
};
pub use parse::{LONGEST_SOURCE, Parsed};
pub use request::{Request, RequestTemplate};
pub use safety::StepSafety;
pub use scaffold::{BadName, scaffold};
pub use schema::json_schema;
