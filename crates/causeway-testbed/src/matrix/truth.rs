//! The three truths: what WHMCS believes, what the journal says, what the vendor really has.

use causeway_definition::{Definition, Names, Resource};
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tokio::net::TcpStream;

use super::error::MatrixError;
use super::lane::Lane;
use super::purchase::{Purchase, State};
use super::vendor::ExpectedAtVendor;
use crate::emulator::Status;

const LARGEST_ANSWER: usize = 1024 * 1024;

/// What each side says of one purchased service.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Truths {
    /// WHMCS's tables: status and saved values.
    pub whmcs: Value,
    /// The journal, as the gateway answers from it.
    pub journal: Value,
    /// The vendor's own database.
    pub vendor: Value,
}

impl Lane {
    /// What each side says of a purchase and of what was bought along with it, and what of it is not as
    /// it should be.
    ///
    /// # Errors
    /// One of the three could not be asked.
    pub async fn truths(
        &self,
        purchase: &Purchase,
        expected: &ExpectedAtVendor,
    ) -> Result<(Truths, Vec<String>), MatrixError> {
        let (mut truths, mut complaints) = self.truths_of_one(purchase, expected).await?;
        if let Some(other) = &purchase.together_with {
            let (others, more) = self.truths_of_one(other, expected).await?;
            truths = Truths {
                whmcs: json!([truths.whmcs, others.whmcs]),
                journal: json!([truths.journal, others.journal]),
                vendor: json!([truths.vendor, others.vendor]),
            };
            complaints.extend(more);
        }
        Ok((truths, complaints))
    }

    async fn truths_of_one(
        &self,
        purchase: &Purchase,
        expected: &ExpectedAtVendor,
    ) -> Result<(Truths, Vec<String>), MatrixError> {
        let journal = self.journal_of(purchase).await?;
        let status = purchase.service.status().await?;
        let saved = purchase.service.properties().await?;
        let saved: Map<String, Value> = saved
            .into_iter()
            .map(|(name, value)| (name, value.into()))
            .collect();
        let services = self.vendor.services(purchase)?;
        let users = self.vendor.users(purchase)?;

        let mut complaints = Vec::new();
        complaints.extend(wrong_status(purchase.state, status, &journal));
        complaints.extend(wrong_values(
            &self.settings.definition,
            purchase.state,
            &journal,
            &saved,
        ));
        complaints.extend(self.wrong_vendor(purchase, expected, &journal, &services, &users)?);
        let truths = Truths {
            whmcs: json!({"status": format!("{status:?}"), "saved": saved}),
            journal,
            vendor: json!({"services": services, "users": users}),
        };
        Ok((truths, complaints))
    }

    /// What the gateway knows of a purchase; null when it has never heard of it.
    ///
    /// # Errors
    /// No gateway answers.
    pub async fn journal_of(&self, purchase: &Purchase) -> Result<Value, MatrixError> {
        let reference = purchase.reference();
        let name = &self.settings.definition.service.name;
        let path = format!("/v1/services/{name}/{reference}");
        let failed = |reason: String| MatrixError::Truth {
            reference: reference.clone(),
            reason,
        };
        let address = self
            .nodes
            .iter()
            .flatten()
            .map(|gateway| gateway.address)
            .next()
            .ok_or_else(|| failed("none runs".to_owned()))?;
        let token = self.token(purchase.port);
        get(address, &path, token)
            .await
            .map_err(|error| failed(error.to_string()))
    }

    fn wrong_vendor(
        &self,
        purchase: &Purchase,
        expected: &ExpectedAtVendor,
        journal: &Value,
        services: &[Value],
        users: &[Value],
    ) -> Result<Vec<String>, MatrixError> {
        let lives = matches!(purchase.state, State::Active | State::Suspended);
        let mut complaints = Vec::new();
        let wanted = usize::from(lives);
        if services.len() != wanted {
            let what = match services.len().cmp(&wanted) {
                std::cmp::Ordering::Less => "lost",
                _ if lives => "doubled",
                _ => "orphaned",
            };
            complaints.push(format!(
                "{what}: the vendor has {} live services for {}, and there should be {wanted}",
                services.len(),
                purchase.domain
            ));
        }
        if users.len() > 1 || (lives && users.is_empty()) {
            complaints.push(format!(
                "the vendor has {} users for {}, and there should be one",
                users.len(),
                purchase.email
            ));
        }
        if let ([service], true) = (services, lives) {
            complaints.extend(self.vendor.complaints(service, expected)?);
            for (_, resource) in self.settings.definition.ensured() {
                if !resource.is_shared() {
                    complaints.extend(kept_differs(resource, service, journal));
                }
            }
        }
        Ok(complaints)
    }
}

fn wrong_status(state: State, status: Status, journal: &Value) -> Vec<String> {
    let (in_whmcs, in_journal): (Status, &[&str]) = match state {
        State::Ordered => (Status::Pending, &["absent"]),
        State::Active => (Status::Active, &["active"]),
        State::Suspended => (Status::Suspended, &["suspended"]),
        State::Terminated => (Status::Terminated, &["terminated", "absent"]),
    };
    let mut complaints = Vec::new();
    if status != in_whmcs {
        complaints.push(format!(
            "WHMCS believes it is {status:?}, and it should be {in_whmcs:?}"
        ));
    }
    let said = journal["status"].as_str().unwrap_or("absent");
    if !in_journal.contains(&said) {
        complaints.push(format!(
            "the journal says it is {said}, and it should be {}",
            in_journal[0]
        ));
    }
    complaints
}

/// Whether WHMCS has saved what the journal keeps.
fn wrong_values(
    definition: &Definition,
    state: State,
    journal: &Value,
    saved: &Map<String, Value>,
) -> Vec<String> {
    let kept = journal["properties"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    let lives = matches!(state, State::Active | State::Suspended);
    let mut complaints = Vec::new();
    for name in definition.property_names() {
        let label = definition
            .properties
            .get(name)
            .map_or(name, |property| property.label.as_str());
        let in_journal = kept.get(name).map(text).unwrap_or_default();
        // The module writes the vendor's title before labels that WHMCS has a column for.
        let in_whmcs = saved
            .iter()
            .find(|(saved, _)| saved.as_str() == label || saved.ends_with(&format!(" {label}")))
            .map(|(_, value)| text(value))
            .unwrap_or_default();
        if in_journal != in_whmcs {
            complaints.push(format!(
                "WHMCS has saved `{in_whmcs}` as {label}, and the journal has `{in_journal}`"
            ));
        }
        if lives && in_journal.is_empty() {
            complaints.push(format!("nothing is kept as {name}"));
        }
    }
    complaints
}

/// Whether the journal keeps what the vendor's item holds.
fn kept_differs(resource: &Resource, item: &Value, journal: &Value) -> Vec<String> {
    let names = Names::of_item(item, &Names::from_iter([]));
    let mut complaints = Vec::new();
    for (name, expression) in &resource.keep {
        let at_vendor = expression.evaluate(&names).map(|value| text(&value));
        let kept = text(&journal["properties"][name]);
        match at_vendor {
            Ok(at_vendor) if at_vendor == kept => {}
            Ok(at_vendor) => complaints.push(format!(
                "the vendor's {name} is `{at_vendor}`, and the journal keeps `{kept}`"
            )),
            Err(error) => complaints.push(format!("{name} cannot be read: {error}")),
        }
    }
    complaints
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

async fn get(
    address: std::net::SocketAddr,
    path: &str,
    token: &str,
) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = Request::get(path)
        .header(header::HOST, address.to_string())
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Empty::<Bytes>::new())?;
    let (head, body) = sender.send_request(request).await?.into_parts();
    let body = Limited::new(body, LARGEST_ANSWER)
        .collect()
        .await?
        .to_bytes();
    match head.status {
        StatusCode::OK => Ok(serde_json::from_slice(&body)?),
        StatusCode::NOT_FOUND => Ok(Value::Null),
        status => Err(format!("HTTP {status}: {}", String::from_utf8_lossy(&body)).into()),
    }
}
