//! A history told, for somebody who has to find out what went wrong.

use std::fmt::Write as _;
use std::time::Duration;

use causeway_engine::Exchange;

use crate::history::History;
use crate::world::World;

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Line {
    pub at: Duration,
    pub text: String,
}

pub fn heading(history: &History, sabotage: Option<crate::sabotage::Sabotage>) -> String {
    let mut text = format!("seed {}\n{}\n", history.seed, history.surroundings);
    if let Some(sabotage) = sabotage {
        let _ = writeln!(text, "on purpose, the bridge {sabotage}");
    }
    text.push_str("\nThe history:\n");
    for event in &history.events {
        let _ = writeln!(text, "{} {event}", moment(event.at));
    }
    text
}

pub fn told(world: &World<'_>) -> String {
    let mut text = "\nWhat happened:\n".to_owned();
    for line in world.story.iter().flat_map(|story| story.take()) {
        let _ = writeln!(text, "{} {}", moment(line.at), line.text);
    }
    text.push_str("\nThe journal's exchanges:\n");
    let journal = world.journal.borrow();
    let mut last = None;
    for (id, exchange) in journal.exchanges() {
        if last != Some(*id) {
            last = Some(*id);
            if let Some(operation) = journal.operation(*id) {
                let reference = &operation.service.reference;
                let standing = operation.standing.name();
                let _ = writeln!(text, "  {} of {reference}: {standing}", operation.kind);
            }
        }
        let _ = writeln!(text, "{}", exchange_line(exchange));
    }
    text
}

fn exchange_line(exchange: &Exchange) -> String {
    let Exchange {
        number,
        step,
        purpose,
        ..
    } = exchange;
    let outcome = exchange.outcome.name();
    let request = &exchange.detail.request;
    let answer = exchange.detail.answer.as_deref().unwrap_or("–");
    format!("    {number}. {step} ({purpose}) {outcome}: {request} → {answer}")
}

fn moment(at: Duration) -> String {
    format!("{:>9.3} s", at.as_secs_f64())
}
