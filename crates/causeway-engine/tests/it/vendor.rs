//! The vendor of `examples/shieldpress.toml`, as a value: what it has, and what it answers.

use std::collections::BTreeMap;
use std::time::Duration;

use causeway_definition::request::Method;
use causeway_definition::{Answer, Request};
use causeway_engine::Reply;
use serde_json::{Value, json};

/// What goes wrong with one exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Refused,
    ConnectionRefused,
    ResetBefore,
    ResetAfter,
    TimeoutAfter,
    TooMany,
    ServerErrorBefore,
    ServerErrorAfter,
    GatewayPageAfter,
    HalfJsonAfter,
    EmptyAfter,
    OtherShapeAfter,
    OtherItemAfter,
    TwiceDelivered,
    /// The caller is told nothing, and the vendor acts only after it was looked at once.
    ActsLate,
}

impl Fault {
    /// Every fault that may happen at any time. `ActsLate` is not among them: what a vendor does
    /// later than `settle` cannot be told from what it never did.
    pub const ALL: [Self; 14] = [
        Self::Refused,
        Self::ConnectionRefused,
        Self::ResetBefore,
        Self::ResetAfter,
        Self::TimeoutAfter,
        Self::TooMany,
        Self::ServerErrorBefore,
        Self::ServerErrorAfter,
        Self::GatewayPageAfter,
        Self::HalfJsonAfter,
        Self::EmptyAfter,
        Self::OtherShapeAfter,
        Self::OtherItemAfter,
        Self::TwiceDelivered,
    ];
}

#[derive(Debug, Clone)]
pub struct Service {
    pub domain: String,
    pub user_id: i64,
    pub plan: String,
    pub status: String,
}

#[derive(Debug, Default)]
pub struct Vendor {
    pub users: BTreeMap<i64, String>,
    pub services: BTreeMap<i64, Service>,
    pub next_id: i64,
    pub log: Vec<String>,
    pub keys: BTreeMap<String, (u16, Value)>,
    pub honours_idempotency_keys: bool,
    pub late: Option<Request>,
}

impl Vendor {
    pub fn live(&self) -> Vec<(&i64, &Service)> {
        self.services
            .iter()
            .filter(|(_, service)| service.status != "terminated")
            .collect()
    }

    /// Takes a request, with at most one thing going wrong.
    pub fn exchange(&mut self, request: &Request, fault: Option<Fault>) -> Reply {
        let line = format!("{} {} {fault:?}", request.method.as_str(), request.target);
        self.log.push(line);
        let lost = |reason: &str| Reply::Unknown {
            reason: reason.to_owned(),
        };
        match fault {
            None if request.method == Method::Get => {
                let answer = self.whole_answer(request);
                if let Some(late) = self.late.take() {
                    self.act(&late);
                }
                answer
            }
            None => self.whole_answer(request),
            Some(Fault::ActsLate) => {
                self.late = Some(request.clone());
                lost("no answer in time")
            }
            Some(Fault::Refused) => answer(422, json!({"message": "Not like this."})),
            Some(Fault::ConnectionRefused) => Reply::NotSent {
                reason: "connection refused".to_owned(),
                passing: true,
            },
            Some(Fault::ResetBefore) => lost("the connection was reset"),
            Some(Fault::TooMany) => Reply::Answered(Answer {
                status: 429,
                retry_after: Some(Duration::from_secs(3)),
                body: Vec::new(),
            }),
            Some(Fault::ServerErrorBefore) => answer(500, json!({"message": "Server Error"})),
            Some(Fault::ResetAfter) => self.act_then(request, lost("the connection was reset")),
            Some(Fault::TimeoutAfter) => self.act_then(request, lost("no answer in time")),
            Some(Fault::ServerErrorAfter) => {
                self.act_then(request, answer(500, json!({"message": "Server Error"})))
            }
            Some(Fault::GatewayPageAfter) => self.act_then(request, raw(502, b"<html>Bad Gateway")),
            Some(Fault::HalfJsonAfter) => self.act_then(request, raw(201, b"{\"id\": 1")),
            Some(Fault::EmptyAfter) => self.act_then(request, raw(201, b"")),
            Some(Fault::OtherShapeAfter) => {
                self.act_then(request, answer(200, json!({"result": {"ok": true}})))
            }
            Some(Fault::OtherItemAfter) => self.act_then(
                request,
                answer(200, json!({"id": {"value": 1}, "status": [], "data": 7})),
            ),
            Some(Fault::TwiceDelivered) => {
                if request.method == Method::Get {
                    self.act(request);
                }
                self.whole_answer(request)
            }
        }
    }

    fn act_then(&mut self, request: &Request, reply: Reply) -> Reply {
        self.act(request);
        reply
    }

    fn whole_answer(&mut self, request: &Request) -> Reply {
        let (status, body) = self.act(request);
        answer(status, body)
    }

    fn act(&mut self, request: &Request) -> (u16, Value) {
        let key = request
            .headers
            .iter()
            .find(|(name, _)| name == "Idempotency-Key" && self.honours_idempotency_keys)
            .map(|(_, key)| key.clone());
        if let Some(known) = key.as_ref().and_then(|key| self.keys.get(key)) {
            return known.clone();
        }
        let done = self.act_once(request);
        if let Some(key) = key {
            self.keys.insert(key, done.clone());
        }
        done
    }

    fn act_once(&mut self, request: &Request) -> (u16, Value) {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let parameter = |name: &str| {
            query
                .split('&')
                .find_map(|pair| pair.strip_prefix(&format!("{name}=")))
                .map(decode)
        };
        let body = request.body.clone().unwrap_or_default();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        match (request.method, parts.as_slice()) {
            (Method::Get, ["account"]) => (200, json!({"id": 1})),
            (Method::Get, ["users"]) => {
                let email = parameter("email").unwrap_or_default();
                let users: Vec<Value> = self
                    .users
                    .iter()
                    .filter(|(_, known)| **known == email.to_lowercase())
                    .map(|(id, email)| json!({"id": id, "email": email}))
                    .collect();
                (200, json!({"data": users, "links": {"next": null}}))
            }
            (Method::Post, ["users"]) => {
                let email = text("email").to_lowercase();
                if self.users.values().any(|known| *known == email) {
                    return (422, json!({"message": "The email has already been taken."}));
                }
                self.next_id += 1;
                self.users.insert(self.next_id, email);
                (201, json!({"id": self.next_id}))
            }
            (Method::Put, ["users", ..]) => (200, json!({})),
            (Method::Get, ["services"]) => {
                let domain = parameter("domain").unwrap_or_default();
                let user = parameter("user_id").unwrap_or_default();
                let found: Vec<Value> = self
                    .services
                    .iter()
                    .filter(|(_, s)| s.domain == domain && s.user_id.to_string() == user)
                    .map(|(id, service)| shown(*id, service))
                    .collect();
                (200, json!({"data": found, "links": {"next": null}}))
            }
            (Method::Post, ["services"]) => {
                self.next_id += 1;
                let service = Service {
                    domain: text("domain"),
                    user_id: body["user_id"].as_i64().unwrap_or_default(),
                    plan: text("plan"),
                    status: "active".to_owned(),
                };
                let answer = shown(self.next_id, &service);
                self.services.insert(self.next_id, service);
                (201, answer)
            }
            (method, ["services", id, rest @ ..]) => self.on_service(method, id, rest, &body),
            _ => (404, json!({"message": "no such route"})),
        }
    }

    fn on_service(
        &mut self,
        method: Method,
        id: &str,
        rest: &[&str],
        body: &Value,
    ) -> (u16, Value) {
        let Some((id, service)) = id
            .parse::<i64>()
            .ok()
            .and_then(|id| self.services.get_mut(&id).map(|service| (id, service)))
            .filter(|(_, service)| service.status != "terminated")
        else {
            return (404, json!({"message": "No query results"}));
        };
        match (method, rest) {
            (Method::Get, []) => {}
            (Method::Post, ["suspend"]) => service.status = "suspended".to_owned(),
            (Method::Post, ["unsuspend"]) => service.status = "active".to_owned(),
            (Method::Patch, []) => {
                service.plan = body["plan"].as_str().unwrap_or_default().to_owned();
            }
            (Method::Put, ["renewal"]) => {}
            (Method::Delete, []) => {
                service.status = "terminated".to_owned();
                return (204, Value::Null);
            }
            (Method::Post, ["login-link"]) => {
                return (200, json!({"url": "https://app.example/login?t=one-time"}));
            }
            _ => return (405, json!({"message": "no such method"})),
        }
        (200, shown(id, service))
    }
}

fn shown(id: i64, service: &Service) -> Value {
    json!({"id": id, "domain": service.domain, "plan": service.plan, "status": service.status,
        "license": {"key": format!("SP-{id:04}")}})
}

fn answer(status: u16, body: Value) -> Reply {
    let body = if body.is_null() {
        Vec::new()
    } else {
        body.to_string().into_bytes()
    };
    Reply::Answered(Answer {
        status,
        retry_after: None,
        body,
    })
}

fn raw(status: u16, body: &[u8]) -> Reply {
    Reply::Answered(Answer {
        status,
        retry_after: None,
        body: body.to_vec(),
    })
}

fn decode(text: &str) -> String {
    text.replace("%40", "@").replace('+', " ")
}
