//! `causeway record`.

use std::fs::{self, OpenOptions};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use causeway_testbed::recording::{RecordedScript, Recorder, RecorderSettings, Recording};
use causeway_testbed::scripted_vendor::VendorScript;
use clap::Args;
use miette::{IntoDiagnostic as _, WrapErr as _, miette};
use url::Url;

use crate::commands::provider::api_address;
use crate::commands::serve::{read_all, socket_address};
use crate::diagnostics;
use crate::runtime::{self, Stop};
use crate::terminal::{errors_have_colours, print};

/// Record a real API, and write a vendor script that answers as it did
///
/// Stands before a sandbox, passes every request on, and writes what it has seen as a vendor script
/// (docs/vendor-script.md), with credentials masked. Use the address that it prints in place of the
/// vendor's: let a module go through a whole life there, or ask for things by hand. Ctrl-C ends it.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The API to record, a sandbox: what is done there is done
    #[arg(long, value_name = "URL", value_parser = api_address, required_unless_present = "har")]
    to: Option<Url>,

    /// Read a HAR file, as browsers and proxies save them, in place of recording
    #[arg(long, value_name = "FILE", conflicts_with_all = ["to", "listen", "vendor_ca", "authority"])]
    har: Option<PathBuf>,

    /// Where to write the vendor script
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// Where to listen, for http and https alike [default: a free port of 127.0.0.1]
    #[arg(long, value_name = "ADDRESS", value_parser = socket_address)]
    listen: Option<SocketAddr>,

    /// Root certificates to trust for that API, beside the system's (PEM)
    #[arg(long, value_name = "FILE")]
    vendor_ca: Vec<PathBuf>,

    /// Where to write the certificate that a caller by https has to trust (PEM)
    #[arg(long, value_name = "FILE")]
    authority: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let Some(to) = &arguments.to else {
        return of_har(arguments);
    };
    let mut settings = RecorderSettings::before(to.clone());
    settings.upstream_roots = read_all(&arguments.vendor_ca)?;
    if let Some(listen) = arguments.listen {
        settings.listen = listen;
    }
    reserve(&arguments.output)?;
    let recorded = runtime::block_on(record(arguments, settings));
    // What holds nothing of use is not left behind.
    if !matches!(recorded, Ok(Some(_))) {
        fs::remove_file(&arguments.output).into_diagnostic()?;
    }
    match recorded? {
        Some(script) => end(&arguments.output, &script),
        None => Err(miette!(
            help = "use the address that was printed in place of the vendor's",
            "nothing was recorded: no request was answered"
        )),
    }
}

fn of_har(arguments: &Arguments) -> miette::Result<ExitCode> {
    let file = arguments.har.as_deref().unwrap_or_else(|| Path::new("-"));
    let text = fs::read_to_string(file)
        .into_diagnostic()
        .wrap_err_with(|| format!("{} cannot be read", file.display()))?;
    let recording =
        Recording::of_har(&text).map_err(|error| miette!("{}: {error}", file.display()))?;
    reserve(&arguments.output)?;
    let script = recording.vendor_script();
    write(&arguments.output, &script)?;
    end(&arguments.output, &script)
}

/// Records until it is told to stop. The file is there from the first exchange on.
async fn record(
    arguments: &Arguments,
    settings: RecorderSettings,
) -> miette::Result<Option<RecordedScript>> {
    const WRITTEN_EVERY: Duration = Duration::from_millis(500);
    let mut stop = Stop::listen()?;
    let to = settings.upstream.clone();
    let recorder = Recorder::start(settings)
        .await
        .map_err(|error| miette!("{error}"))?;
    let trusted = match &arguments.authority {
        Some(file) => {
            fs::write(file, recorder.authority_pem())
                .into_diagnostic()
                .wrap_err_with(|| format!("{} cannot be written", file.display()))?;
            format!("trusting {}", file.display())
        }
        None => "trusting what --authority FILE writes".to_owned(),
    };
    print(&format!(
        "Recording {to}\n\nAsk for it at\n  {}\n  {}   {trusted}\n\n{} is written as you go. Ctrl-C ends it.\n",
        recorder.api(),
        recorder.secure_api(),
        arguments.output.display(),
    ))?;
    let mut written = 0;
    let mut script = None;
    loop {
        let is_over = tokio::select! {
            () = stop.told() => true,
            () = tokio::time::sleep(WRITTEN_EVERY) => false,
        };
        let count = recorder.count();
        if count > written {
            let made = recorder.recording().vendor_script();
            write(&arguments.output, &made)?;
            script = Some(made);
            written = count;
        }
        if is_over {
            return Ok(script);
        }
    }
}

/// Takes the file's name, when nothing is there.
fn reserve(file: &Path) -> miette::Result<()> {
    let shown = file.display();
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)
        .map(drop)
        .map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => miette!(
                help = "nothing was changed; choose another name with -o FILE",
                "{shown} is there already"
            ),
            _ => miette!(
                help = "choose another place with -o FILE",
                "{shown} cannot be written: {error}"
            ),
        })
}

fn write(file: &Path, script: &RecordedScript) -> miette::Result<()> {
    fs::write(file, &script.text)
        .into_diagnostic()
        .wrap_err_with(|| format!("{} cannot be written", file.display()))
}

fn end(file: &Path, script: &RecordedScript) -> miette::Result<ExitCode> {
    let shown = file.display();
    if let Err(problems) = VendorScript::parse(&script.text) {
        let name = file.to_string_lossy();
        eprint!(
            "{}",
            diagnostics::render(&problems, &script.text, &name, errors_have_colours())
        );
        return Err(miette!(
            help = "mend the places above by hand",
            "{shown} is written, and cannot be used as it is"
        ));
    }
    let mut text = format!(
        "\n{shown} is written: {} and {}.\n",
        counted(script.collections, "collection"),
        counted(script.routes, "route"),
    );
    for (why, count) in &script.left_out {
        text.push_str(&format!(
            "Left out: {}, {why}.\n",
            counted(*count, "exchange")
        ));
    }
    text.push_str(
        "\nLook through it before you pass it on: credentials are masked, other personal data is not.\n",
    );
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}
