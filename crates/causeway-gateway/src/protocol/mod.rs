//! What a billing system and the gateway say to each other, version 1.

mod answer;
mod client;
mod options;
mod request;
mod text;
mod values;

pub(crate) use answer::{OperationAnswer, OwedAnswer, ServiceAnswer};
pub(crate) use options::UnfitOption;
pub(crate) use request::OperationRequest;
pub(crate) use values::Reference;
