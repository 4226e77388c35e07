//! The three truths: what WHMCS believes, what the journal says, what the vendor really has.

use causeway_definition::Definition;
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
use super::vendor::{ExpectedAtVendor, Look, Shown, as_text};
use crate::emulator::Status;

const LARGEST_ANSWER: usize = 1024 * 1024;

/// What each side says of one purchased service.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Truths {
    /// WHMCS's tables: status and saved values.
    pub whmcs: Value,
    /// The journal, as the gateway answers from it.
    pub journal: Value,
    /// What the vendor has.
    pub vendor: Value,
}

/// What was read of a purchase.
#[derive(Debug, Clone, Default)]
pub struct Compared {
    /// What each side says.
    pub truths: Truths,
    /// What of it is not as it should be.
    pub complaints: Vec<String>,
    /// What nobody could read, and why.
    pub not_known: Vec<String>,
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
    ) -> Result<Compared, MatrixError> {
        let other = purchase.together_with.as_deref();
        let mut compared = self.truths_of_one(purchase, other, expected).await?;
        if let Some(other) = other {
            let of_other = self.truths_of_one(other, Some(purchase), expected).await?;
            let (one, other) = (compared.truths, of_other.truths);
            compared.truths = Truths {
                whmcs: json!([one.whmcs, other.whmcs]),
                journal: json!([one.journal, other.journal]),
                vendor: json!([one.vendor, other.vendor]),
            };
            compared.complaints.extend(of_other.complaints);
            compared.not_known.extend(of_other.not_known);
        }
        Ok(compared)
    }

    async fn truths_of_one(
        &self,
        purchase: &Purchase,
        other: Option<&Purchase>,
        expected: &ExpectedAtVendor,
    ) -> Result<Compared, MatrixError> {
        let journal = self.journal_of(purchase).await?;
        let status = purchase.service.status().await?;
        let saved = purchase.service.properties().await?;
        let saved: Map<String, Value> = saved
            .into_iter()
            .map(|(name, value)| (name, value.into()))
            .collect();
        let look = self.look_for(purchase, other, &journal);
        let Shown {
            truth: vendor,
            complaints: wrong_vendor,
            not_known,
        } = self.vendor.look(&look, expected).await?;

        let mut complaints = Vec::new();
        complaints.extend(wrong_status(purchase.state, status, &journal));
        complaints.extend(wrong_values(
            &self.settings.definition,
            purchase.state,
            &journal,
            &saved,
        ));
        complaints.extend(wrong_vendor);
        let truths = Truths {
            whmcs: json!({"status": format!("{status:?}"), "saved": saved}),
            journal,
            vendor,
        };
        Ok(Compared {
            truths,
            complaints,
            not_known,
        })
    }

    /// The vendor is looked at for this purchase.
    pub fn look_for<'l>(
        &'l self,
        purchase: &'l Purchase,
        other: Option<&'l Purchase>,
        journal: &'l Value,
    ) -> Look<'l> {
        Look {
            definition: &self.settings.definition,
            whmcs: &self.whmcs,
            purchase,
            other,
            journal,
        }
    }

    /// Notes what the gateway keeps for a purchase and for what was bought along with it: a terminate
    /// makes it forget, and the vendor is still looked at by it.
    ///
    /// # Errors
    /// No gateway answers.
    pub async fn note_kept(&self, purchase: &mut Purchase) -> Result<(), MatrixError> {
        let mut next = Some(purchase);
        while let Some(one) = next {
            let journal = self.journal_of(one).await?;
            if let Value::Object(kept) = &journal["properties"] {
                one.kept.extend(kept.clone());
            }
            next = one.together_with.as_deref_mut();
        }
        Ok(())
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
    let lives = state.lives();
    let mut complaints = Vec::new();
    for name in definition.property_names() {
        let label = definition
            .properties
            .get(name)
            .map_or(name, |property| property.label.as_str());
        let in_journal = kept.get(name).map(as_text).unwrap_or_default();
        // The module writes the vendor's title before labels that WHMCS has a column for.
        let in_whmcs = saved
            .iter()
            .find(|(saved, _)| saved.as_str() == label || saved.ends_with(&format!(" {label}")))
            .map(|(_, value)| as_text(value))
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
