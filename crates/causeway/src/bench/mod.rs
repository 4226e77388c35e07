//! How fast a create is through gateway and journal, as a ratio of the same vendor calls made
//! directly, in one run on one machine.

mod bridge;
mod callers;
mod figures;

use std::fmt::Write as _;

use miette::Result;

use self::bridge::Bridge;
use self::figures::Figures;

/// What to measure.
#[derive(Debug, Clone)]
pub struct BenchSettings {
    /// How many creates for each measurement.
    pub creates: usize,
    /// How many callers at once, one row for each.
    pub callers: Vec<usize>,
    /// How often each measurement is made; the median round counts.
    pub rounds: usize,
}

/// Runs every measurement and gives the table as Markdown. `progress` is told of each measurement.
///
/// # Errors
/// A part could not be started, or a create failed: a run with failures measures nothing.
pub async fn run(settings: &BenchSettings, progress: impl Fn(&str)) -> Result<String> {
    let bridge = Bridge::start().await?;
    progress("warming up");
    callers::direct(&bridge, settings.creates / 4, 16).await?;
    callers::through_gateway(&bridge, settings.creates / 4, 16).await?;
    let mut table = String::from(HEAD);
    for &callers in &settings.callers {
        let (mut direct, mut gateway, mut commits) = (Vec::new(), Vec::new(), Vec::new());
        for round in 1..=settings.rounds {
            progress(&format!(
                "{callers} callers, round {round} of {}: direct",
                settings.rounds
            ));
            direct.push(callers::direct(&bridge, settings.creates, callers).await?);
            progress(&format!(
                "{callers} callers, round {round} of {}: gateway",
                settings.rounds
            ));
            let before = bridge.commits();
            gateway.push(callers::through_gateway(&bridge, settings.creates, callers).await?);
            #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
            commits.push((bridge.commits() - before) as f64 / settings.creates as f64);
        }
        commits.sort_by(f64::total_cmp);
        row(
            &mut table,
            callers,
            &Figures::median(direct),
            &Figures::median(gateway),
            commits[commits.len() / 2],
        );
    }
    bridge.stop().await;
    Ok(table)
}

const HEAD: &str = "\
| callers | direct creates/s | p50 | p99 | gateway creates/s | p50 | p99 | throughput ratio | added p50 | fsyncs per create |
|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
";

fn row(table: &mut String, callers: usize, direct: &Figures, gateway: &Figures, commits: f64) {
    let _ = writeln!(
        table,
        "| {callers} | {:.0} | {:.2} ms | {:.2} ms | {:.0} | {:.2} ms | {:.2} ms | **{:.2}** | **{:+.2} ms** | {commits:.2} |",
        direct.per_second,
        direct.p50,
        direct.p99,
        gateway.per_second,
        gateway.p50,
        gateway.p99,
        gateway.per_second / direct.per_second,
        gateway.p50 - direct.p50,
    );
}
