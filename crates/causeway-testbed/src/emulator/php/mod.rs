//! Real PHP: finds php-fpm, runs one pool for one emulator, and leaves nothing behind.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::sync::oneshot;

use super::error::EmulatorError;

mod find;
mod pool;

pub(super) use find::PACKAGES;
pub use find::find_php_fpm;

const START_LIMIT: Duration = Duration::from_secs(15);
const STOP_LIMIT: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(3);
/// `sun_path` of a unix socket holds 108 bytes on Linux and 104 on macOS, the last one a zero.
const LONGEST_SOCKET_PATH: usize = 103;

/// How PHP runs in one emulator.
#[derive(Debug, Clone)]
pub struct PhpSettings {
    /// The php-fpm to use instead of the one found.
    pub program: Option<PathBuf>,
    /// Requests at once.
    pub workers: u32,
    /// The longest time that one request may take.
    pub request_limit: Duration,
    /// Environment of the workers, such as `https_proxy`.
    pub environment: BTreeMap<String, String>,
    /// PHP settings that scripts cannot change, such as `curl.cainfo`.
    pub ini: BTreeMap<String, String>,
}

impl Default for PhpSettings {
    fn default() -> Self {
        Self {
            program: None,
            workers: 8,
            request_limit: Duration::from_secs(120),
            environment: BTreeMap::new(),
            ini: BTreeMap::new(),
        }
    }
}

/// A running php-fpm; dropping it stops the master and all workers.
#[derive(Debug)]
pub struct PhpFpm {
    socket: PathBuf,
    process_id: u32,
    stop: Option<mpsc::Sender<()>>,
    keeper: Option<thread::JoinHandle<()>>,
}

impl PhpFpm {
    /// Starts php-fpm with its files in `folder` and waits until it accepts connections.
    ///
    /// # Errors
    /// When there is no PHP, or php-fpm does not come up; its log is part of the error.
    pub async fn start(folder: &Path, settings: &PhpSettings) -> Result<Self, EmulatorError> {
        let program = find::find_php_fpm(settings.program.as_deref())?;
        let socket = folder.join("php-fpm.sock");
        let log = folder.join("php-fpm.log");
        if socket.as_os_str().len() > LONGEST_SOCKET_PATH {
            return Err(EmulatorError::PhpFpmFailed {
                reason: format!(
                    "the path {} is too long for a unix socket; use a shorter folder",
                    socket.display()
                ),
                log: String::new(),
            });
        }
        let configuration = folder.join("php-fpm.conf");
        fs::write(
            &configuration,
            pool::configuration(folder, &socket, &log, settings)?,
        )
        .map_err(EmulatorError::file("write", &configuration))?;

        let command = master(&program, &configuration, &log)?;
        let (stop, stopped) = mpsc::channel();
        let (report, reported) = oneshot::channel();
        let keeper = {
            let socket = socket.clone();
            thread::Builder::new()
                .name("php-fpm-keeper".into())
                .spawn(move || keep(command, &socket, &log, report, &stopped))
                .map_err(EmulatorError::file("start a thread for", &program))?
        };
        let mut php = Self {
            socket,
            process_id: 0,
            stop: Some(stop),
            keeper: Some(keeper),
        };
        php.process_id = reported.await.unwrap_or_else(|_| {
            Err(EmulatorError::PhpFpmFailed {
                reason: "its keeper thread ended".into(),
                log: String::new(),
            })
        })?;
        Ok(php)
    }

    /// Where FastCGI requests go.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Kills every worker with SIGKILL, and with them the requests that they are at, and waits until they
    /// are gone: none of them takes another request. The master starts new ones. Blocks, for some
    /// milliseconds.
    ///
    /// # Errors
    /// The system does not say which processes are the workers.
    pub fn kill_workers(&self) -> Result<(), EmulatorError> {
        let killed = self.workers()?;
        for worker in &killed {
            // One that has gone already needs no killing.
            let _ = kill_process(*worker, Signal::KILL);
        }
        let began = Instant::now();
        while began.elapsed() < STOP_LIMIT {
            let workers = self.workers()?;
            if !killed.iter().any(|worker| workers.contains(worker)) {
                break;
            }
            thread::sleep(POLL);
        }
        Ok(())
    }

    fn workers(&self) -> Result<Vec<Pid>, EmulatorError> {
        let master = self.process_id;
        let list = PathBuf::from(format!("/proc/{master}/task/{master}/children"));
        let children = fs::read_to_string(&list).map_err(EmulatorError::file("read", &list))?;
        Ok(children
            .split_whitespace()
            .filter_map(|id| Pid::from_raw(id.parse().ok()?))
            .collect())
    }

    /// The process id of the master.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.process_id
    }
}

impl Drop for PhpFpm {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(keeper) = self.keeper.take() {
            // A panic of the keeper has nothing to add while the emulator is going away.
            let _ = keeper.join();
        }
    }
}

fn master(program: &Path, configuration: &Path, log: &Path) -> Result<Command, EmulatorError> {
    let output = || {
        fs::File::options()
            .create(true)
            .append(true)
            .open(log)
            .map_err(EmulatorError::file("write", log))
    };
    let mut command = match find::setpriv() {
        Some(setpriv) => {
            let mut command = Command::new(setpriv);
            command.args(["--pdeathsig", "TERM", "--"]).arg(program);
            command
        }
        None => Command::new(program),
    };
    command
        .args(["--nodaemonize", "--fpm-config"])
        .arg(configuration);
    if rustix::process::geteuid().is_root() {
        command.arg("--allow-to-run-as-root");
    }
    command
        .stdin(Stdio::null())
        .stdout(output()?)
        .stderr(output()?);
    Ok(command)
}

/// Owns the master for its whole life. A thread of its own, because the kernel ties the
/// death signal to the thread that started the process.
fn keep(
    mut command: Command,
    socket: &Path,
    log: &Path,
    report: oneshot::Sender<Result<u32, EmulatorError>>,
    stopped: &mpsc::Receiver<()>,
) {
    let fail = |reason: String| EmulatorError::PhpFpmFailed {
        reason,
        log: tail(log),
    };
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            let _ = report.send(Err(fail(error.to_string())));
            return;
        }
    };
    let outcome = wait_until_it_accepts(&mut child, socket)
        .map(|()| child.id())
        .map_err(fail);
    let came_up = outcome.is_ok();
    if report.send(outcome).is_ok() && came_up {
        // Ends when the `PhpFpm` drops its sender.
        let _ = stopped.recv();
    }
    terminate(&mut child);
}

fn wait_until_it_accepts(child: &mut Child, socket: &Path) -> Result<(), String> {
    let start = Instant::now();
    while start.elapsed() < START_LIMIT {
        if UnixStream::connect(socket).is_ok() {
            return Ok(());
        }
        if let Ok(Some(status)) = child.try_wait() {
            return Err(format!("it ended with {status}"));
        }
        thread::sleep(POLL);
    }
    Err(format!(
        "it did not accept connections within {START_LIMIT:?}"
    ))
}

/// SIGTERM first: a master that is killed outright leaves its workers behind.
fn terminate(child: &mut Child) {
    let _ = kill_process(Pid::from_child(child), Signal::TERM);
    let start = Instant::now();
    while start.elapsed() < STOP_LIMIT {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        thread::sleep(POLL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// The last lines of a log, for an error message.
pub(super) fn tail(log: &Path) -> String {
    const LINES: usize = 12;
    let bytes = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    let mut tail = String::new();
    for line in &lines[lines.len().saturating_sub(LINES)..] {
        let _ = writeln!(tail, "  {line}");
    }
    tail
}
