//! Secrets where they do not belong.

use crate::emulator::{Emulator, EmulatorError};
use crate::fault_proxy::RecordedExchange;
use crate::module_test::finding::Finding;
use crate::module_test::found::Notes;
use crate::module_test::made::{Made, request_line};
use crate::module_test::planted::Secret;

/// Looks for planted secrets in both logs and in the addresses of requests.
pub async fn secrets_in_logs(
    emulator: &Emulator,
    steps: &[Made],
    secrets: &[Secret],
    notes: &mut Notes,
) -> Result<(), EmulatorError> {
    let database = emulator.database();
    for row in database.module_log().await? {
        let parts = [
            ("request", &row.request),
            ("answer", &row.response),
            ("processed answer", &row.processed),
        ];
        for (part, text) in parts {
            for secret in secrets.iter().filter(|secret| secret.is_in(text)) {
                let what = format!("{} stands in the {part} of the entry", secret.what);
                let place = format!("entry {}", row.action);
                notes.found(Finding::SecretInModuleLog, place, what, Vec::new());
            }
        }
    }
    for entry in database.activity_log().await? {
        for secret in secrets.iter().filter(|secret| secret.is_in(&entry)) {
            let begins: String = entry.chars().take(40).collect();
            let what = format!("{} stands in the entry that begins {begins:?}", secret.what);
            notes.found(
                Finding::SecretInActivityLog,
                "activity log",
                what,
                Vec::new(),
            );
        }
    }
    for made in steps {
        for exchange in &made.exchanges {
            in_address(made, exchange, secrets, notes);
        }
    }
    Ok(())
}

fn in_address(made: &Made, exchange: &RecordedExchange, secrets: &[Secret], notes: &mut Notes) {
    let Some(request) = &exchange.request else {
        return;
    };
    for secret in secrets
        .iter()
        .filter(|secret| secret.is_in(&request.target))
    {
        let line = request_line(exchange).unwrap_or_default();
        let what = format!("{} stands in the address of {line}", secret.what);
        notes.found_in(made, Finding::SecretInUrl, made.callback.name(), what);
    }
}
