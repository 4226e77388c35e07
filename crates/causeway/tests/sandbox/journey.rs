//! A person's walk through everything, in Chromium: `browser/journey.js` says what they do and see.

use std::path::Path;
use std::process::Command;

use crate::running::RunningSandbox;

#[test]
fn a_person_goes_from_the_first_server_to_the_cancellation_in_a_browser() {
    let sandbox = RunningSandbox::of_the_example();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sandbox/browser");
    assert!(
        folder.join("node_modules/playwright-core").is_dir(),
        "playwright-core is missing: run `npm ci --prefix {}`, as ./test.sh does",
        folder.display()
    );
    let walked = Command::new("node")
        .arg(folder.join("journey.js"))
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
