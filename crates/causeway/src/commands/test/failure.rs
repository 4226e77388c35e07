//! Why the cases could not be played, and what to do about it.

use causeway_testbed::emulator::EmulatorError;
use causeway_testbed::matrix::MatrixError;
use miette::{Report, miette};

/// The error with what helps against it.
pub fn explained(error: MatrixError) -> Report {
    match error {
        MatrixError::Emulator(error) => of_emulator(error),
        MatrixError::Postgres(error) => miette!("{error}"),
        MatrixError::Undisturbed { scenario, reason } => miette!(
            help = "the definition and the vendor do not fit: compare the requests of this operation with the \
                    vendor's documentation, and run the test again",
            "`{}` does not work even undisturbed, so nothing can be learnt from disturbing it: {reason}",
            scenario.name()
        ),
        MatrixError::Vendor { .. } => miette!(
            help = "the address, the credential and `find` and `read` of the definition have to fit this vendor; \
                    `--vendor-ca FILE` names a private authority, and with `--jobs 1` it is asked less often",
            "{error}"
        ),
        MatrixError::Port(_) | MatrixError::FaultProxy(_) | MatrixError::SampleVendor(_) => {
            miette!(
                help = "each case needs some ports and files: `--jobs 1` needs the fewest, and `ulimit -n` says \
                        how many files may be open",
                "{error}"
            )
        }
        MatrixError::File { .. } => miette!(
            help = "the parts live in a folder of the system's temporary one; TMPDIR names another",
            "{error}"
        ),
        MatrixError::Gateway { .. } | MatrixError::Command { .. } | MatrixError::Truth { .. } => {
            miette!(
                help = "with `--jobs 1` the machine is less busy; when it happens again, the words above say which \
                        part failed",
                "{error}"
            )
        }
    }
}

fn of_emulator(error: EmulatorError) -> Report {
    match error {
        EmulatorError::PhpFpmMissing { looked, packages } => miette!(
            help = format!(
                "on Debian or Ubuntu: apt-get install {packages}\nif it is somewhere else, name it in CAUSEWAY_PHP_FPM"
            ),
            "the module is tested in real PHP, and there is no php-fpm ({looked})"
        ),
        EmulatorError::PhpExtensionsMissing {
            program,
            extensions,
            packages,
        } => miette!(
            help = format!("on Debian or Ubuntu: apt-get install {packages}"),
            "{} lacks the PHP extensions {extensions}",
            program.display()
        ),
        EmulatorError::PhpLibrariesMissing { log, packages } => miette!(
            help = format!("on Debian or Ubuntu: apt-get install {packages}"),
            "PHP lacks libraries that modules expect inside WHMCS\n{log}"
        ),
        other => miette!(
            help = "WHMCS's stand-in failed, not a case; with `--jobs 1` the machine is less busy",
            "{other}"
        ),
    }
}
