//! The one thread that writes.
//!
//! It takes what waits, runs the jobs in one transaction and commits them all at once; then every
//! caller has its answer. A job that comes alone is committed at once, and while that commit goes to
//! the disk the next group gathers by itself; when the last group had company, the next one waits a
//! moment for more, because a commit costs far more than a job.
//!
//! Between two commits the journal is free for a moment that no other process could meet by chance, so
//! from time to time the thread leaves it longer: a command beside a busy gateway gets its turn.
//!
//! A job that fails must take back only itself, and hardly any job fails: so the jobs run bare at first,
//! and only when one has failed they are all run again, each in a savepoint of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use causeway_engine::StoreError;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::connection::BUSY_PAUSE;
use super::failure::{Failure, Result};

/// Bounds how long the first job of a group waits for the last one.
const LARGEST_GROUP: usize = 256;

/// How long a group waits for more, when the last one had company.
const GATHERING: Duration = Duration::from_micros(300);

/// How long other processes that want to write may have to wait, beside one commit.
const KEEPS_JOURNAL_FOR: Duration = Duration::from_millis(250);

/// How long the journal is left to them then: two looks of one that waits.
const LEAVES_JOURNAL_FOR: Duration = BUSY_PAUSE.saturating_mul(2);

/// What the writer has done since the store was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statistics {
    /// Durable commits.
    pub commits: u64,
    /// Writes that were in them.
    pub jobs: u64,
}

#[derive(Debug, Default)]
struct Counters {
    commits: AtomicU64,
    jobs: AtomicU64,
}

/// Hands jobs to the writing thread. Dropping it finishes what waits.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: Option<Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
    counters: Arc<Counters>,
}

impl Writer {
    /// Starts the thread on its connection.
    pub(crate) fn start(
        connection: Connection,
        path: PathBuf,
    ) -> std::result::Result<Self, StoreError> {
        let (queue, jobs) = mpsc::channel();
        let counters = Arc::new(Counters::default());
        let mut state = WriterThread {
            connection,
            path,
            jobs,
            counters: counters.clone(),
            in_company: false,
            left_journal: Instant::now(),
        };
        let thread = thread::Builder::new()
            .name("journal-writer".to_owned())
            .spawn(move || state.run())
            .map_err(|error| {
                StoreError::Unavailable(format!("the writing thread cannot be started ({error})"))
            })?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
            counters,
        })
    }

    /// Runs a job and returns once it is durable. A caller that goes away stops nothing.
    pub(crate) async fn write<T, F>(&self, work: F) -> std::result::Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Connection) -> Result<T> + Send + 'static,
    {
        let stopped = || {
            StoreError::Unavailable(
                "the journal's writer has stopped; restart the gateway and report its log"
                    .to_owned(),
            )
        };
        let (caller, answer) = oneshot::channel();
        let job = Box::new(Write {
            work,
            result: None,
            caller,
        });
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.send(job).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    pub(crate) fn statistics(&self) -> Statistics {
        Statistics {
            commits: self.counters.commits.load(Ordering::Relaxed),
            jobs: self.counters.jobs.load(Ordering::Relaxed),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the journal's writer ended with a panic");
        }
    }
}

/// One write, whatever its answer is.
trait Job: Send {
    /// Does the work inside the transaction; says whether it is to stay. Run again after the
    /// transaction was taken back, it does the same again.
    fn run(&mut self, connection: &Connection, path: &Path) -> bool;

    /// Tells the caller, once it is known whether the transaction is durable.
    fn answer(self: Box<Self>, committed: std::result::Result<(), StoreError>);
}

struct Write<T, F> {
    work: F,
    result: Option<std::result::Result<T, StoreError>>,
    caller: oneshot::Sender<std::result::Result<T, StoreError>>,
}

impl<T, F> Job for Write<T, F>
where
    T: Send,
    F: Fn(&Connection) -> Result<T> + Send,
{
    fn run(&mut self, connection: &Connection, path: &Path) -> bool {
        self.result = Some((self.work)(connection).map_err(|failure| failure.at(path)));
        matches!(self.result, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, committed: std::result::Result<(), StoreError>) {
        let answer = match (self.result, committed) {
            (Some(Err(own)), _) => Err(own),
            (_, Err(error)) => Err(error),
            (Some(result), Ok(())) => result,
            // Not run, and yet committed: dropping the caller's channel reports it.
            (None, Ok(())) => return,
        };
        // A caller that went away does not want its answer.
        let _ = self.caller.send(answer);
    }
}

struct WriterThread {
    connection: Connection,
    path: PathBuf,
    jobs: Receiver<Box<dyn Job>>,
    counters: Arc<Counters>,
    /// Whether the last group had more than one job.
    in_company: bool,
    /// When other processes could write last.
    left_journal: Instant,
}

impl WriterThread {
    fn run(&mut self) {
        let mut group = Vec::with_capacity(LARGEST_GROUP);
        while let Ok(first) = self.jobs.recv() {
            let committed = self
                .commit_group(first, &mut group)
                .map_err(|failure| failure.at(&self.path));
            match &committed {
                Ok(()) => self.count(group.len()),
                Err(error) => {
                    tracing::error!(%error, jobs = group.len(), "a group of writes failed");
                    // Whatever waits has waited for the same obstacle.
                    group.extend(self.jobs.try_iter());
                }
            }
            self.in_company = group.len() > 1;
            for job in group.drain(..) {
                job.answer(committed.clone());
            }
            if self.left_journal.elapsed() > KEEPS_JOURNAL_FOR {
                thread::sleep(LEAVES_JOURNAL_FOR);
                self.left_journal = Instant::now();
            }
        }
    }

    fn count(&self, jobs: usize) {
        self.counters.commits.fetch_add(1, Ordering::Relaxed);
        self.counters.jobs.fetch_add(jobs as u64, Ordering::Relaxed);
    }

    /// Runs the first job and what waits behind it in one durable transaction. Every job that was
    /// taken is in `group` afterwards.
    fn commit_group(&mut self, first: Box<dyn Job>, group: &mut Vec<Box<dyn Job>>) -> Result<()> {
        group.push(first);
        let bare = |job: &mut dyn Job| Ok(job.run(&self.connection, &self.path));
        if self.in_transaction(|| self.run_all(group, bare))? {
            return Ok(());
        }
        let apart = |job: &mut dyn Job| self.run_in_savepoint(job).map(|()| true);
        self.in_transaction(|| self.run_all(group, apart))
            .map(|_| ())
    }

    /// Commits what `work` does when it says `true`, else takes it back.
    fn in_transaction(&self, work: impl FnOnce() -> Result<bool>) -> Result<bool> {
        self.execute("BEGIN IMMEDIATE")?;
        let result = work().and_then(|well| {
            if well {
                self.execute("COMMIT")?;
            }
            Ok(well)
        });
        if !matches!(result, Ok(true)) && !self.connection.is_autocommit() {
            self.execute("ROLLBACK")?;
        }
        result
    }

    /// Runs the jobs, and those that come meanwhile, until one is not well; says whether all were.
    fn run_all(
        &self,
        group: &mut Vec<Box<dyn Job>>,
        run: impl Fn(&mut dyn Job) -> Result<bool>,
    ) -> Result<bool> {
        let gathers_until = Instant::now() + GATHERING;
        let mut next = 0;
        while let Some(job) = group.get_mut(next) {
            if !run(job.as_mut())? {
                return Ok(false);
            }
            next += 1;
            if next == group.len() && next < LARGEST_GROUP {
                group.extend(self.next_job(gathers_until));
            }
        }
        Ok(true)
    }

    fn next_job(&self, gathers_until: Instant) -> Option<Box<dyn Job>> {
        if let Ok(job) = self.jobs.try_recv() {
            return Some(job);
        }
        let wait = gathers_until.saturating_duration_since(Instant::now());
        if !self.in_company || wait.is_zero() {
            return None;
        }
        // Asleep, and not listening: to be woken for each job costs more than the job.
        thread::sleep(wait);
        self.jobs.try_recv().ok()
    }

    /// An error here is one of the whole group: a job's own error stays with the job.
    fn run_in_savepoint(&self, job: &mut dyn Job) -> Result<()> {
        self.execute("SAVEPOINT job")?;
        if !job.run(&self.connection, &self.path) {
            // After a full disk or a failing one, SQLite has taken back everything.
            if self.connection.is_autocommit() {
                return Err(Failure::Store(StoreError::Unavailable(
                    "a write in the same group failed and took the others back with it; try again"
                        .to_owned(),
                )));
            }
            self.execute("ROLLBACK TO job")?;
        }
        self.execute("RELEASE job")
    }

    fn execute(&self, statement: &str) -> Result<()> {
        self.connection.prepare_cached(statement)?.execute([])?;
        Ok(())
    }
}
