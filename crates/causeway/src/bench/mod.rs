//! How fast a create is through gateway and journal, as a ratio of the same vendor calls made
//! directly, in one run on one machine.

mod bridge;
mod callers;
mod figures;

use std::fmt::Write as _;
use std::time::Duration;

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
    /// How long the vendor takes for each answer, one table for each.
    pub vendor_times: Vec<Duration>,
}

/// Runs every measurement and gives the tables as Markdown. `progress` is told of each measurement.
///
/// # Errors
/// A part could not be started, or a create failed: a run with failures measures nothing.
pub async fn run(settings: &BenchSettings, progress: impl Fn(&str)) -> Result<String> {
    let mut tables = String::new();
    for &vendor_time in &settings.vendor_times {
        let milliseconds = vendor_time.as_millis();
        let _ = writeln!(
            tables,
            "A vendor that takes {milliseconds} ms for each of the four calls:\n\n{HEAD}"
        );
        let bridge = Bridge::start(vendor_time).await?;
        progress(&format!("vendor of {milliseconds} ms: warming up"));
        callers::direct(&bridge, settings.creates / 4, 16).await?;
        callers::through_gateway(&bridge, settings.creates / 4, 16).await?;
        for &callers in &settings.callers {
            progress(&format!("vendor of {milliseconds} ms: {callers} callers"));
            // Few callers of a slow vendor make few creates a second; their figures need no more.
            let most = if vendor_time.is_zero() {
                usize::MAX
            } else {
                200 * callers.max(2)
            };
            tables.push_str(&measure(&bridge, settings, callers, most).await?);
        }
        bridge.stop().await;
        tables.push('\n');
    }
    Ok(tables)
}

/// One row: direct and through the gateway by turns, the median round of each.
async fn measure(
    bridge: &Bridge,
    settings: &BenchSettings,
    callers: usize,
    most: usize,
) -> Result<String> {
    let creates = settings.creates.min(most);
    let (mut direct, mut gateway, mut commits) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..settings.rounds {
        direct.push(callers::direct(bridge, creates, callers).await?);
        let before = bridge.commits();
        gateway.push(callers::through_gateway(bridge, creates, callers).await?);
        #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
        commits.push((bridge.commits() - before) as f64 / creates as f64);
    }
    commits.sort_by(f64::total_cmp);
    let commits = commits[commits.len() / 2];
    Ok(row(
        callers,
        &Figures::median(direct),
        &Figures::median(gateway),
        commits,
    ))
}

const HEAD: &str = "\
| callers | direct creates/s | p50 | p99 | CPU | gateway creates/s | p50 | p99 | CPU | throughput ratio | added p50 | fsyncs per create |
|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|";

fn row(callers: usize, direct: &Figures, gateway: &Figures, commits: f64) -> String {
    format!(
        "| {callers} | {:.0} | {:.2} ms | {:.2} ms | {:.2} ms | {:.0} | {:.2} ms | {:.2} ms | {:.2} ms | **{:.2}** | **{:+.2} ms** | {commits:.2} |\n",
        direct.per_second,
        direct.p50,
        direct.p99,
        direct.cpu,
        gateway.per_second,
        gateway.p50,
        gateway.p99,
        gateway.cpu,
        gateway.per_second / direct.per_second,
        gateway.p50 - direct.p50,
    )
}
