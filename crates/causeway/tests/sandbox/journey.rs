//! In Chromium: the scripts in `browser/` say what a person does and sees.

use std::path::Path;
use std::process::Command;

use crate::running::RunningSandbox;

/// Runs one of the scripts against a sandbox.
pub fn browse(sandbox: &RunningSandbox, script: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sandbox/browser");
    assert!(
        folder.join("node_modules/playwright-core").is_dir(),
        "playwright-core is missing: run `npm ci --prefix {}`, as ./test.sh does",
        folder.display()
    );
    let walked = Command::new("node")
        .arg(folder.join(script))
        .arg(&sandbox.url)
        .output()
        .expect("Node.js is installed: see scripts/install.sh");
    assert!(
        walked.status.success(),
        "{}{}",
        String::from_utf8_lossy(&walked.stdout),
        String::from_utf8_lossy(&walked.stderr)
    );
}

#[test]
fn a_person_goes_from_the_first_server_to_the_cancellation_in_a_browser() {
    browse(&RunningSandbox::of_the_example(), "journey.js");
}
