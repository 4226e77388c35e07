//! The call of an operation.

use causeway_definition::{Definition, OperationKind};
use causeway_engine::{Input, ServiceFacts};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa::openapi::{ObjectBuilder, Type};

use super::client::Client;
use super::options::{self, UnfitOption};
use super::text::{Text, Texts, Values};
use super::values::{Deadline, Reference};
use crate::executor::Call;

/// One operation on one service. Everything but `definition` and `operation` may be left out;
/// unknown fields are refused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OperationRequest {
    /// The definition's name.
    #[schema(example = "shieldpress")]
    pub definition: String,
    /// What is to be done.
    #[schema(schema_with = operation_kinds)]
    pub operation: OperationKind,
    /// How long the caller waits, in milliseconds; then the answer is `pending`.
    #[serde(default)]
    pub deadline_ms: Deadline,
    /// The billing system's own name of the service; absent only to test a connection.
    #[serde(default)]
    pub reference: Option<Reference>,
    /// Dates and names of the billing side.
    #[serde(default)]
    service: Service,
    /// The service's domain.
    #[serde(default)]
    domain: Text,
    /// The service's user name.
    #[serde(default)]
    username: Text,
    /// The service's password; for `change_password` the new one.
    #[serde(default)]
    password: Text,
    #[serde(default)]
    client: Client,
    /// The product's options by the definition's names, as text; a tick box is "on" or "".
    #[serde(default)]
    options: Texts,
    /// What the customer chose. One with an option's name or label counts instead of the option.
    #[serde(default)]
    configurable_options: Texts,
    /// The product's custom fields.
    #[serde(default)]
    custom_fields: Texts,
    /// What the billing side has saved for the service, by the definition's names.
    #[serde(default)]
    properties: Values,
    #[serde(default)]
    caller: Caller,
}

/// Dates and names of the billing side.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct Service {
    status: Text,
    product_id: Text,
    product_name: Text,
    billing_cycle: Text,
    /// `YYYY-MM-DD`.
    next_due_date: Text,
    /// `YYYY-MM-DD`.
    registration_date: Text,
    /// The recurring amount, as decimal text.
    amount: Text,
    /// The currency's code.
    currency: Text,
    /// Whether the service is a product addon.
    is_addon: bool,
}

/// Who calls; it stands in the gateway's log.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct Caller {
    billing_system: Text,
    billing_version: Text,
    module_version: Text,
    php_version: Text,
}

impl OperationRequest {
    /// The call that the executor takes.
    ///
    /// # Errors
    /// When an option's value is none of its choices.
    pub fn into_call(self, definition: &Definition) -> Result<Call, UnfitOption> {
        tracing::debug!(
            billing_system = self.caller.billing_system.0,
            billing_version = self.caller.billing_version.0,
            module_version = self.caller.module_version.0,
            php_version = self.caller.php_version.0,
            "called",
        );
        let options = options::values(
            definition,
            self.operation,
            &self.options.0,
            &self.configurable_options.0,
        )?;
        let input = Input {
            domain: self.domain.0,
            username: self.username.0,
            password: Some(self.password.0).filter(|password| !password.is_empty()),
            client: self.client.into_values(),
            options,
            configurable_options: self.configurable_options.into_values(),
            custom_fields: self.custom_fields.into_values(),
            service: self.service.into_facts(),
            properties: self.properties.0.into_iter().collect(),
        };
        Ok(Call {
            definition: self.definition,
            kind: self.operation,
            reference: self.reference.map(String::from),
            input,
        })
    }
}

impl Service {
    fn into_facts(self) -> ServiceFacts {
        ServiceFacts {
            status: self.status.0,
            product_id: self.product_id.0,
            product_name: self.product_name.0,
            billing_cycle: self.billing_cycle.0,
            next_due_date: self.next_due_date.0,
            registration_date: self.registration_date.0,
            amount: self.amount.0,
            currency: self.currency.0,
            is_addon: self.is_addon,
        }
    }
}

/// The schema of an operation's name.
pub(super) fn operation_kinds() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(OperationKind::ALL.map(OperationKind::name)))
}
