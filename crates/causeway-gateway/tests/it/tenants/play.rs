//! Plays turns in a world, for both providers or for one of them alone.

use std::collections::BTreeSet;

use causeway_definition::OperationKind;
use serde_json::{Value, json};
use uuid::Uuid;

use super::moves::{Attempt, Copied, Honest, OperationName, Reference, Spelling, Turn};
use super::world::{Tenant, Truth, World, without_ids, without_times};

/// What A must never see; the values that the vendor makes come on top.
pub const PLANTED: [&str; 4] = ["Lovelace-planted", CREDENTIAL, PASSWORD, "note-planted"];

const CREDENTIAL: &str = "credential-planted-of-b";
const PASSWORD: &str = "p4ssword-planted";
const EMAIL: &str = "ada@client-of-b.example";
const REFERENCES: u8 = 8;

/// Who takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cast {
    Both,
    HonestAlone,
    CuriousAlone,
}

/// What A has got hold of at the beginning of a turn: from a support ticket, say.
#[derive(Debug, Clone, Default)]
pub struct Lent {
    operations: Vec<String>,
    values: Vec<String>,
}

/// What was seen of a run.
#[derive(Debug, Default)]
pub struct Seen {
    /// What B was answered, and what there was of it in the end.
    pub honest: Vec<String>,
    pub honest_truth: Option<Truth>,
    /// What A was answered, and what there was of it in the end.
    pub curious: Vec<String>,
    pub curious_truth: Option<Truth>,
    /// Everything that A read, word for word, with what it had said so far.
    pub read: Vec<(String, String)>,
    /// Everything of B that cannot be guessed.
    pub unguessable: BTreeSet<String>,
}

struct Life<'w> {
    world: &'w World,
    tenant: Tenant,
    operations: Vec<String>,
    values: Vec<String>,
    answers: Vec<String>,
    said: String,
    read: Vec<(String, String)>,
    slow_orders: u8,
}

/// Plays the turns. What B's ids and properties are when A uses them is noted in `lent`, or, when A
/// is alone, taken from there: A says the same words in both runs.
pub async fn play(turns: &[Turn], cast: Cast, lent: &mut Vec<Lent>) -> Seen {
    let world = World::new().await;
    let curious = world.tenant("acme", "credential-of-a").await;
    let honest = world.tenant("rival", CREDENTIAL).await;
    let (mut curious, mut honest) = (Life::new(&world, curious), Life::new(&world, honest));
    for (number, turn) in turns.iter().enumerate() {
        if cast == Cast::Both {
            lent.push(Lent {
                operations: honest.operations.clone(),
                values: honest.values.clone(),
            });
        }
        let lent = lent.get(number).cloned().unwrap_or_default();
        let lives = async {
            if cast != Cast::CuriousAlone {
                honest.step(&turn.honest).await;
            }
        };
        let tries = async {
            if cast != Cast::HonestAlone {
                for attempt in &turn.tried {
                    curious.attempt(attempt, &lent).await;
                }
            }
        };
        tokio::join!(lives, tries);
    }
    honest.look_at_everything().await;
    let references: BTreeSet<String> = (0..REFERENCES)
        .flat_map(|number| [format!("service-{number}"), format!("slow-{number}")])
        .collect();
    let all_values = lent.iter().flat_map(|lent| lent.values.clone());
    let values = all_values
        .chain(honest.values.clone())
        .chain(curious.values.clone())
        .collect();
    let seen = Seen {
        honest_truth: Some(honest.truth(&references, &values).await),
        curious_truth: Some(curious.truth(&references, &values).await),
        unguessable: honest
            .operations
            .iter()
            .chain(&honest.values)
            .cloned()
            .chain([
                honest.tenant.token.expose().to_owned(),
                honest.tenant.id.to_string(),
            ])
            .collect(),
        honest: honest.answers,
        curious: curious.answers,
        read: curious.read,
    };
    world.end().await;
    seen
}

impl<'w> Life<'w> {
    fn new(world: &'w World, tenant: Tenant) -> Self {
        Self {
            world,
            tenant,
            operations: Vec::new(),
            values: Vec::new(),
            answers: Vec::new(),
            said: String::new(),
            read: Vec::new(),
            slow_orders: 0,
        }
    }

    async fn ask(&mut self, method: &str, path: &str, body: &str) -> Value {
        let (status, answer) = self.world.ask(&self.tenant, method, path, body).await;
        self.said.push_str(path);
        self.said.push_str(body);
        self.read.push((self.said.clone(), answer.clone()));
        let value: Value = serde_json::from_str(&answer).unwrap_or_default();
        self.learn(&value);
        for listed in value["operations"].as_array().into_iter().flatten() {
            self.learn(listed);
        }
        // The numbers of the process count every run.
        if !path.starts_with("/metrics") {
            let answer = without_ids(&without_times(&answer), &self.operations);
            self.answers.push(format!("{status} {answer}"));
        }
        value
    }

    fn learn(&mut self, answer: &Value) {
        let id = answer["operation_id"].as_str().map(str::to_owned);
        self.operations
            .extend(id.filter(|id| !self.operations.contains(id)));
        for value in answer["properties"]
            .as_object()
            .into_iter()
            .flat_map(|kept| kept.values())
        {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            if !self.values.contains(&value) {
                self.values.push(value);
            }
        }
    }

    async fn truth(&self, references: &BTreeSet<String>, values: &BTreeSet<String>) -> Truth {
        self.world
            .truth(&self.tenant, references, values, &self.operations)
            .await
    }

    // --- B's honest life -----------------------------------------------------------------------

    async fn step(&mut self, honest: &Honest) {
        match honest {
            Honest::Nothing => {}
            Honest::Operate { kind, service } => {
                self.receive().await;
                self.operate(*kind, &format!("service-{service}"), 20_000)
                    .await;
            }
            Honest::OrderSlowly => {
                self.receive().await;
                self.world.vendor.hold(self.tenant.credential);
                let reference = format!("slow-{}", self.slow_orders);
                self.slow_orders += 1;
                let answer = self.operate(OperationKind::Create, &reference, 30).await;
                assert_eq!(answer["status"], "pending", "{answer}");
            }
            Honest::Receive => self.receive().await,
            Honest::LookAtService(service) => {
                self.ask("GET", &format!("/v1/services/sites/service-{service}"), "")
                    .await;
            }
            Honest::ListOwed => {
                self.ask("GET", "/v1/operations?owed=true", "").await;
            }
            Honest::LookAtOperation(which) => {
                if !self.operations.is_empty() {
                    let id = which.get(&self.operations).clone();
                    self.ask("GET", &format!("/v1/operations/{id}"), "").await;
                }
            }
            Honest::Acknowledge(which) => {
                if !self.operations.is_empty() {
                    let path =
                        format!("/v1/operations/{}/acknowledge", which.get(&self.operations));
                    self.ask("POST", &path, "").await;
                }
            }
        }
    }

    async fn operate(&mut self, kind: OperationKind, reference: &str, deadline_ms: u32) -> Value {
        let call = json!({
            "definition": "sites",
            "operation": kind.name(),
            "reference": reference,
            "deadline_ms": deadline_ms,
            "domain": format!("{reference}.client-of-b.example"),
            "password": PASSWORD,
            "client": {"email": EMAIL, "lastname": "Lovelace-planted", "custom_fields": {"note": "note-planted"}},
            "service": {"next_due_date": "2027-01-01"},
            "options": {"plan": "pro"},
        });
        self.ask("POST", "/v1/operations", &call.to_string()).await
    }

    /// The vendor makes what it was slow to make, and B waits for it without asking for the result.
    async fn receive(&mut self) {
        self.world.vendor.let_go();
        loop {
            let path = "/v1/operations?owed=true";
            let (_, owed) = self.world.ask(&self.tenant, "GET", path, "").await;
            if !owed.contains("\"pending\"") {
                break;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn look_at_everything(&mut self) {
        self.receive().await;
        self.ask("GET", "/v1/operations?owed=true", "").await;
        for number in 0..REFERENCES {
            for reference in [format!("service-{number}"), format!("slow-{number}")] {
                self.ask("GET", &format!("/v1/services/sites/{reference}"), "")
                    .await;
            }
        }
        for id in self.operations.clone() {
            self.ask("GET", &format!("/v1/operations/{id}"), "").await;
        }
    }

    // --- what A tries --------------------------------------------------------------------------

    async fn attempt(&mut self, attempt: &Attempt, lent: &Lent) {
        match attempt {
            Attempt::Operate {
                kind,
                reference,
                properties,
                as_their_client,
            } => {
                let properties: serde_json::Map<String, Value> = properties
                    .iter()
                    .map(|(name, copied)| ((*name).to_owned(), copied.value(lent).into()))
                    .collect();
                let (email, domain) = if *as_their_client {
                    (EMAIL, "service-1.client-of-b.example")
                } else {
                    ("eve@client-of-a.example", "client-of-a.example")
                };
                let call = json!({
                    "definition": "sites",
                    "operation": kind.name(),
                    "reference": reference.text(),
                    "domain": domain,
                    "password": "another",
                    "client": {"email": email},
                    "service": {"next_due_date": "2027-01-01"},
                    "properties": properties,
                });
                self.ask("POST", "/v1/operations", &call.to_string()).await;
            }
            Attempt::LookAtOperation { id, wait } => {
                let id = id.text(lent, &self.operations);
                let wait = if *wait { "?wait_ms=20" } else { "" };
                self.ask("GET", &format!("/v1/operations/{id}{wait}"), "")
                    .await;
            }
            Attempt::Acknowledge(id) => {
                let id = id.text(lent, &self.operations);
                self.ask("POST", &format!("/v1/operations/{id}/acknowledge"), "")
                    .await;
            }
            Attempt::LookAtService {
                definition,
                reference,
            } => {
                let reference = reference.text().replace([' ', '\''], "%20");
                self.ask("GET", &format!("/v1/services/{definition}/{reference}"), "")
                    .await;
            }
            Attempt::ListOwed { query } => {
                self.ask("GET", &format!("/v1/operations?{query}"), "")
                    .await;
            }
            Attempt::Odd { method, path } => {
                self.ask(method, path, "").await;
            }
        }
    }
}

impl Reference {
    fn text(&self) -> String {
        match self {
            Self::Service(number) => format!("service-{number}"),
            Self::Odd(text) => (*text).to_owned(),
        }
    }
}

impl Copied {
    fn value(&self, lent: &Lent) -> String {
        match self {
            Self::Theirs(which) if !lent.values.is_empty() => which.get(&lent.values).clone(),
            Self::Theirs(_) => "1".to_owned(),
            Self::Guessed(text) => text.clone(),
        }
    }
}

impl OperationName {
    fn text(&self, lent: &Lent, own: &[String]) -> String {
        match self {
            Self::Theirs(which, spelling) if !lent.operations.is_empty() => {
                spelling.of(which.get::<String>(&lent.operations))
            }
            Self::Own(which) if !own.is_empty() => own[which.index(own.len())].clone(),
            Self::Theirs(..) | Self::Own(_) => Uuid::nil().to_string(),
            Self::Guessed(bytes) => Uuid::from_bytes(*bytes).to_string(),
        }
    }
}

impl Spelling {
    fn of(self, id: &str) -> String {
        match self {
            Self::Plain => id.to_owned(),
            Self::UpperCase => id.to_uppercase(),
            Self::WithoutHyphens => id.replace('-', ""),
            Self::InBraces => format!("%7B{id}%7D"),
            Self::AsUrn => format!("urn:uuid:{id}"),
            Self::Next => {
                let number: Uuid = id.parse().unwrap();
                Uuid::from_u128(number.as_u128().wrapping_add(1)).to_string()
            }
        }
    }
}
