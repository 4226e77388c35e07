//! A report in which no secret stands. Only such a one can be written.

use serde_json::Value;

use crate::emulator::{CallRecord, LeftBehind};
use crate::fault_proxy::{DeliveryOutcome, Given, RecordedExchange};
use crate::module_test::made::{Made, Told};
use crate::module_test::run::ModuleReport;
use crate::report::Masking;

/// A report whose texts have no password, token or credential in them.
#[derive(Debug)]
pub struct MaskedModuleReport(ModuleReport);

impl MaskedModuleReport {
    /// Masks what the provider entered as secret, and what stands in fields with a secret's name.
    #[must_use]
    pub fn new(mut report: ModuleReport, secrets: &[String]) -> Self {
        let masking = Masking::of(secrets);
        let text = &mut |text: &mut String| *text = masking.text(text);
        let value = &mut |value: &mut Value| *value = masking.value(value);
        let tried = report.trials.iter_mut().flat_map(|one| &mut one.steps);
        for made in report.life.iter_mut().chain(tried) {
            made_texts(made, text, value);
        }
        for played in &mut report.trials {
            text(&mut played.told);
            for found in &mut played.found {
                text(&mut found.what);
                text(&mut found.detail);
                found
                    .exchanges
                    .iter_mut()
                    .for_each(|one| exchange(one, text));
            }
        }
        for found in &mut report.findings {
            text(&mut found.what);
            text(&mut found.detail);
            found
                .exchanges
                .iter_mut()
                .for_each(|one| exchange(one, text));
        }
        Self(report)
    }

    /// What can be shown.
    #[must_use]
    pub const fn report(&self) -> &ModuleReport {
        &self.0
    }
}

fn made_texts(
    made: &mut Made,
    text: &mut impl FnMut(&mut String),
    value: &mut impl FnMut(&mut Value),
) {
    match &mut made.told {
        Told::Failure { message: words }
        | Told::Page { html: words }
        | Told::PhpDied { reason: words }
        | Told::Refused { message: words } => text(words),
        Told::Data { data } => value(data),
        Told::Success | Told::NotEmulated { .. } | Told::Held => {}
    }
    for call in &mut made.seen.calls {
        call_texts(call, text, value);
    }
    for left in &mut made.seen.left_behind {
        left_texts(left, text, value);
    }
    made.exchanges
        .iter_mut()
        .for_each(|one| exchange(one, text));
}

fn call_texts(
    call: &mut CallRecord,
    text: &mut impl FnMut(&mut String),
    value: &mut impl FnMut(&mut Value),
) {
    if let Some(returned) = &mut call.returned {
        value(&mut returned.value);
    }
    if let Some(threw) = &mut call.threw {
        text(&mut threw.message);
    }
    text(&mut call.output);
    left_texts(&mut call.left_behind, text, value);
}

fn left_texts(
    left: &mut LeftBehind,
    text: &mut impl FnMut(&mut String),
    value: &mut impl FnMut(&mut Value),
) {
    for column in left.changes.iter_mut().flat_map(|one| &mut one.columns) {
        value(&mut column.before);
        value(&mut column.after);
    }
    for entry in &mut left.module_log {
        text(&mut entry.request);
        text(&mut entry.response);
        text(&mut entry.processed);
    }
    for entry in &mut left.activity_log {
        text(&mut entry.description);
    }
    for email in &mut left.emails {
        text(&mut email.message);
        email.merged.values_mut().for_each(&mut *value);
    }
    for call in &mut left.api_calls {
        value(&mut call.values);
        value(&mut call.answer);
    }
}

fn exchange(exchange: &mut RecordedExchange, text: &mut impl FnMut(&mut String)) {
    if let Some(request) = &mut exchange.request {
        text(&mut request.target);
        text(&mut request.body);
    }
    for delivery in &mut exchange.deliveries {
        match &mut delivery.outcome {
            Some(DeliveryOutcome::Answered { body, .. }) => text(body),
            Some(DeliveryOutcome::Failed { reason }) => text(reason),
            None => {}
        }
    }
    match &mut exchange.given {
        Given::Answer { body, .. } | Given::PartOfAnswer { body, .. } => text(body),
        Given::HandshakeFailed { reason } => text(reason),
        Given::Pending | Given::Reset | Given::PortClosed | Given::CallerGaveUp => {}
    }
}
