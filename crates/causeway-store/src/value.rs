//! How the engine's words stand in a row: both kinds of journal write them alike.

use causeway_definition::OperationKind;
use causeway_engine::{
    Commit, Ending, Operation, Outcome, ServiceKey, ServiceStatus, Standing, StoreError,
};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::failure::damaged;
use crate::key::Keys;
use crate::place::Place;
use crate::seal;

type Result<T> = std::result::Result<T, StoreError>;

/// Nanoseconds since 1970; the year 2262 is the end of it.
pub(crate) fn to_nanoseconds(time: Timestamp) -> i64 {
    let (low, high) = (i128::from(i64::MIN), i128::from(i64::MAX));
    i64::try_from(time.as_nanosecond().clamp(low, high)).unwrap_or(i64::MAX)
}

pub(crate) fn from_nanoseconds(nanoseconds: i64) -> Result<Timestamp> {
    Timestamp::from_nanosecond(nanoseconds.into())
        .map_err(|_| damaged(format!("{nanoseconds} is not a time")))
}

pub(crate) fn kind_from_name(name: &str) -> Result<OperationKind> {
    named("an operation's kind", name, OperationKind::from_name)
}

pub(crate) fn outcome_from_name(name: &str) -> Result<Outcome> {
    named("an exchange's outcome", name, Outcome::from_name)
}

pub(crate) fn status_from_name(name: &str) -> Result<ServiceStatus> {
    named("a service's status", name, |name| {
        [
            ServiceStatus::Absent,
            ServiceStatus::Active,
            ServiceStatus::Suspended,
            ServiceStatus::Terminated,
        ]
        .into_iter()
        .find(|status| status.name() == name)
    })
}

fn named<T>(what: &str, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T> {
    parse(name).ok_or_else(|| damaged(format!("`{name}` is not {what}")))
}

/// The columns of an operation that its standing fills: message, time of its end, step.
pub(crate) struct StandingColumns<'a> {
    pub(crate) standing: &'static str,
    pub(crate) message: Option<Vec<u8>>,
    pub(crate) ended_at: Option<i64>,
    pub(crate) attention_step: Option<&'a str>,
}

impl<'a> StandingColumns<'a> {
    /// As this commit leaves them.
    pub(crate) fn of(keys: &Keys, commit: &'a Commit) -> Result<Self> {
        let Standing::Ended(ending) = &commit.standing else {
            return Ok(Self {
                standing: commit.standing.name(),
                message: None,
                ended_at: None,
                attention_step: None,
            });
        };
        let message = ending
            .message()
            .map(|message| seal::seal_json(keys, &Place::message(commit.operation), &message))
            .transpose()?;
        Ok(Self {
            standing: commit.standing.name(),
            message,
            ended_at: Some(to_nanoseconds(commit.at)),
            attention_step: match ending {
                Ending::NeedsAttention { step, .. } => step.as_deref(),
                _ => None,
            },
        })
    }
}

/// The standing of an operation whose row has these.
pub(crate) fn parse_standing(
    name: &str,
    message: Option<String>,
    step: Option<String>,
) -> Result<Standing> {
    let message = message.unwrap_or_default();
    named("an operation's standing", name, |name| match name {
        "open" => Some(Standing::Open),
        "succeeded" => Some(Standing::Ended(Ending::Succeeded { redirect: None })),
        "failed" => Some(Standing::Ended(Ending::Failed { message })),
        "needs_attention" => Some(Standing::Ended(Ending::NeedsAttention { step, message })),
        _ => None,
    })
}

/// The operation, with its sealed input opened.
pub(crate) fn with_input(operation: Operation, sealed: Vec<u8>, keys: &Keys) -> Result<Operation> {
    let input = seal::open_json(keys, &Place::input(operation.id), sealed)?;
    Ok(Operation { input, ..operation })
}

/// Doubts and resolutions stand as JSON.
pub(crate) fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| damaged(format!("a service cannot be written ({error})")))
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str, key: &ServiceKey) -> Result<T> {
    serde_json::from_str(text).map_err(|error| damaged(format!("what is open at {key}: {error}")))
}
