//! A PostgreSQL server of one's own: on a free port, with its data in a temporary folder, and gone
//! with whoever started it.

mod error;
mod programs;

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use uuid::Uuid;

pub use self::error::PostgresError;
use self::programs::{Account, Programs};

const USER: &str = "causeway";
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// Runs the server until whoever started it says `stop`, or is gone: then its folder goes, too.
const KEEPER: &str = r#"
folder=$1; shift
rm -f "$folder/ended"
{
    "$@" >>"$folder/log" 2>&1 &
    echo $! >"$folder/server"
    wait $!
    : >"$folder/ended"
} </dev/null &
word=gone
read -r word || word=gone
kill -INT "$(cat "$folder/server")" 2>/dev/null
wait
[ "$word" = stop ] || rm -rf "$folder"
"#;

/// How the server is to be.
#[derive(Debug, Clone, Copy)]
pub struct PostgresSettings {
    /// Whether a commit is on the disk when it is acknowledged, as on a real server.
    pub fsync: bool,
    /// How many connections it takes.
    pub connections: u16,
}

impl Default for PostgresSettings {
    fn default() -> Self {
        Self {
            fsync: true,
            connections: 300,
        }
    }
}

/// A PostgreSQL server that listens on 127.0.0.1 and on a socket in its folder. Dropping it stops it
/// and removes its data.
#[derive(Debug)]
pub struct PostgresServer {
    programs: Programs,
    account: Option<Account>,
    settings: PostgresSettings,
    password: String,
    port: u16,
    keeper: Mutex<Option<Child>>,
    databases: AtomicU32,
    folder: TempDir,
}

impl PostgresServer {
    /// Makes a server and starts it; returns once it takes connections. Blocks for a second or two.
    ///
    /// # Errors
    /// When there is no PostgreSQL on this machine, or it does not come up.
    pub fn start_new(settings: PostgresSettings) -> Result<Self, PostgresError> {
        let folder = tempfile::Builder::new()
            .prefix("causeway-postgres-")
            .tempdir()
            .map_err(PostgresError::file("make", Path::new("a temporary folder")))?;
        let server = Self {
            programs: Programs::find()?,
            account: Account::to_drop_to()?,
            settings,
            password: Uuid::new_v4().simple().to_string(),
            port: free_port()?,
            keeper: Mutex::default(),
            databases: AtomicU32::new(0),
            folder,
        };
        server.make_data()?;
        server.start()?;
        Ok(server)
    }

    /// The address of a database that every server has.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// Makes an empty database, and gives its address.
    ///
    /// # Errors
    /// When the server does not make it.
    pub fn new_database(&self) -> Result<String, PostgresError> {
        let name = format!("journal_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.sql(&format!("CREATE DATABASE {name}"))?;
        Ok(self.url_of(&name))
    }

    /// Runs a statement in the database that every server has, or in the one of this address, and
    /// gives what it prints, one row a line, columns separated by `|`.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn sql(&self, statement: &str) -> Result<String, PostgresError> {
        self.sql_in(&self.url(), statement)
    }

    /// [`PostgresServer::sql`] in the database of this address.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn sql_in(&self, url: &str, statement: &str) -> Result<String, PostgresError> {
        let psql = self.programs.path("psql");
        let output = Command::new(&psql)
            .args(["--no-psqlrc", "--tuples-only", "--no-align", "--quiet"])
            .args(["--set=ON_ERROR_STOP=1", "--command", statement, url])
            .stdin(Stdio::null())
            .output()
            .map_err(PostgresError::file("run", &psql))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout)
                .trim_end()
                .to_owned());
        }
        Err(PostgresError::Failed {
            what: "a statement",
            log: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Starts the server that was stopped or killed, on the same port and with the same data.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start(&self) -> Result<(), PostgresError> {
        let folder = self.folder.path();
        self.stop();
        let status = self.status_file();
        for left in [&status, &folder.join("ended")] {
            let _ = fs::remove_file(left);
        }
        let on_or_off = |setting| if setting { "on" } else { "off" };
        let mut command = self.as_account(Path::new("sh"));
        command
            .args(["-c", KEEPER, "postgres-keeper"])
            .arg(folder)
            .arg(self.programs.path("postgres"))
            .arg("-D")
            .arg(folder.join("data"))
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string()])
            .arg("-k")
            .arg(folder)
            .args(["-N", &self.settings.connections.to_string()])
            .args(["-c", &format!("fsync={}", on_or_off(self.settings.fsync))])
            .args(["-c", "logging_collector=off"])
            .stdin(Stdio::piped())
            .process_group(0);
        let mut keeper = command
            .spawn()
            .map_err(PostgresError::file("run", Path::new("sh")))?;
        while !is_ready(&status) {
            if folder.join("ended").exists() {
                drop(keeper.stdin.take());
                let log = self.log();
                let _ = keeper.wait();
                return Err(PostgresError::Failed {
                    what: "the server",
                    log,
                });
            }
            thread::sleep(BETWEEN_LOOKS);
        }
        *self.lock() = Some(keeper);
        Ok(())
    }

    /// The process id of the server's master, while it runs.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        let server = server_of(&self.status_file())?;
        u32::try_from(server.as_raw_nonzero().get()).ok()
    }

    /// Stops the server: it ends its connections at once, and writes everything down.
    pub fn stop(&self) {
        let Some(mut keeper) = self.lock().take() else {
            return;
        };
        if let Some(mut input) = keeper.stdin.take() {
            let _ = input.write_all(b"stop\n");
        }
        let _ = keeper.wait();
    }

    /// Ends the server in the middle of everything, so that its next start has to recover.
    pub fn kill(&self) {
        if let Some(server) = server_of(&self.status_file()) {
            let _ = kill_process(server, Signal::QUIT);
        }
        self.stop();
    }

    /// What the server has written into its log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn status_file(&self) -> PathBuf {
        self.folder.path().join("data/postmaster.pid")
    }

    fn url_of(&self, database: &str) -> String {
        let Self { password, port, .. } = self;
        format!("postgres://{USER}:{password}@127.0.0.1:{port}/{database}")
    }

    fn make_data(&self) -> Result<(), PostgresError> {
        let folder = self.folder.path();
        let cannot_write = || PostgresError::file("write", folder);
        let password_file = folder.join("password");
        fs::write(&password_file, &self.password).map_err(cannot_write())?;
        if let Some(account) = &self.account {
            for path in [folder, &password_file] {
                chown(path, Some(account.user), Some(account.group)).map_err(cannot_write())?;
            }
        }
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(cannot_write())?;
        let initdb = self.programs.path("initdb");
        let output = self
            .as_account(&initdb)
            .args([
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync",
            ])
            .args(["--username", USER, "--pwfile"])
            .arg(&password_file)
            .arg(folder.join("data"))
            .output()
            .map_err(PostgresError::file("run", &initdb))?;
        if output.status.success() {
            return Ok(());
        }
        Err(PostgresError::Failed {
            what: "initdb",
            log: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// PostgreSQL refuses to run as root.
    fn as_account(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path());
        if let Some(account) = &self.account {
            command.uid(account.user).gid(account.group);
        }
        command
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn free_port() -> Result<u16, PostgresError> {
    let any = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    any.map(|address| address.port())
        .map_err(PostgresError::file("find", Path::new("a free port")))
}

/// The server writes how it is into the eighth line of its status file.
fn is_ready(status: &Path) -> bool {
    fs::read_to_string(status).is_ok_and(|text| {
        text.lines()
            .nth(7)
            .is_some_and(|line| line.trim() == "ready")
    })
}

fn server_of(status: &Path) -> Option<Pid> {
    let text = fs::read_to_string(status).ok()?;
    Pid::from_raw(text.lines().next()?.trim().parse().ok()?)
}
