//! `causeway build`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use causeway_definition::Definition;
use causeway_module::{Module, ModuleSettings};
use clap::Args;
use miette::{Context as _, IntoDiagnostic as _, miette};
use url::Url;

use crate::definitions;
use crate::terminal::{Paint, print};

/// Make the drop-in WHMCS module from a definition
#[derive(Debug, Args)]
pub struct Arguments {
    /// The definition
    file: PathBuf,

    /// Where the provider's WHMCS reaches the gateway, such as https://causeway.example
    #[arg(long, value_name = "URL", value_parser = address)]
    gateway: Url,

    /// The folder to write to; it is made when it is not there
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

pub fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let definition = definitions::load(&arguments.file)?;
    let settings = ModuleSettings {
        gateway: arguments.gateway.clone(),
        logo: logo(&definition, &arguments.file)?,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let module = Module::build(&definition, settings).into_diagnostic()?;
    let archive = module
        .write_to(&arguments.output)
        .into_diagnostic()
        .wrap_err_with(|| {
            format!(
                "the module cannot be written to {}",
                arguments.output.display()
            )
        })?;
    let paint = Paint::for_output();
    let folder = arguments.output.join("modules/servers").join(module.name());
    print(&format!(
        "The WHMCS module for {} is made.\n\n  folder   {}\n  archive  {}\n  manual   {}\n\n\
         Next: make the provider's token with `causeway provider add NAME`, and give the provider\n\
         both, the archive and the token. The manual, which is in the archive, says the rest.\n",
        paint.bold(&definition.service.title),
        paint.value(folder.display()),
        paint.value(archive.display()),
        paint.value(arguments.output.join("INSTALL.md").display()),
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn address(text: &str) -> Result<Url, String> {
    text.parse()
        .map_err(|error| format!("{error}; write it like https://causeway.example"))
}

/// The definition names its logo by a path from its own folder.
fn logo(definition: &Definition, file: &Path) -> miette::Result<Option<Vec<u8>>> {
    let Some(name) = &definition.service.logo else {
        return Ok(None);
    };
    let path = file.parent().unwrap_or(Path::new("")).join(name);
    let bytes = std::fs::read(&path).map_err(|error| {
        miette!(
            help = "`logo` under [service] is a path from the definition's folder; mend it or leave it out",
            "the logo {} cannot be read: {error}",
            path.display()
        )
    })?;
    Ok(Some(bytes))
}
