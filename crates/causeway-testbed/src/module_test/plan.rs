//! Which trials a module gets, made from what it does when all is well.

use std::num::NonZeroU32;

use causeway_definition::request::Method;

use super::callback::Callback;
use super::made::{Made, request_line};
use super::play::Learned;
use super::trial::{Exchange, Then, Trial};
use crate::fault_proxy::Fault;

/// The vendor did not act, and says no, or something else says anything.
const NOT_DONE: [Fault; 3] = [
    Fault::ServerErrorPageBefore,
    Fault::WebPage,
    Fault::ResetBefore,
];
/// The vendor acted, and its answer is no use.
const SPOILT: [Fault; 2] = [Fault::EmptyBody, Fault::HalfJson];
/// The vendor acted, and its answer is lost.
const LOST: [Fault; 2] = [Fault::ResetAfter, Fault::GatewayTimeoutAfter];

/// Who asks for the same thing again and again waits for something: more of it shows nothing new.
const MOST_TIMES: u32 = 2;

/// Everything that is tried, those first that wait the longest.
#[must_use]
pub fn trials(learned: &Learned, knows_the_vendor: bool) -> Vec<Trial> {
    let has = |callback: &Callback| callback.is_offered(&learned.functions);
    let mut waiting = Vec::new();
    let mut trials = vec![Trial::OpenedAlone, Trial::Markup, Trial::CreatedTwice];
    if knows_the_vendor && has(&Callback::TerminateAccount) {
        trials.push(Trial::Gone);
    }
    let mut seen: Vec<&Callback> = Vec::new();
    for made in &learned.steps {
        if seen.contains(&&made.callback) || made.callback == Callback::CronHooks {
            continue;
        }
        seen.push(&made.callback);
        let exchanges = exchanges(made);
        let Some(first) = exchanges.first() else {
            continue;
        };
        waiting.push(Trial::NeverConnects(made.callback.clone()));
        waiting.push(Trial::NeverAnswers(first.clone()));
        trials.push(Trial::Untrusted(made.callback.clone()));
        trials.extend(exchanges.iter().flat_map(faults));
    }
    waiting.extend(trials);
    waiting
}

fn faults(at: &Exchange) -> Vec<Trial> {
    let trial = |fault, then| Trial::Fault {
        at: at.clone(),
        fault,
        then,
    };
    let again = |fault: &Fault| trial(*fault, Then::Again);
    let mut trials: Vec<Trial> = NOT_DONE.iter().chain(&SPOILT).map(again).collect();
    if at.is_change {
        trials.push(trial(Fault::Redirect, Then::Again));
        match at.callback {
            Callback::CreateAccount => {
                trials.extend(LOST.iter().map(again));
                trials.push(trial(Fault::ResetAfter, Then::Terminated));
            }
            Callback::TerminateAccount => trials.push(again(&Fault::ResetAfter)),
            _ => {}
        }
    }
    trials
}

/// The exchanges of a callback, each once for each method, path and time.
fn exchanges(made: &Made) -> Vec<Exchange> {
    let only_reads = made.only_reads() && made.callback.is_provisioning();
    let mut lines: Vec<String> = Vec::new();
    let mut exchanges = Vec::new();
    for line in made.exchanges.iter().filter_map(request_line) {
        let before = lines.iter().filter(|one| **one == line).count();
        let time = u32::try_from(before)
            .ok()
            .and_then(|before| NonZeroU32::MIN.checked_add(before));
        let method = line
            .split_once(' ')
            .and_then(|(name, path)| Some((method(name)?, path)));
        if let (Some(time), Some((method, path))) = (time, method)
            && time.get() <= MOST_TIMES
        {
            exchanges.push(Exchange {
                callback: made.callback.clone(),
                method,
                path: path.to_owned(),
                time,
                is_change: only_reads || method != Method::Get,
            });
        }
        lines.push(line);
    }
    exchanges
}

fn method(name: &str) -> Option<Method> {
    [
        Method::Get,
        Method::Post,
        Method::Put,
        Method::Patch,
        Method::Delete,
    ]
    .into_iter()
    .find(|method| method.as_str() == name)
}
