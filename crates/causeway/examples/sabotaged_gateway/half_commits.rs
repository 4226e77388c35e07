//! A journal to which the outcome of a step comes before what the step keeps.

use std::sync::Arc;

use causeway_engine::{Commit, Outcome, Standing, Store, StoreError};
use causeway_gateway::executor::CrashPoint;
use rustix::process::{Signal, getpid, kill_process};

pub struct HalfCommits {
    pub store: Arc<dyn Store>,
    dies_at: Option<CrashPoint>,
}

impl HalfCommits {
    pub fn new(store: Arc<dyn Store>, dies_at: Option<CrashPoint>) -> Self {
        Self { store, dies_at }
    }

    pub async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        let is_outcome = made(&commit).next().is_some();
        if let (true, Some(service)) = (is_outcome, &commit.service) {
            let mut without_properties = service.clone();
            if let Some(known) = self.store.service(&service.key).await? {
                without_properties.properties = known.properties;
                without_properties.status = known.status;
            }
            let first_half = Commit {
                standing: Standing::Open,
                service: Some(without_properties),
                claims: Vec::new(),
                ..commit.clone()
            };
            self.store.commit(first_half).await?;
            if self
                .dies_at
                .as_ref()
                .is_some_and(|point| is_at(point, &commit))
            {
                let _ = kill_process(getpid(), Signal::KILL);
            }
        }
        self.store.commit(commit).await
    }
}

/// The steps whose resources were made.
fn made(commit: &Commit) -> impl Iterator<Item = &str> {
    let exchanges = commit.exchanges.iter();
    exchanges
        .filter(|exchange| exchange.purpose == "create" && exchange.outcome == Outcome::Done)
        .map(|exchange| exchange.step.as_str())
}

fn is_at(point: &CrashPoint, commit: &Commit) -> bool {
    made(commit).any(|step| point.name.contains(&format!(".{step}.create.")))
}
