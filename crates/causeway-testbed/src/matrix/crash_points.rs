//! The gateway is killed at every point at which it awaits or commits something, in every scenario; the
//! points are those that an undisturbed run reaches.

use std::collections::HashMap;
use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::case::Scenario;
use super::error::MatrixError;
use super::follow::crash_at;
use super::lane::{Lane, LaneSettings};
use super::lanes::{Game, play_all};
use super::plan::scenarios;
use super::play::Story;
use crate::fault_proxy::Port;

const RECORD: &str = "crash-points";

/// A death at one point, and how what was under way ended.
#[derive(Debug, Clone)]
pub struct Death {
    /// What was under way.
    pub scenario: Scenario,
    /// The point's name, and which time it was reached: `create.user.committed#2`.
    pub point: String,
    /// Whether a person had to decide.
    pub decided: bool,
    /// What is not as it should be afterwards.
    pub complaints: Vec<String>,
    /// What nobody could read afterwards, and why.
    pub not_known: Vec<String>,
}

/// What killing at every point has shown.
#[derive(Debug)]
pub struct CrashPointsReport {
    /// Each death.
    pub deaths: Vec<Death>,
    /// How long it took.
    pub took: Duration,
}

/// Kills a gateway at every point of every scenario that the definition offers, in so many lanes at
/// once.
///
/// # Errors
/// A scenario goes wrong undisturbed, or a part could not be started.
pub async fn crash_points(
    settings: Arc<LaneSettings>,
    lanes: usize,
    mut progress: impl FnMut(&Death),
) -> Result<CrashPointsReport, MatrixError> {
    let began = Instant::now();
    let mut first = Lane::start(Arc::clone(&settings)).await?;
    let points = match first.all_crash_points().await {
        Ok(points) => points,
        Err(error) => {
            first.end().await;
            return Err(error);
        }
    };
    let mut deaths = Vec::new();
    play_all(
        Arc::new(Deaths),
        &settings,
        points,
        lanes,
        Some(first),
        |death| {
            progress(&death);
            deaths.push(death);
        },
    )
    .await?;
    deaths.sort_by(|one, other| (one.scenario, &one.point).cmp(&(other.scenario, &other.point)));
    Ok(CrashPointsReport {
        deaths,
        took: began.elapsed(),
    })
}

/// Each death as lanes play it.
struct Deaths;

impl Game for Deaths {
    type Item = (Scenario, String);
    type Outcome = Death;

    async fn play(
        &self,
        lane: &mut Lane,
        (scenario, point): &Self::Item,
    ) -> Result<Death, MatrixError> {
        lane.die_at(*scenario, point).await
    }

    fn is_right(death: &Death) -> bool {
        death.complaints.is_empty()
    }
}

impl Lane {
    async fn all_crash_points(&mut self) -> Result<Vec<(Scenario, String)>, MatrixError> {
        let mut points = Vec::new();
        for scenario in scenarios(&self.settings.definition) {
            // How a given vendor says that a service is suspended is learnt from it.
            if scenario.is_of_suspension() {
                self.discover(scenario).await?;
            }
            let reached = self.crash_points_of(scenario).await?;
            points.extend(reached.into_iter().map(|point| (scenario, point)));
        }
        Ok(points)
    }

    /// The points that an undisturbed run of a scenario reaches, each as often as it is reached.
    async fn crash_points_of(&mut self, scenario: Scenario) -> Result<Vec<String>, MatrixError> {
        let file = self.program.folder.join(RECORD);
        // There is none before the first run.
        let _ = fs::remove_file(&file);
        let (purchase, call) = self.prepare(scenario, Port::Http).await?;
        let record = ["--record-crash-points", RECORD].map(str::to_owned);
        self.start_gateway(0, &record).await?;
        self.lead_to(0);
        let told = call.make(&self.whmcs).await?;
        self.kill_gateway(0).await;
        self.start_all_gateways().await?;
        if !told.success {
            return Err(MatrixError::Undisturbed {
                scenario,
                reason: told.message,
            });
        }
        self.give_up(purchase).await;
        let names =
            fs::read_to_string(&file).map_err(|source| MatrixError::File { file, source })?;
        let mut times = HashMap::<&str, u32>::new();
        let numbered = names.lines().map(|name| {
            let time = times.entry(name).or_default();
            *time += 1;
            format!("{name}#{time}")
        });
        Ok(numbered.collect())
    }

    async fn die_at(&mut self, scenario: Scenario, point: &str) -> Result<Death, MatrixError> {
        let mut story = Story::default();
        self.start_all_gateways().await?;
        let (mut purchase, call) = self.prepare(scenario, Port::Http).await?;
        self.vendor.honours_idempotency_keys(false);
        self.proxy.arm([]).await;
        self.start_gateway(0, &crash_at(point)).await?;
        self.lead_to(0);
        let told = call.make(&self.whmcs).await?;
        story.add(&call, &told);
        if !self.died(0, &mut story).await {
            let complaint = "the gateway never came to this point, so nothing is proven";
            story.complaints.push(complaint.to_owned());
        }
        // Where there is another gateway, it is the one that goes on.
        match self.nodes.len() {
            1 => self.start_all_gateways().await?,
            _ => self.lead_to(1),
        }
        self.bring_to_an_end(false, &purchase, &call, &mut story)
            .await?;
        self.start_all_gateways().await?;
        self.proxy.settled().await;
        self.compare(scenario, &mut purchase, &mut story).await?;
        self.give_up(purchase).await;
        Ok(Death {
            scenario,
            point: point.to_owned(),
            decided: story.decided,
            complaints: story.complaints,
            not_known: story.not_known,
        })
    }
}
