//! Which cases there are: each scenario is played once, undisturbed, as only that tells which exchanges it
//! makes.

use std::sync::Arc;

use super::case::{CaseName, CasePattern, ExchangeName, Scenario};
use super::error::MatrixError;
use super::lane::{Lane, LaneSettings};
use super::plan::{Case, Reached, cases, scenarios};

/// The cases, and what they were made from.
pub struct Planned {
    /// The exchanges that are disturbed.
    pub exchanges: Vec<Reached>,
    /// Those that the definition describes and an undisturbed run does not make.
    pub not_reached: Vec<ExchangeName>,
    /// The cases in their order.
    pub cases: Vec<Case>,
}

/// The names of the cases that these patterns match, in their order; all when there is none.
///
/// # Errors
/// A scenario goes wrong undisturbed, or a part could not be started.
pub async fn list(
    settings: Arc<LaneSettings>,
    patterns: &[CasePattern],
) -> Result<Vec<CaseName>, MatrixError> {
    let mut lane = Lane::start(settings).await?;
    let planned = lane.plan(patterns).await;
    lane.end().await;
    let planned = planned?;
    Ok(planned.cases.into_iter().map(|case| case.name).collect())
}

impl Lane {
    /// The cases that these patterns match; all when there is none.
    ///
    /// # Errors
    /// A scenario goes wrong although nothing is disturbed.
    pub async fn plan(&mut self, patterns: &[CasePattern]) -> Result<Planned, MatrixError> {
        let any = |matches: &dyn Fn(&CasePattern) -> bool| {
            patterns.is_empty() || patterns.iter().any(matches)
        };
        self.start_whole_gateways().await?;
        let (mut exchanges, mut not_reached) = (Vec::new(), Vec::new());
        let scenarios = scenarios(&self.settings.definition).into_iter();
        let wanted = |scenario: &Scenario| any(&|pattern| pattern.reaches(*scenario));
        for scenario in scenarios.filter(wanted) {
            let (found, missed) = self.discover(scenario).await?;
            exchanges.extend(found);
            not_reached.extend(missed);
        }
        self.stop_gateways().await;
        let mut cases = cases(&exchanges, self.nodes.len() > 1);
        cases.retain(|case| any(&|pattern| pattern.matches(&case.name)));
        Ok(Planned {
            exchanges,
            not_reached,
            cases,
        })
    }
}
