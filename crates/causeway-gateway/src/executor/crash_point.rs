//! The places at which a gateway can die, each with a name.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use rustix::process::{Signal, getpid, kill_process};

/// What a test wants to happen at crash points. Every place where the work on an operation awaits
/// something or commits has a name: `create.accepted`, `create.user.turn`,
/// `create.user.create.intended` (committed, not sent), `create.user.create.answered` (not
/// committed), `create.user.committing`, `create.user.committed`, `create.user.waiting`,
/// `create.user.looking_up`, `create.ended` (committed, nobody told).
#[derive(Debug, Clone, Default)]
pub struct CrashPoints {
    /// Kill this process with SIGKILL at the point of this name.
    pub kill_at: Option<CrashPoint>,
    /// Append the name of each point that is reached to this file.
    pub record: Option<PathBuf>,
}

/// A crash point, the n-th time it is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrashPoint {
    /// Its name.
    pub name: String,
    /// Which time, from 1.
    pub time: u32,
}

impl std::str::FromStr for CrashPoint {
    type Err = String;

    /// `create.user.create.answered`, `create.user.create.answered#2` for the second time, or `*#5`
    /// for the fifth point, whichever that is.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, time) = match text.split_once('#') {
            Some((name, time)) => (name, time.parse().map_err(|_| not_a_point(text))?),
            None => (text, 1),
        };
        if name.is_empty() || time == 0 {
            return Err(not_a_point(text));
        }
        Ok(Self {
            name: name.to_owned(),
            time,
        })
    }
}

fn not_a_point(text: &str) -> String {
    format!("`{text}` is not a crash point; write one like create.user.create.answered#2")
}

/// Watches for the points that were asked for; costs nothing when none was.
#[derive(Debug, Default)]
pub struct CrashWatch {
    points: CrashPoints,
    /// How often each point was reached, and under `*` how many in all.
    reached: Mutex<HashMap<String, u32>>,
}

impl CrashWatch {
    pub fn new(points: CrashPoints) -> Self {
        Self {
            points,
            reached: Mutex::default(),
        }
    }

    /// Notes that the point with the name that these parts make was reached.
    pub fn reach(&self, name: impl FnOnce() -> String) {
        if self.points.kill_at.is_none() && self.points.record.is_none() {
            return;
        }
        let name = name();
        if let Some(file) = &self.points.record {
            record(file, &name);
        }
        let mut reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        let is_here = [name, "*".to_owned()].map(|name| {
            let times = reached.entry(name.clone()).or_default();
            *times += 1;
            let point = CrashPoint { name, time: *times };
            self.points.kill_at.as_ref() == Some(&point)
        });
        if is_here.contains(&true) {
            // Nothing runs after this: no destructor, no flush, no answer.
            let _ = kill_process(getpid(), Signal::KILL);
            loop {
                std::thread::park();
            }
        }
    }
}

fn record(file: &PathBuf, name: &str) {
    let written = File::options()
        .create(true)
        .append(true)
        .open(file)
        .and_then(|mut file| file.write_all(format!("{name}\n").as_bytes()));
    if let Err(error) = written {
        tracing::warn!(%error, "the crash points cannot be recorded");
    }
}
