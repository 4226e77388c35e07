//! Two gateways on one PostgreSQL: while creates run, one gateway is killed, and the database is killed
//! and started again before the other gateway has taken over. Later the first one comes back and the
//! other one is killed, with the database up. In the end nothing is lost and nothing doubled.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::case::Scenario;
use super::error::MatrixError;
use super::lane::{JournalSettings, Lane, LaneSettings};
use super::purchase::{Call, Purchase, State};
use super::vendor::ExpectedAtVendor;
use crate::emulator::Emulator;
use crate::fault_proxy::Port;
use crate::postgres::{PostgresError, PostgresServer};

/// How long WHMCS waits before it tries again what failed.
const BETWEEN_TRIES: Duration = Duration::from_millis(300);
/// How often it tries before the create is given up.
const MOST_TRIES: usize = 300;
/// How much of what it was told is kept.
const MOST_WORDS: usize = 40;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);
/// How long after the gateway the database is killed: in the middle of the dead gateway's lease.
const DATABASE_FOLLOWS_AFTER: Duration = Duration::from_secs(1);

/// What was seen.
#[derive(Debug, Clone, Default)]
pub struct TwoGatewaysReport {
    /// Services that were bought.
    pub creates: usize,
    /// Clients that bought them; some bought two at once.
    pub clients: usize,
    /// The first gateway's end, with the database's outage after it.
    pub with_outage: TakeOver,
    /// The other gateway's end, once the first one was back.
    pub without_outage: TakeOver,
    /// Open operations, of both gateways, when the database was killed.
    pub open_at_outage: usize,
    /// For how long the database was away.
    pub database_away: Duration,
    /// From the database's return until WHMCS was told the next success.
    pub success_after_outage: Duration,
    /// All calls of the module.
    pub calls: usize,
    /// From the first call until the last create had succeeded.
    pub took: Duration,
    /// What WHMCS was told when a call was no success, and how often.
    pub refusals: BTreeMap<String, usize>,
    /// What is not as it should be.
    pub complaints: Vec<String>,
}

/// How one gateway's operations became the other one's.
#[derive(Debug, Clone, Default)]
pub struct TakeOver {
    /// Creates that had not succeeded when the gateway was killed.
    pub left: usize,
    /// Operations that changed hands.
    pub abandoned: usize,
    /// From the gateway's end until the other one had all of them.
    pub after: Duration,
}

impl fmt::Display for TakeOver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} creates left; {} operations changed hands within {:.2} s",
            self.left,
            self.abandoned,
            self.after.as_secs_f64()
        )
    }
}

impl fmt::Display for TwoGatewaysReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |time: &Duration| format!("{:.2} s", time.as_secs_f64());
        writeln!(
            formatter,
            "{} creates for {} clients over two gateways, {} module calls, in {}",
            self.creates,
            self.clients,
            self.calls,
            seconds(&self.took)
        )?;
        writeln!(formatter, "one gateway killed: {}", self.with_outage)?;
        writeln!(
            formatter,
            "  the database killed {} after it: {} operations open, away for {}, next success after {}",
            seconds(&DATABASE_FOLLOWS_AFTER),
            self.open_at_outage,
            seconds(&self.database_away),
            seconds(&self.success_after_outage)
        )?;
        writeln!(
            formatter,
            "the other one killed, the database up: {}",
            self.without_outage
        )?;
        for (message, times) in &self.refusals {
            writeln!(formatter, "told {times} times: {message}")?;
        }
        match self.complaints.as_slice() {
            [] => writeln!(
                formatter,
                "{} services at the vendor, {} active in WHMCS, none lost, none doubled",
                self.creates, self.creates
            ),
            complaints => complaints
                .iter()
                .try_for_each(|complaint| writeln!(formatter, "WRONG: {complaint}")),
        }
    }
}

/// Buys so many services, creates all of them while a gateway and the database die, and compares what
/// WHMCS, the journal and the vendor have in the end.
///
/// # Errors
/// A part of the lane failed; nothing is proven then.
pub async fn two_gateways(
    settings: LaneSettings,
    server: Arc<PostgresServer>,
    creates: usize,
) -> Result<TwoGatewaysReport, MatrixError> {
    let settings = LaneSettings {
        journal: JournalSettings::Postgres(Arc::clone(&server)),
        ..settings
    };
    let mut lane = Lane::start(Arc::new(settings)).await?;
    lane.vendor.honours_idempotency_keys(false);
    let journal = Journal {
        server,
        url: lane.program.journal.clone(),
    };
    let (mut purchases, calls) = buy(&mut lane, creates).await?;
    let mut report = TwoGatewaysReport {
        creates,
        clients: purchases.len(),
        ..TwoGatewaysReport::default()
    };

    let began = Instant::now();
    let tally = Arc::new(Tally::default());
    let mut callers = call_all(&lane, calls, &tally);
    tally.reaches(creates / 4, creates).await;
    let killed_at = journal.kill(&mut lane, 0).await?;
    report.with_outage.left = creates - tally.succeeded();
    tokio::time::sleep_until((killed_at + DATABASE_FOLLOWS_AFTER).into()).await;
    report.open_at_outage = journal.open_operations().await?;
    let down = Instant::now();
    journal.restart().await?;
    let up = Instant::now();
    report.database_away = up - down;
    let before = tally.succeeded();
    let (success, taken_over) = tokio::join!(
        async {
            tally.reaches(before + 1, creates).await;
            Instant::now()
        },
        journal.taken_over(killed_at)
    );
    report.success_after_outage = success - up;
    (report.with_outage.abandoned, report.with_outage.after) = taken_over?;

    lane.start_all_gateways().await?;
    let left = creates - tally.succeeded();
    tally.reaches(creates - left / 2, creates).await;
    let killed_at = journal.kill(&mut lane, 1).await?;
    report.without_outage.left = creates - tally.succeeded();
    (report.without_outage.abandoned, report.without_outage.after) =
        journal.taken_over(killed_at).await?;
    lane.lead_to_all();

    while let Some(caller) = callers.join_next().await {
        let caller = match caller {
            Ok(caller) => caller,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        };
        report.calls += caller.calls;
        for refusal in caller.refusals {
            *report.refusals.entry(refusal).or_default() += 1;
        }
        if !caller.succeeded {
            let complaint = format!("{}: WHMCS was never told a success", caller.name);
            report.complaints.push(complaint);
        }
    }
    report.took = began.elapsed();
    lane.proxy.settled().await;

    for purchase in &mut purchases {
        purchase.now_stands(State::Active);
        let complaints = lane
            .truths(purchase, &ExpectedAtVendor::default())
            .await?
            .complaints;
        let name = purchase.reference();
        let complaints = complaints.into_iter().map(|what| format!("{name}: {what}"));
        report.complaints.extend(complaints);
    }
    let at_vendor = lane.vendor.live_services()?;
    if at_vendor != creates {
        let complaint = format!("the vendor has {at_vendor} live services, not {creates}");
        report.complaints.push(complaint);
    }
    let open = journal.open_operations().await?;
    if open > 0 {
        let complaint = format!("{open} operations are still open");
        report.complaints.push(complaint);
    }
    Ok(report)
}

/// Every second client buys two services at once, which share a user.
async fn buy(
    lane: &mut Lane,
    creates: usize,
) -> Result<(Vec<Purchase>, Vec<(String, Call)>), MatrixError> {
    let (mut purchases, mut calls) = (Vec::new(), Vec::new());
    while calls.len() < creates {
        let two = purchases.len() % 2 == 1 && calls.len() + 2 <= creates;
        let scenario = match two {
            true => Scenario::CreateTogether,
            false => Scenario::Create,
        };
        let (purchase, call) = lane.prepare(scenario, Port::Http).await?;
        let due = match call {
            Call::Together(due) => due.into_iter().map(Call::Due).collect(),
            call => vec![call],
        };
        let names = purchase.all().map(Purchase::reference);
        calls.extend(names.zip(due));
        purchases.push(purchase);
    }
    Ok((purchases, calls))
}

/// What became of one create.
struct Caller {
    name: String,
    calls: usize,
    refusals: Vec<String>,
    succeeded: bool,
}

/// How far the creates have come.
#[derive(Default)]
struct Tally {
    succeeded: AtomicUsize,
    given_up: AtomicUsize,
}

impl Tally {
    fn add(&self, caller: &Caller) {
        let counter = match caller.succeeded {
            true => &self.succeeded,
            false => &self.given_up,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    fn succeeded(&self) -> usize {
        self.succeeded.load(Ordering::Relaxed)
    }

    /// Waits until so many of all creates have succeeded, or none is left.
    async fn reaches(&self, wanted: usize, all: usize) {
        let is_there = || {
            let succeeded = self.succeeded();
            succeeded >= wanted || succeeded + self.given_up.load(Ordering::Relaxed) >= all
        };
        while !is_there() {
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }
}

/// Makes all calls at once, as far as WHMCS has workers for them.
fn call_all(lane: &Lane, calls: Vec<(String, Call)>, tally: &Arc<Tally>) -> JoinSet<Caller> {
    let workers = usize::try_from(lane.settings.php_workers).unwrap_or(1);
    let workers = Arc::new(Semaphore::new(workers.max(1)));
    let mut callers = JoinSet::new();
    for (name, call) in calls {
        let (whmcs, workers) = (lane.whmcs.clone(), Arc::clone(&workers));
        let tally = Arc::clone(tally);
        callers.spawn(async move {
            let caller = until_success(name, &call, &whmcs, &workers).await;
            tally.add(&caller);
            caller
        });
    }
    callers
}

async fn until_success(name: String, call: &Call, whmcs: &Emulator, workers: &Semaphore) -> Caller {
    let mut caller = Caller {
        name,
        calls: 0,
        refusals: Vec::new(),
        succeeded: false,
    };
    while !caller.succeeded && caller.calls < MOST_TRIES {
        if caller.calls > 0 {
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
        let worker = workers.acquire().await;
        let told = call.make(whmcs).await;
        drop(worker);
        caller.calls += 1;
        match told {
            Ok(told) if told.success => caller.succeeded = true,
            Ok(told) => caller.refusals.push(without_numbers(&told.message)),
            // The page broke down, as WHMCS's own can under such a load.
            Err(error) => caller.refusals.push(without_numbers(&error.to_string())),
        }
    }
    caller
}

/// The first words of a message; those that differ in an id, a time or a port only count together.
fn without_numbers(message: &str) -> String {
    let words = message.split(' ').take(MOST_WORDS).map(|word| {
        let is_number = word.len() > 3 && word.contains(|letter: char| letter.is_ascii_digit());
        if is_number { "…" } else { word }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The journal's own tables.
struct Journal {
    server: Arc<PostgresServer>,
    url: String,
}

impl Journal {
    async fn number(&self, statement: &'static str) -> Result<i64, MatrixError> {
        let (server, url) = (Arc::clone(&self.server), self.url.clone());
        let said = blocking(move || server.sql_in(&url, statement)).await?;
        said.trim().parse().map_err(|_| {
            MatrixError::from(PostgresError::Failed {
                what: "a number",
                log: said,
            })
        })
    }

    /// Kills a gateway, and notes in the database what was open and whose.
    async fn kill(&self, lane: &mut Lane, number: usize) -> Result<Instant, MatrixError> {
        lane.kill_gateway(number).await;
        let at = Instant::now();
        let (server, url) = (Arc::clone(&self.server), self.url.clone());
        let note = "DROP TABLE IF EXISTS at_kill;
                    CREATE TABLE at_kill AS SELECT sequence, node FROM causeway.operations WHERE standing = 'open'";
        blocking(move || server.sql_in(&url, note)).await?;
        Ok(at)
    }

    async fn open_operations(&self) -> Result<usize, MatrixError> {
        let open = self
            .number("SELECT count(*) FROM causeway.operations WHERE standing = 'open'")
            .await?;
        Ok(usize::try_from(open).unwrap_or_default())
    }

    /// Kills the server and starts it again.
    async fn restart(&self) -> Result<(), MatrixError> {
        let server = Arc::clone(&self.server);
        blocking(move || {
            server.kill();
            server.start()
        })
        .await
    }

    /// Waits until one gateway is left and everything open is its own: how many operations changed hands,
    /// and how long that took.
    async fn taken_over(&self, killed_at: Instant) -> Result<(usize, Duration), MatrixError> {
        let left = "SELECT (SELECT abs(count(*) - 1) FROM causeway.nodes WHERE ended_at IS NULL)
                         + (SELECT count(*) FROM causeway.operations AS o WHERE o.standing = 'open' AND NOT EXISTS (
                                SELECT FROM causeway.nodes AS n WHERE n.number = o.node AND n.ended_at IS NULL))";
        while self.number(left).await? > 0 {
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        let after = killed_at.elapsed();
        let changed = "SELECT count(*) FROM at_kill JOIN causeway.operations AS o USING (sequence)
                       WHERE o.node <> at_kill.node";
        let changed = usize::try_from(self.number(changed).await?).unwrap_or_default();
        Ok((changed, after))
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PostgresError> + Send + 'static,
) -> Result<T, MatrixError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
