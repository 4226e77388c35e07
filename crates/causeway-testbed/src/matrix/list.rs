//! Which cases there are, without playing them.

use std::sync::Arc;

use super::case::{CaseName, CasePattern};
use super::error::MatrixError;
use super::lane::{Lane, LaneSettings};
use super::plan::{cases, scenarios};

/// The names of the cases that these patterns match, in their order; all when there is none. Each
/// scenario is played once, undisturbed, as only that tells which exchanges it makes.
///
/// # Errors
/// A scenario goes wrong undisturbed, or a part could not be started.
pub async fn list(
    settings: Arc<LaneSettings>,
    patterns: &[CasePattern],
) -> Result<Vec<CaseName>, MatrixError> {
    let mut lane = Lane::start(Arc::clone(&settings)).await?;
    let mut exchanges = Vec::new();
    for scenario in scenarios(&settings.definition) {
        let (found, _) = lane.discover(scenario).await?;
        exchanges.extend(found);
    }
    let wanted = |name: &CaseName| {
        patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(name))
    };
    let names = cases(&exchanges, lane.nodes.len() > 1).into_iter();
    Ok(names.map(|case| case.name).filter(wanted).collect())
}
