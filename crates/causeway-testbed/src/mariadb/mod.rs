//! A MariaDB server of one's own: on a socket in a temporary folder, out of the network, and gone with
//! whoever started it.

mod dump;
mod error;
mod programs;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

pub use self::dump::Dump;
pub use self::error::MariaDbError;
use self::programs::Programs;

const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// Runs the server until whoever started it is gone, and takes its folder away: nothing in it is
/// wanted again.
const KEEPER: &str = r#"
folder=$1; shift
{
    "$@" >>"$folder/log" 2>&1 &
    echo $! >"$folder/server"
    wait $!
    : >"$folder/ended"
} </dev/null &
read -r word
kill -KILL "$(cat "$folder/server")" 2>/dev/null
wait
rm -rf "$folder"
"#;

/// A MariaDB server. Dropping it, and every database of it, ends it and removes its data.
#[derive(Debug)]
pub struct MariaDbServer {
    programs: Programs,
    keeper: Child,
    databases: AtomicU32,
    folder: TempDir,
}

/// A database of a server, which it keeps running.
#[derive(Debug, Clone)]
pub struct MariaDbDatabase {
    server: Arc<MariaDbServer>,
    name: String,
}

impl MariaDbServer {
    /// Makes a server and starts it; returns once it takes connections. Blocks for two or three seconds.
    ///
    /// # Errors
    /// When there is no MariaDB on this machine, or it does not come up.
    pub fn start_new() -> Result<Arc<Self>, MariaDbError> {
        let programs = Programs::find()?;
        let folder = tempfile::Builder::new()
            .prefix("causeway-mariadb-")
            .tempdir()
            .map_err(MariaDbError::file("make", Path::new("a temporary folder")))?;
        let path = folder.path();
        // Whoever can reach the socket can do anything there.
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))
            .map_err(MariaDbError::file("close", path))?;
        make_data(&programs, path)?;
        let keeper = start(&programs, path)?;
        Ok(Arc::new(Self {
            programs,
            keeper,
            databases: AtomicU32::new(0),
            folder,
        }))
    }

    /// Makes an empty database.
    ///
    /// # Errors
    /// When the server does not make it.
    pub fn new_database(self: &Arc<Self>) -> Result<MariaDbDatabase, MariaDbError> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("whmcs{number}");
        self.run(&["-e", &format!("CREATE DATABASE {name}")], &[])?;
        Ok(MariaDbDatabase {
            server: Arc::clone(self),
            name,
        })
    }

    /// The socket on which it listens, for the user `root` without a password.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        socket_in(self.folder.path())
    }

    /// What the server has written into its log.
    #[must_use]
    pub fn log(&self) -> String {
        log_in(self.folder.path())
    }

    /// Runs the client; what it prints.
    fn run(&self, arguments: &[&str], input: &[u8]) -> Result<String, MariaDbError> {
        let client = &self.programs.client;
        let mut running = self
            .connecting(client)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(MariaDbError::file("run", client))?;
        if let Some(mut stdin) = running.stdin.take() {
            // A client that stops reading says why.
            let _ = stdin.write_all(input);
        }
        let output = running
            .wait_with_output()
            .map_err(MariaDbError::file("run", client))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(failed("a statement", &output.stderr))
    }

    fn connecting(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .args(["--no-defaults", "--user=root", "--socket"])
            .arg(self.socket());
        command
    }
}

impl Drop for MariaDbServer {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // It has nothing to add.
        let _ = self.keeper.wait();
    }
}

impl MariaDbDatabase {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The server's socket.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.server.socket()
    }

    /// All that is in it.
    ///
    /// # Errors
    /// When the server does not give it.
    pub fn dump(&self) -> Result<Dump, MariaDbError> {
        let dump = &self.server.programs.dump;
        let output = self
            .server
            .connecting(dump)
            .args(["--skip-comments", "--skip-lock-tables", &self.name])
            .output()
            .map_err(MariaDbError::file("run", dump))?;
        if output.status.success() {
            let text = String::from_utf8_lossy(&output.stdout);
            return Ok(Dump::of(&text, &self.fingerprints()?));
        }
        Err(failed("a dump", &output.stderr))
    }

    /// Makes it again what it was when it was dumped.
    ///
    /// # Errors
    /// When the server does not take it.
    pub fn load(&self, dump: &Dump) -> Result<(), MariaDbError> {
        self.run(&dump.statements(&self.fingerprints()?))
    }

    /// Of each table: what its rows, its columns and its next number come to.
    fn fingerprints(&self) -> Result<BTreeMap<String, String>, MariaDbError> {
        const TABLES: &str = "SELECT t.table_name, COALESCE(t.auto_increment, ''), MD5(GROUP_CONCAT(
                c.column_name, c.column_type, c.is_nullable, COALESCE(c.column_default, ''), c.column_key
                ORDER BY c.ordinal_position))
            FROM information_schema.tables t JOIN information_schema.columns c
                ON c.table_schema = t.table_schema AND c.table_name = t.table_name
            WHERE t.table_schema = DATABASE() GROUP BY t.table_name, t.auto_increment";
        let tables = self.asked(TABLES)?;
        let mut fingerprints: BTreeMap<String, String> = tables
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(name, fingerprint)| (name.to_owned(), fingerprint.to_owned()))
            .collect();
        if fingerprints.is_empty() {
            return Ok(fingerprints);
        }
        let names: Vec<_> = fingerprints
            .keys()
            .map(|name| format!("`{name}`"))
            .collect();
        let sums = self.asked(&format!("CHECKSUM TABLE {}", names.join(", ")))?;
        for (name, sum) in sums.lines().filter_map(|line| line.split_once('\t')) {
            let name = name.split_once('.').map_or(name, |(_, name)| name);
            if let Some(fingerprint) = fingerprints.get_mut(name) {
                fingerprint.push_str(sum);
            }
        }
        Ok(fingerprints)
    }

    /// What a query gives, a row a line, with tabs between columns.
    fn asked(&self, query: &str) -> Result<String, MariaDbError> {
        let arguments = ["--batch", "--skip-column-names", "-e", query, &self.name];
        self.server.run(&arguments, &[])
    }

    /// Runs statements.
    ///
    /// # Errors
    /// When one of them fails.
    pub fn run(&self, statements: &str) -> Result<(), MariaDbError> {
        let done = self.server.run(&[&self.name], statements.as_bytes());
        done.map(drop)
    }
}

fn make_data(programs: &Programs, folder: &Path) -> Result<(), MariaDbError> {
    let output = Command::new(&programs.install)
        // Two that are made at once take away each other's temporary tables.
        .env("TMPDIR", folder)
        .args(["--no-defaults", "--skip-test-db"])
        .arg("--auth-root-authentication-method=normal")
        .args(as_root())
        // Its script reads this form alone.
        .arg(format!("--datadir={}", folder.join("data").display()))
        .output()
        .map_err(MariaDbError::file("run", &programs.install))?;
    if output.status.success() {
        return Ok(());
    }
    let words = [output.stdout, output.stderr].concat();
    Err(failed("mariadb-install-db", &words))
}

fn start(programs: &Programs, folder: &Path) -> Result<Child, MariaDbError> {
    let path = |option: &str, name: &str| format!("--{option}={}", folder.join(name).display());
    let socket = socket_in(folder);
    let mut keeper = Command::new("sh")
        .current_dir(folder)
        .args(["-c", KEEPER, "mariadb-keeper"])
        .arg(folder)
        .arg(&programs.server)
        .arg("--no-defaults")
        .args([path("datadir", "data"), path("tmpdir", "")])
        .arg(format!("--socket={}", socket.display()))
        .args([path("pid-file", "pid"), "--skip-networking".to_owned()])
        .args(as_root())
        .args(["--character-set-server=utf8mb4", "--max-connections=300"])
        .arg("--collation-server=utf8mb4_unicode_ci")
        // Nothing of it is wanted after a crash.
        .args([
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-flush-method=nosync",
        ])
        .args(["--innodb-buffer-pool-size=32M", "--innodb-log-file-size=8M"])
        .stdin(Stdio::piped())
        // It would tell of the server that it has killed.
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(MariaDbError::file("run", Path::new("sh")))?;
    while UnixStream::connect(&socket).is_err() {
        if folder.join("ended").exists() {
            let log = log_in(folder);
            drop(keeper.stdin.take());
            let _ = keeper.wait();
            return Err(MariaDbError::Failed {
                what: "the server",
                log,
            });
        }
        thread::sleep(BETWEEN_LOOKS);
    }
    Ok(keeper)
}

/// MariaDB runs as root when it is told to, and only then.
fn as_root() -> Option<&'static str> {
    rustix::process::geteuid()
        .is_root()
        .then_some("--user=root")
}

fn socket_in(folder: &Path) -> PathBuf {
    folder.join("mariadb.sock")
}

fn log_in(folder: &Path) -> String {
    fs::read_to_string(folder.join("log")).unwrap_or_default()
}

fn failed(what: &'static str, words: &[u8]) -> MariaDbError {
    MariaDbError::Failed {
        what,
        log: String::from_utf8_lossy(words).into_owned(),
    }
}
