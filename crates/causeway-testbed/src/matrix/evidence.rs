//! What a person needs to understand a case that ended wrong.

use serde::Serialize;
use serde_json::Value;

use super::lane::Lane;
use super::purchase::Purchase;
use super::truth::Truths;
use crate::fault_proxy::RecordedExchange;

/// What a person needs to understand a case.
#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    /// What WHMCS was told, call by call.
    pub told: Vec<Value>,
    /// Every exchange with the vendor.
    pub exchanges: Vec<RecordedExchange>,
    /// The three truths at the end.
    pub truths: Truths,
    /// The operations on the service as the journal has them.
    pub operations: Value,
    /// The end of the gateways' log.
    pub log: String,
    /// The secrets of the lane, for who has to mask them.
    #[serde(skip)]
    pub secrets: Vec<String>,
}

impl Lane {
    /// What is known of a purchase; what WHMCS was told is the caller's to add.
    pub async fn evidence(&self, purchase: &Purchase, truths: Truths) -> Evidence {
        let reference = purchase.reference();
        let arguments = ["operations", "--json", "--service", &reference];
        let operations = self.program.run_on_journal(&arguments, "").await;
        let operations: Value = operations
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let mut whole = Vec::new();
        for operation in operations.as_array().into_iter().flatten() {
            let id = operation["operation_id"].as_str().unwrap_or_default();
            let arguments = ["operation", id, "--json"];
            if let Ok(text) = self.program.run_on_journal(&arguments, "").await {
                whole.push(serde_json::from_str(&text).unwrap_or(Value::Null));
            }
        }
        Evidence {
            told: Vec::new(),
            exchanges: self.proxy.record(),
            truths,
            operations: whole.into(),
            log: self.program.said(),
            secrets: [self.vendor.credential(), self.token(purchase.port)]
                .into_iter()
                .map(str::to_owned)
                .chain(purchase.password.clone())
                .collect(),
        }
    }
}
