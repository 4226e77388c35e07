//! `causeway journal`: copies of the journal, and whether it is whole.

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use causeway_store::{AnyJournal, Fault, KeyFile, Role, SqliteStore, Verified, export, verify};
use clap::{Args, Subcommand};
use miette::{IntoDiagnostic as _, miette};

use crate::journal::Journal;
use crate::runtime;
use crate::terminal::{Paint, print};

/// Back up, restore, check and write out the journal; works while the gateway runs
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Copy the journal as it stands into a new file; the key file is not in it
    Backup(Backup),
    /// Check a backup, and put it in the journal's place; the gateway has to be stopped
    Restore(Restore),
    /// Open every sealed value and check every rule; exit code 1 when something is wrong
    Verify(Verify),
    /// Print providers, services, operations and exchanges as JSON lines, readable: keep them private
    Export(Export),
}

#[derive(Debug, Args)]
struct Backup {
    /// The file to make
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    journal: Journal,
}

#[derive(Debug, Args)]
struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Overwrite a journal that has something in it
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    journal: Journal,
}

#[derive(Debug, Args)]
struct Verify {
    #[command(flatten)]
    journal: Journal,
}

#[derive(Debug, Args)]
struct Export {
    #[command(flatten)]
    journal: Journal,
}

pub fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    runtime::block_on(async {
        match &arguments.action {
            Action::Backup(arguments) => back_up(arguments),
            Action::Restore(arguments) => restore(arguments).await,
            Action::Verify(arguments) => {
                let journal = arguments.journal.open().await?;
                let verified = verify_and_tell(&*journal).await?;
                Ok(if verified.faults == 0 {
                    ExitCode::SUCCESS
                } else {
                    ExitCode::FAILURE
                })
            }
            Action::Export(arguments) => write_out(arguments).await,
        }
    })
}

fn back_up(arguments: &Backup) -> miette::Result<ExitCode> {
    let (journal, keys) = arguments.journal.file()?;
    if !has_content(&journal) {
        return Err(miette!(
            help = "name the gateway's own with --journal, or its folder with CAUSEWAY_DATA",
            "there is no journal at {}",
            journal.display()
        ));
    }
    SqliteStore::back_up(&journal, &arguments.file).map_err(|error| miette!("{error}"))?;
    print(&format!(
        "{} is a copy of {}. It opens only with {}: keep a copy of that, too, in another place.\n",
        arguments.file.display(),
        journal.display(),
        keys.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

async fn restore(arguments: &Restore) -> miette::Result<ExitCode> {
    let (journal, key_file) = arguments.journal.file()?;
    if has_content(&journal) && !arguments.force {
        return Err(miette!(
            help = "make a backup of it first, and repeat this with --force",
            "{} is a journal with something in it, and would be overwritten",
            journal.display()
        ));
    }
    let draft = journal.with_added_extension("restored");
    let _ = std::fs::remove_file(&draft);
    SqliteStore::back_up(&arguments.file, &draft).map_err(|error| miette!("{error}"))?;
    let checked = check_draft(&draft, &key_file).await;
    let placed = match checked {
        Ok(()) => SqliteStore::put_in_place(&draft, &journal).map_err(|error| miette!("{error}")),
        Err(error) => Err(error),
    };
    if placed.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    let _ = std::fs::remove_file(draft.with_added_extension("lock"));
    placed?;
    print(&format!(
        "{} is restored from {}.\n\
         What was done since the backup is not in it: the vendor may have services that it does not know. A\n\
         create of such a service finds and adopts it, when the definition has a `find`.\n",
        journal.display(),
        arguments.file.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

async fn check_draft(draft: &Path, key_file: &Path) -> miette::Result<()> {
    let keys = KeyFile::open(key_file).into_diagnostic()?;
    let store = SqliteStore::open(draft, keys, Role::Tool).map_err(|error| miette!("{error}"))?;
    let verified = verify_and_tell(&store).await?;
    store.close();
    if verified.faults > 0 {
        return Err(miette!(
            help = "take an older backup",
            "the backup is not whole; nothing was changed"
        ));
    }
    Ok(())
}

async fn verify_and_tell(journal: &dyn AnyJournal) -> miette::Result<Verified> {
    let paint = Paint::for_output();
    let mut tell = |fault: Fault| {
        // A reader that has seen enough does not end the check.
        let _ = print(&format!(
            "{} {}: {}\n",
            paint.bad("✗"),
            fault.row,
            fault.what
        ));
    };
    let verified = verify(journal, &mut tell)
        .await
        .map_err(|error| miette!("{error}"))?;
    let mut text = String::new();
    for (table, rows) in &verified.rows {
        let _ = writeln!(text, "{rows:>9} {table}");
    }
    let _ = writeln!(text, "{:>9} sealed values opened", verified.opened);
    let _ = match verified.faults {
        0 => writeln!(text, "{} The journal is whole.", paint.good("✓")),
        1 => writeln!(text, "{} 1 fault.", paint.bad("✗")),
        faults => writeln!(text, "{} {faults} faults.", paint.bad("✗")),
    };
    print(&text)?;
    Ok(verified)
}

async fn write_out(arguments: &Export) -> miette::Result<ExitCode> {
    let journal = arguments.journal.open().await?;
    let mut output = BufWriter::new(io::stdout());
    let mut reader_is_gone = false;
    let mut write = |line| {
        let written = writeln!(output, "{line}");
        reader_is_gone |=
            matches!(&written, Err(error) if error.kind() == io::ErrorKind::BrokenPipe);
        written
    };
    let exported = export(&*journal, &mut write).await;
    if reader_is_gone {
        return Ok(ExitCode::SUCCESS);
    }
    exported.map_err(|error| miette!("{error}"))?;
    output.flush().into_diagnostic()?;
    Ok(ExitCode::SUCCESS)
}

fn has_content(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| metadata.len() > 0)
}
