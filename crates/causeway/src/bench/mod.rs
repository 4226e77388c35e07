//! How fast an operation is through gateway and journal, against the same vendor calls made directly
//! and by a hand-written module: ratios, in one run on one machine.

mod callers;
mod figures;
mod http;
mod journal;
mod memory;
mod old_services;
mod process;
mod running_gateway;
mod table;
mod testbed;
mod tutorial_module;
mod way;
mod world;

use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum;
use miette::Result;
use rustix::process::{Resource, getrlimit, setrlimit};

use self::callers::{Calls, call};
use self::figures::{Figures, Meter};
pub use self::table::Deed;
use self::table::Row;
pub use self::testbed::testbed;
use self::way::Made;
pub use self::way::WayName;
use self::world::{OpenWay, World};

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Creates and suspends, by each way and number of callers
    Calls,
    /// The same through gateways whose journal has many services in it
    Sizes,
    /// The resident memory of a gateway
    Memory,
}

/// What to measure.
#[derive(Debug, Clone)]
pub struct BenchSettings {
    pub parts: Vec<Part>,
    /// The ways that are compared.
    pub ways: Vec<WayName>,
    pub deeds: Vec<Deed>,
    /// How many callers at once, one row for each.
    pub callers: Vec<usize>,
    /// How long the vendor takes for each answer, one table for each.
    pub vendor_times: Vec<Duration>,
    /// How many services there are in a journal, one row for each.
    pub services: Vec<usize>,
    /// How many operations for each measurement, at most.
    pub operations: usize,
    /// How long each measurement may take.
    pub limit: Duration,
    /// How often each measurement is made; the median round counts.
    pub rounds: usize,
}

/// Runs every measurement and gives the tables as Markdown. `progress` is told of each measurement.
///
/// # Errors
/// A part could not be started, or an operation failed: a run with failures measures nothing.
pub async fn run(settings: &BenchSettings, progress: impl Fn(&str)) -> Result<String> {
    allow_many_connections();
    let mut tables = String::new();
    if settings.parts.contains(&Part::Calls) {
        for &vendor_time in &settings.vendor_times {
            tables.push_str(&calls(settings, vendor_time, &progress).await?);
        }
    }
    if settings.parts.contains(&Part::Sizes) {
        tables.push_str(&sizes(settings, &progress).await?);
    }
    if settings.parts.contains(&Part::Memory) {
        progress("the memory of a gateway");
        tables.push_str(&table::of_memory(memory::measure().await?));
    }
    Ok(tables)
}

/// Every way and every number of callers, with a vendor that takes so long.
async fn calls(
    settings: &BenchSettings,
    vendor_time: Duration,
    progress: &impl Fn(&str),
) -> Result<String> {
    let vendor = format!("vendor of {} ms", vendor_time.as_millis());
    let world = World::start(vendor_time).await?;
    let mut ways = Vec::new();
    for &name in &settings.ways {
        progress(&format!("{vendor}: warming up, {name}"));
        let way = world.open(name).await?;
        warm_up(&world, &way, settings).await?;
        ways.push((name, way));
    }
    let mut rows = Vec::new();
    for &callers in &settings.callers {
        progress(&format!("{vendor}: {callers} callers"));
        rows.extend(measure(&world, &ways, settings, callers).await?);
    }
    for (_, way) in ways {
        way.close().await;
    }
    Ok(settings
        .deeds
        .iter()
        .map(|&deed| table::of_calls(vendor_time, deed, &rows))
        .collect())
}

/// Creates and suspends through gateways whose journals have more and more services in them.
async fn sizes(settings: &BenchSettings, progress: &impl Fn(&str)) -> Result<String> {
    const CALLERS: usize = 16;
    let names = settings.ways.iter().filter(|name| name.has_journal());
    let mut sizes = Vec::new();
    for &services in &settings.services {
        let world = World::start(Duration::ZERO).await?;
        let mut ways = Vec::new();
        for &name in names.clone() {
            progress(&format!(
                "{name}: filling a journal with {services} services"
            ));
            let way = world.open(name).await?;
            if let Some(gateway) = way.gateway() {
                old_services::add(gateway, services, progress).await?;
            }
            warm_up(&world, &way, settings).await?;
            ways.push((name, way));
        }
        progress(&format!("journals with {services} services"));
        let rows = measure(&world, &ways, settings, CALLERS).await?;
        sizes.push((services, rows));
        for (_, way) in ways {
            way.close().await;
        }
    }
    Ok(table::of_sizes(CALLERS, &sizes))
}

async fn warm_up(world: &World, way: &OpenWay, settings: &BenchSettings) -> Result<()> {
    const CALLERS: usize = 16;
    let warm = BenchSettings {
        operations: settings.operations / 4,
        ..settings.clone()
    };
    create(world, way, &warm, CALLERS).await.map(|_| ())
}

/// One row for each deed: all ways by turns, the median round of each.
async fn measure(
    world: &World,
    ways: &[(WayName, OpenWay)],
    settings: &BenchSettings,
    callers: usize,
) -> Result<Vec<Row>> {
    let mut rounds: Vec<(WayName, Vec<Figures>, Vec<Figures>)> = ways
        .iter()
        .map(|(name, _)| (*name, Vec::new(), Vec::new()))
        .collect();
    for _ in 0..settings.rounds {
        for ((_, way), (_, creates, suspends)) in ways.iter().zip(&mut rounds) {
            let (made, figures) = create(world, way, settings, callers).await?;
            creates.push(figures);
            if settings.deeds.contains(&Deed::Suspend) {
                suspends.push(suspend(way, made, settings, callers).await?);
            }
        }
    }
    let row = |deed| Row {
        deed,
        callers,
        ways: rounds
            .iter()
            .filter_map(|(name, creates, suspends)| {
                let rounds = match deed {
                    Deed::Create => creates,
                    Deed::Suspend => suspends,
                };
                Some((*name, Figures::median(rounds.clone())?))
            })
            .collect(),
    };
    Ok(settings.deeds.iter().copied().map(row).collect())
}

async fn create(
    world: &World,
    way: &OpenWay,
    settings: &BenchSettings,
    callers: usize,
) -> Result<(Vec<Made>, Figures)> {
    let first = world.new_customers(settings.operations);
    let caller = way.way.clone();
    let create = move |number| {
        let way = caller.clone();
        async move { way.create(first + number).await }
    };
    let creates = call(callers, settings.operations, settings.limit, create);
    metered(way, creates).await
}

/// Suspends the services that a create has just made.
async fn suspend(
    way: &OpenWay,
    made: Vec<Made>,
    settings: &BenchSettings,
    callers: usize,
) -> Result<Figures> {
    let (caller, many) = (way.way.clone(), made.len());
    let made: Arc<[Made]> = made.into();
    let suspend = move |number: usize| {
        let (way, made) = (caller.clone(), made[number]);
        async move { way.suspend(made).await }
    };
    let suspends = call(callers, many, settings.limit, suspend);
    let (_, figures) = metered(way, suspends).await?;
    Ok(figures)
}

/// What calls by this way made, and their figures.
async fn metered<T>(
    way: &OpenWay,
    calls: impl Future<Output = Result<Calls<T>>>,
) -> Result<(Vec<T>, Figures)> {
    let syncs_before = way.syncs().await?;
    let meter = Meter::start(&way.processes());
    let Calls { made, times } = calls.await?;
    let figures = meter.stop(times, &way.processes());
    way.until_counted().await;
    let syncs = way.syncs().await?.zip(syncs_before);
    let syncs = syncs.map(|(now, before)| now.saturating_sub(before));
    Ok((made, figures.with_syncs(syncs)))
}

/// A thousand callers and what they wait for are some thousands of sockets, more than most systems
/// let a process have unasked.
fn allow_many_connections() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Where it is refused, a run that needs more says so.
    let _ = setrlimit(Resource::Nofile, limit);
}
