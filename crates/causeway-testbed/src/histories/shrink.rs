//! A history that ended wrong is made shorter, as long as it goes on ending wrong.

use super::history::{Disruption, History};

/// The histories that are one thing shorter, the most promising first.
pub fn shorter(history: &History) -> Vec<History> {
    let mut shorter = Vec::new();
    for number in (0..history.rounds.len()).rev() {
        let mut without = history.clone();
        without.rounds.remove(number);
        shorter.push(without);
    }
    for (number, round) in history.rounds.iter().enumerate() {
        if round.disruption != Disruption::Nothing {
            let mut calmer = history.clone();
            calmer.rounds[number].disruption = Disruption::Nothing;
            shorter.push(calmer);
        }
        for fault in 0..round.faults.len() {
            let mut calmer = history.clone();
            calmer.rounds[number].faults.remove(fault);
            shorter.push(calmer);
        }
        for call in 0..round.calls.len() {
            let mut quieter = history.clone();
            quieter.rounds[number].calls.remove(call);
            shorter.push(quieter);
        }
    }
    shorter
}
