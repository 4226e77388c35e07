//! A report in which no secret stands. Only such a one can be written.

use serde::Serialize;

use super::masking::Masking;
use crate::fault_proxy::{DeliveryOutcome, Given, RecordedExchange};
use crate::matrix::{CaseResult, Evidence, MatrixReport, Verdict};

/// A report whose texts have no password, token or credential in them.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct MaskedReport(MatrixReport);

impl MaskedReport {
    /// Masks what stands in fields with a secret's name, wherever else the same value stands in the
    /// same case, and the secrets that the lane knew.
    #[must_use]
    pub fn new(mut report: MatrixReport) -> Self {
        report.results.iter_mut().for_each(mask_result);
        Self(report)
    }

    /// What can be shown of the matrix.
    #[must_use]
    pub const fn report(&self) -> &MatrixReport {
        &self.0
    }
}

fn mask_result(result: &mut CaseResult) {
    let Some(evidence) = &mut result.evidence else {
        return;
    };
    let mut masking = Masking::of(&std::mem::take(&mut evidence.secrets));
    texts_of(evidence, &mut |text| masking.learn(text));
    values_of(evidence, &mut |value| masking.learn_value(value));
    texts_of(evidence, &mut |text| *text = masking.text(text));
    values_of(evidence, &mut |value| *value = masking.value(value));
    if let Verdict::Wrong { complaints } = &mut result.verdict {
        for complaint in complaints {
            *complaint = masking.text(complaint);
        }
    }
}

fn values_of(evidence: &mut Evidence, each: &mut impl FnMut(&mut serde_json::Value)) {
    let truths = &mut evidence.truths;
    let values = [
        &mut truths.whmcs,
        &mut truths.journal,
        &mut truths.vendor,
        &mut evidence.operations,
    ];
    values.into_iter().for_each(&mut *each);
    evidence.told.iter_mut().for_each(each);
}

fn texts_of(evidence: &mut Evidence, each: &mut impl FnMut(&mut String)) {
    for exchange in &mut evidence.exchanges {
        texts_of_exchange(exchange, each);
    }
    each(&mut evidence.log);
}

fn texts_of_exchange(exchange: &mut RecordedExchange, each: &mut impl FnMut(&mut String)) {
    if let Some(request) = &mut exchange.request {
        each(&mut request.target);
        each(&mut request.body);
    }
    for delivery in &mut exchange.deliveries {
        match &mut delivery.outcome {
            Some(DeliveryOutcome::Answered { body, .. }) => each(body),
            Some(DeliveryOutcome::Failed { reason }) => each(reason),
            None => {}
        }
    }
    match &mut exchange.given {
        Given::Answer { body, .. } | Given::PartOfAnswer { body, .. } => each(body),
        Given::HandshakeFailed { reason } => each(reason),
        Given::Pending | Given::Reset | Given::PortClosed | Given::CallerGaveUp => {}
    }
}
