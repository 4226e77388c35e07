//! The names that a definition's templates see.

use causeway_definition::model::CLIENT_FIELDS;
use causeway_definition::{Definition, EvaluationError, Names};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use crate::operation::Input;
use crate::service::ServiceRecord;

/// The names for an exchange of this operation, but for the properties, which change as it goes on.
pub(crate) fn names(input: &Input, service: &ServiceRecord, credential: &SecretString) -> Names {
    let object = |values: &Map<String, Value>| Value::Object(values.clone());
    Names::from_iter([
        ("credential".to_owned(), credential.expose_secret().into()),
        ("client".to_owned(), Value::Object(client(input))),
        ("service".to_owned(), facts(input, service)),
        ("domain".to_owned(), input.domain.clone().into()),
        ("username".to_owned(), input.username.clone().into()),
        ("password".to_owned(), input.password.clone().into()),
        ("options".to_owned(), object(&input.options)),
        (
            "configurable_options".to_owned(),
            object(&input.configurable_options),
        ),
        ("custom_fields".to_owned(), object(&input.custom_fields)),
    ])
}

/// The client with every field that a template may ask for; the billing system may leave any out.
fn client(input: &Input) -> Map<String, Value> {
    let mut client = input.client.clone();
    for &field in CLIENT_FIELDS {
        let value = client.entry(field).or_insert(Value::Null);
        if value.is_null() {
            *value = match field {
                "custom_fields" => Value::Object(Map::new()),
                _ => Value::String(String::new()),
            };
        }
    }
    client
}

fn facts(input: &Input, service: &ServiceRecord) -> Value {
    let facts = &input.service;
    json!({
        "reference": service.key.reference,
        "generation": service.generation,
        "product_id": facts.product_id,
        "product_name": facts.product_name,
        "billing_cycle": facts.billing_cycle,
        "next_due_date": facts.next_due_date,
        "registration_date": facts.registration_date,
        "amount": facts.amount,
        "currency": facts.currency,
        "is_addon": facts.is_addon,
    })
}

/// One line of the product page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownLine {
    /// What the customer reads beside the value.
    pub label: String,
    /// The value.
    pub value: String,
    /// Whether the page offers a button that copies it.
    pub copy: bool,
}

/// What the customer's product page shows of a service: the lines whose values are known, and the
/// dashboard's address.
pub fn shown(definition: &Definition, service: &ServiceRecord) -> (Vec<ShownLine>, Option<String>) {
    let nobody = SecretString::from(String::new());
    let names = names(&Input::default(), service, &nobody).with(&service.properties);
    let known = |text: Result<String, EvaluationError>| text.ok().filter(|text| !text.is_empty());
    let lines = definition
        .client_area
        .show
        .iter()
        .filter_map(|line| {
            known(line.value.text(&names)).map(|value| ShownLine {
                label: line.label.clone(),
                value,
                copy: line.copy,
            })
        })
        .collect();
    let dashboard = definition
        .client_area
        .dashboard
        .as_ref()
        .and_then(|address| {
            // A whole address that the vendor gave stands as it is; a value within one is encoded.
            let text = match address.single_name() {
                Some(_) => address.text(&names),
                None => address.address(&names),
            };
            known(text).filter(|text| is_web_address(text))
        });
    (lines, dashboard)
}

/// Whether a browser may be sent there.
pub(crate) fn is_web_address(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}
