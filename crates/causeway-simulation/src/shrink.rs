//! A failing history becomes a short one that fails, too: events go, then become simpler, until
//! nothing more can.

use std::time::Duration;

use causeway_definition::Definition;
use causeway_definition::OperationKind as Kind;

use crate::failure::Failure;
use crate::guarantee::may_double_users;
use crate::history::{Event, History, JournalKind, Surroundings, What};
use crate::play::play;

/// The shortest failing history that leaving out and simplifying leads to, with its story.
pub fn shrink(definition: &Definition, failure: Failure) -> Failure {
    let mut shrinking = Shrinking {
        definition,
        failure,
    };
    while shrinking.leave_out_events() | shrinking.simplify_events() | shrinking.simplify_the_rest()
    {
    }
    shrinking.told()
}

struct Shrinking<'d> {
    definition: &'d Definition,
    failure: Failure,
}

impl Shrinking<'_> {
    /// Takes a simpler history in place of the present one, if it fails, too.
    fn accept(&mut self, history: History) -> bool {
        if history == self.failure.history {
            return false;
        }
        match play(self.definition, &history, self.failure.sabotage, false) {
            Ok(_) => false,
            Err(failure) => {
                self.failure = *failure;
                true
            }
        }
    }

    /// Half of the events at a time, then a quarter, and so on to single ones.
    fn leave_out_events(&mut self) -> bool {
        let mut shorter = false;
        let mut size = self.failure.history.events.len();
        while size > 0 {
            let mut start = 0;
            while start < self.failure.history.events.len() {
                let mut history = self.failure.history.clone();
                let end = (start + size).min(history.events.len());
                history.events.drain(start..end);
                if self.accept(history) {
                    shorter = true;
                } else {
                    start += size;
                }
            }
            size /= 2;
        }
        shorter
    }

    fn simplify_events(&mut self) -> bool {
        let mut simpler = false;
        for number in 0..self.failure.history.events.len() {
            for what in simpler_than(&self.failure.history.events[number].what) {
                let mut history = self.failure.history.clone();
                history.events[number].what = what;
                simpler |= self.accept(history);
            }
            let at = self.failure.history.events[number].at;
            let earlier = number.checked_sub(1).map_or(Duration::ZERO, |before| {
                self.failure.history.events[before].at
            });
            if at > earlier {
                let mut history = self.failure.history.clone();
                history.events[number] = Event {
                    at: earlier,
                    what: history.events[number].what.clone(),
                };
                simpler |= self.accept(history);
            }
        }
        simpler
    }

    fn simplify_the_rest(&mut self) -> bool {
        let mut simpler = false;
        let mut attempt = |shrinking: &mut Self, change: &dyn Fn(&mut History)| {
            let mut history = shrinking.failure.history.clone();
            change(&mut history);
            simpler |= shrinking.accept(history);
        };
        attempt(self, &|history| {
            history.surroundings.list_lag = Duration::ZERO
        });
        attempt(self, &|history| {
            history.surroundings.ready_after = Duration::ZERO
        });
        attempt(self, &|history| history.surroundings.page = 50);
        attempt(self, &|history| history.surroundings.unique_emails = true);
        attempt(self, &|history| {
            history.surroundings.latency = Duration::from_millis(20)
        });
        attempt(self, &|history| {
            let Surroundings {
                nodes,
                journal,
                list_lag,
                unique_emails,
                ..
            } = &mut history.surroundings;
            *nodes = 1;
            *journal = JournalKind::Sqlite;
            *unique_emails |= !may_double_users(*journal, *list_lag);
        });
        attempt(self, &|history| {
            let nodes = history.surroundings.nodes;
            history.surroundings.nodes = nodes.saturating_sub(1).max(1);
        });
        // The last service, when nothing is said of it.
        attempt(self, &|history| {
            let last = history.surroundings.services.len() - 1;
            let is_used = history.events.iter().any(|event| {
                matches!(&event.what,
                    What::Call { service, .. }
                    | What::RemovedByHand { service }
                    | What::Resolve { service } if *service == last)
            });
            if last > 0 && !is_used {
                history.surroundings.services.pop();
            }
        });
        simpler
    }

    fn told(self) -> Failure {
        let Failure {
            history, sabotage, ..
        } = &self.failure;
        match play(self.definition, history, *sabotage, true) {
            Err(failure) => *failure,
            // One history is played in one way.
            Ok(_) => self.failure,
        }
    }
}

fn simpler_than(what: &What) -> Vec<What> {
    match what {
        What::Call {
            service,
            kind,
            node,
            also,
            hangs_up_after,
        } => {
            let with = |service, kind, node, also, hangs_up_after| What::Call {
                service,
                kind,
                node,
                also,
                hangs_up_after,
            };
            let mut simpler = Vec::new();
            if hangs_up_after.is_some() {
                simpler.push(with(*service, *kind, *node, *also, None));
            }
            if also.is_some() {
                simpler.push(with(*service, *kind, *node, None, *hangs_up_after));
            }
            if *node > 0 {
                simpler.push(with(*service, *kind, 0, *also, *hangs_up_after));
            }
            if *service > 0 {
                simpler.push(with(service - 1, *kind, *node, *also, *hangs_up_after));
            }
            if *kind != Kind::Create {
                simpler.push(with(*service, Kind::Create, *node, *also, *hangs_up_after));
            }
            simpler
        }
        What::Fault {
            skipping,
            changes,
            fault,
        } => {
            let fewer = skipping.checked_sub(1).map(|skipping| What::Fault {
                skipping,
                changes: *changes,
                fault: *fault,
            });
            let of_changes = (!changes).then_some(What::Fault {
                skipping: 0,
                changes: true,
                fault: *fault,
            });
            fewer.into_iter().chain(of_changes).collect()
        }
        What::Kill { node, after_points } if *after_points > 0 => [0, after_points / 2]
            .into_iter()
            .map(|after_points| What::Kill {
                node: *node,
                after_points,
            })
            .collect(),
        What::Pause {
            node,
            after_points,
            length,
        } if *after_points > 0 => vec![What::Pause {
            node: *node,
            after_points: after_points / 2,
            length: *length,
        }],
        _ => Vec::new(),
    }
}
