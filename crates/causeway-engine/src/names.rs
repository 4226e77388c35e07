//! The names that a definition's templates see.

use causeway_definition::model::CLIENT_FIELDS;
use causeway_definition::{Definition, EvaluationError, Names};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::operation::Input;
use crate::service::ServiceRecord;

/// The names for an exchange of this operation, but for the properties, which change as it goes on.
pub(crate) fn names(input: &Input, service: &ServiceRecord, credential: &SecretString) -> Names {
    Names::of(&OperationNames {
        credential: credential.expose_secret(),
        client: Client(&input.client),
        service: facts(input, service),
        domain: &input.domain,
        username: &input.username,
        password: input.password.as_deref(),
        options: &input.options,
        configurable_options: &input.configurable_options,
        custom_fields: &input.custom_fields,
    })
}

#[derive(Serialize)]
struct OperationNames<'i> {
    credential: &'i str,
    client: Client<'i>,
    service: Facts<'i>,
    domain: &'i str,
    username: &'i str,
    password: Option<&'i str>,
    options: &'i Map<String, Value>,
    configurable_options: &'i Map<String, Value>,
    custom_fields: &'i Map<String, Value>,
}

/// The client with every field that a template may ask for; the billing system may leave any out.
struct Client<'i>(&'i Map<String, Value>);

impl Serialize for Client<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (no_text, no_fields) = (Value::String(String::new()), Value::Object(Map::new()));
        let left_out = |name: &str| self.0.get(name).is_none_or(Value::is_null);
        let given = self
            .0
            .iter()
            .map(|(name, value)| (name.as_str(), value))
            .filter(|(name, _)| !(left_out(name) && CLIENT_FIELDS.contains(name)));
        let left_out =
            CLIENT_FIELDS
                .iter()
                .filter(|field| left_out(field))
                .map(|&field| match field {
                    "custom_fields" => (field, &no_fields),
                    _ => (field, &no_text),
                });
        serializer.collect_map(given.chain(left_out))
    }
}

#[derive(Serialize)]
struct Facts<'i> {
    reference: &'i str,
    generation: u32,
    product_id: &'i str,
    product_name: &'i str,
    billing_cycle: &'i str,
    next_due_date: &'i str,
    registration_date: &'i str,
    amount: &'i str,
    currency: &'i str,
    is_addon: bool,
}

fn facts<'i>(input: &'i Input, service: &'i ServiceRecord) -> Facts<'i> {
    let facts = &input.service;
    Facts {
        reference: &service.key.reference,
        generation: service.generation,
        product_id: &facts.product_id,
        product_name: &facts.product_name,
        billing_cycle: &facts.billing_cycle,
        next_due_date: &facts.next_due_date,
        registration_date: &facts.registration_date,
        amount: &facts.amount,
        currency: &facts.currency,
        is_addon: facts.is_addon,
    }
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
