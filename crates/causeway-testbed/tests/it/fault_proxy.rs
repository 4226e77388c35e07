//! The fault proxy over real sockets: what its caller sees, what the vendor did, what the record says.

mod connections;
mod faults;
mod forwarding;
mod held;
mod lagging_reads;
mod places;
mod watched;

use std::num::NonZeroU32;
use std::time::Duration;

use causeway_definition::request::{BodyFormat, Method};
use causeway_definition::{Answer, Definition, Request};
use causeway_engine::{Reply, Vendor as _};
use causeway_testbed::fault_proxy::{
    ArmedFault, Fault, FaultProxy, FaultProxySettings, Given, PathPattern, Place, RecordedExchange,
};
use causeway_testbed::sample_vendor::{SampleVendor, SampleVendorSettings};
use causeway_vendor::{HttpVendor, HttpVendorSettings};
use serde_json::{Value, json};

/// Longer than any answer takes here.
const PATIENT: Duration = Duration::from_secs(60);
/// What a caller waits for an answer that will not come.
const IMPATIENT: Duration = Duration::from_millis(150);

/// A vendor with one user, a proxy before it, and the gateway's own client.
struct Bench {
    vendor: SampleVendor,
    proxy: FaultProxy,
    client: HttpVendor,
    token: String,
    user_id: i64,
}

impl Bench {
    async fn set_up() -> Self {
        Self::set_up_with(|_| {}).await
    }

    async fn set_up_with(change: impl FnOnce(&mut FaultProxySettings)) -> Self {
        let vendor = SampleVendor::start(SampleVendorSettings::default())
            .await
            .unwrap();
        let token = vendor.add_account("Northern Hosting").unwrap();
        let mut settings = FaultProxySettings::before(vendor.api().parse().unwrap());
        change(&mut settings);
        let proxy = FaultProxy::start(settings).await.unwrap();
        let client = client_trusting(proxy.authority_pem());
        let mut bench = Self {
            vendor,
            proxy,
            client,
            token,
            user_id: 0,
        };
        let user = answered(bench.send(&bench.post("/users", ada())).await, 201);
        bench.user_id = user["id"].as_i64().unwrap();
        bench
    }

    async fn arm(&self, fault: Fault, place: Place, time: u32) {
        self.proxy.arm([armed(fault, place, time)]).await;
    }

    fn get(&self, target: &str) -> Request {
        Request {
            method: Method::Get,
            target: target.to_owned(),
            headers: vec![("Authorization".to_owned(), format!("Bearer {}", self.token))],
            body: None,
            format: BodyFormat::Json,
        }
    }

    fn post(&self, target: &str, body: Value) -> Request {
        Request {
            method: Method::Post,
            body: Some(body),
            ..self.get(target)
        }
    }

    fn delete(&self, target: &str) -> Request {
        Request {
            method: Method::Delete,
            ..self.get(target)
        }
    }

    fn service(&self, domain: &str) -> Request {
        let body =
            json!({ "domain": domain, "user_id": self.user_id, "plan": "pro", "type_id": 1 });
        self.post("/services", body)
    }

    async fn send(&self, request: &Request) -> Reply {
        self.send_within(request, PATIENT).await
    }

    async fn send_within(&self, request: &Request, timeout: Duration) -> Reply {
        send_by(&self.client, &self.proxy.api(), request, timeout).await
    }

    async fn send_securely(&self, request: &Request) -> Reply {
        let api = self.proxy.secure_api();
        send_by(&self.client, &api, request, PATIENT).await
    }

    /// The domains of the vendor's services.
    fn domains(&self) -> Vec<String> {
        let services = self.vendor.live_services().unwrap().into_iter();
        services.map(|service| service.domain).collect()
    }

    /// The record, once nothing is in progress.
    async fn record(&self) -> Vec<RecordedExchange> {
        self.proxy.settled().await;
        self.proxy.record()
    }

    /// The only exchange of the record.
    async fn recorded(&self) -> RecordedExchange {
        let mut record = self.record().await;
        assert_eq!(record.len(), 1, "{record:#?}");
        record.remove(0)
    }
}

/// The gateway's client with this authority beside the system's.
fn client_trusting(authority_pem: &str) -> HttpVendor {
    HttpVendor::new(HttpVendorSettings {
        extra_roots: vec![authority_pem.as_bytes().to_vec()],
        ..HttpVendorSettings::default()
    })
    .unwrap()
}

async fn send_by(client: &HttpVendor, api: &str, request: &Request, timeout: Duration) -> Reply {
    client.send(&definition(api), None, request, timeout).await
}

fn definition(api: &str) -> Definition {
    let text = r#"
        [service]
        name  = "shieldpress"
        title = "ShieldPress"
        api   = "https://api.shieldpress.example"

        [resources.subscription]
        key    = "{{ service.reference }}"
        create = { post = "/services", body = { domain = "{{ domain }}" } }
        keep   = { service_id = "id" }

        [operations]
        create  = { ensure = ["subscription"] }
        suspend = { post = "/services/{{ service_id }}/suspend" }
    "#;
    let mut definition = Definition::parse(text).unwrap().0;
    definition.service.api = api.parse().unwrap();
    definition
}

fn armed(fault: Fault, place: Place, time: u32) -> ArmedFault {
    ArmedFault::new(fault, place, NonZeroU32::new(time).unwrap()).unwrap()
}

fn at(method: Method, path: &str) -> Place {
    Place::Request {
        method,
        path: PathPattern::of_template(path),
    }
}

fn creates() -> Place {
    at(Method::Post, "/services")
}

fn ada() -> Value {
    json!({
        "firstname": "Ada",
        "email": "ada@example.com",
        "password": "enchantress of numbers",
        "password_confirmation": "enchantress of numbers",
    })
}

#[track_caller]
fn answer_of(reply: Reply) -> Answer {
    match reply {
        Reply::Answered(answer) => answer,
        other => panic!("an answer was expected, not {other:?}"),
    }
}

/// The JSON of an answer with this status.
#[track_caller]
fn answered(reply: Reply, status: u16) -> Value {
    let answer = answer_of(reply);
    let text = String::from_utf8(answer.body).unwrap();
    assert_eq!(answer.status, status, "{text}");
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

#[track_caller]
fn unknown(reply: Reply) -> String {
    match reply {
        Reply::Unknown { reason } => reason,
        other => panic!("Unknown was expected, not {other:?}"),
    }
}

#[track_caller]
fn not_sent(reply: Reply) -> String {
    match reply {
        Reply::NotSent {
            reason,
            passing: true,
        } => reason,
        other => panic!("NotSent was expected, not {other:?}"),
    }
}

fn given_status(exchange: &RecordedExchange) -> u16 {
    match &exchange.given {
        Given::Answer { status, .. } => *status,
        other => panic!("an answer was expected, not {other:?}"),
    }
}
