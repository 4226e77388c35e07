//! A definition whose create has neither `find` nor an idempotency key: nobody but a person can tell
//! whether a lost answer was a success.

use std::process::Command;

use crate::support::{CAUSEWAY, SHIELDPRESS, play, settings, wrong};

fn definition() -> String {
    let find = r#"find   = { get = "/services", query = { domain = "{{ domain }}", user_id = "{{ user_id }}" }, at = "data", where = "status != 'terminated'", next = "links.next" }"#;
    let header = r#", idempotency_header = "Idempotency-Key" }"#;
    assert!(SHIELDPRESS.contains(find) && SHIELDPRESS.contains(header));
    SHIELDPRESS.replace(find, "").replace(header, " }")
}

#[test]
fn check_warns_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shieldpress.toml");
    std::fs::write(&file, definition()).unwrap();
    let output = Command::new(CAUSEWAY)
        .arg("check")
        .arg(&file)
        .output()
        .unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(said.contains("could_be_doubled"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_decides_and_it_ends_right() {
    let cases = [
        // It was made: the person adopts it.
        "create.subscription.create/reset_after/queue",
        "create.subscription.create/hang_after/killed",
        "create.subscription.create/half_json/day_later",
        // It was not: the person has it sent again.
        "create.subscription.create/reset_before/queue",
        "create.subscription.create/bad_gateway_before/killed_while_resuming",
    ];
    let report = play(settings(&definition()), &cases).await;
    assert_eq!(wrong(&report), []);
    assert_eq!(report.results.len(), cases.len());
    assert_eq!(report.decided(), cases.len(), "each waited for a person");
}
