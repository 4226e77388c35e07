//! Fills a journal with services, as creates of the past would have left them, by the journal's own
//! verbs: each is accepted, and ends with its four exchanges, its properties and its claim.

use std::sync::Arc;
use std::time::Duration;

use causeway_definition::OperationKind;
use causeway_engine::exchange::ExchangeDetail;
use causeway_engine::{
    Acceptance, Claim, Commit, Ending, Exchange, Identity, Input, NewOperation, OperationId,
    Origin, Outcome, ProviderId, ServiceKey, ServiceStatus, Standing, Store,
};
use jiff::Timestamp;
use miette::{IntoDiagnostic as _, Result, bail};
use serde_json::{Map, json};

use super::callers::call;
use super::running_gateway::RunningGateway;

/// So many at once share a commit.
const AT_ONCE: usize = 256;

/// So many between two lines of progress.
const BETWEEN_LINES: usize = 100_000;

/// Adds so many services to the gateway's journal.
pub async fn add(
    gateway: &RunningGateway,
    services: usize,
    progress: &impl Fn(&str),
) -> Result<()> {
    let provider = gateway.provider;
    let mut added = 0;
    while added < services {
        let more = BETWEEN_LINES.min(services - added);
        let store = Arc::clone(&gateway.journal.store);
        let add_one = move |number| {
            let store = Arc::clone(&store);
            async move { add_one(&*store, provider, added + number).await }
        };
        call(AT_ONCE, more, Duration::MAX / 4, add_one).await?;
        added += more;
        if services > BETWEEN_LINES {
            progress(&format!("  {added} of {services} services in the journal"));
        }
    }
    Ok(())
}

async fn add_one(store: &dyn Store, provider: ProviderId, number: usize) -> Result<()> {
    let now = Timestamp::now();
    let new = NewOperation {
        id: OperationId::new(),
        service: ServiceKey {
            provider,
            definition: "shieldpress".to_owned(),
            reference: format!("old-{number}"),
        },
        kind: OperationKind::Create,
        fingerprint: String::new(),
        input: Input {
            domain: format!("old-{number}.example.com"),
            ..Input::default()
        },
        accepted_at: now,
    };
    let Acceptance::Begun {
        operation,
        mut service,
    } = store.accept(new).await.into_diagnostic()?
    else {
        bail!("the journal knows old-{number} already");
    };
    service.status = ServiceStatus::Active;
    service.known = true;
    service.properties = properties(number);
    let commit = Commit {
        operation: operation.id,
        standing: Standing::Ended(Ending::Succeeded { redirect: None }),
        steps_done: 2,
        service: Some(*service),
        exchanges: exchanges(number, now),
        claims: vec![Claim {
            identity: Identity {
                resource: "subscription".to_owned(),
                value: format!("\"old-{number}\""),
            },
            origin: Origin::Made,
        }],
        at: now,
    };
    store.commit(commit).await.into_diagnostic()
}

fn properties(number: usize) -> Map<String, serde_json::Value> {
    Map::from_iter([
        ("user_id".to_owned(), number.into()),
        ("service_id".to_owned(), format!("old-{number}").into()),
        (
            "license_key".to_owned(),
            format!("SP-{number:04}-AAAA-BBBB-CCCC").into(),
        ),
    ])
}

fn exchanges(number: usize, now: Timestamp) -> Vec<Exchange> {
    let user = json!({"id": number, "firstname": "Ada", "lastname": "Lovelace",
        "email": format!("old-{number}@example.com"), "created_at": "2026-01-01T00:00:00Z"});
    let service = json!({"id": number, "domain": format!("old-{number}.example.com"),
        "user_id": number, "plan": "pro", "type_id": 1, "status": "active",
        "license": {"key": format!("SP-{number:04}-AAAA-BBBB-CCCC")},
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"});
    let nothing = json!({"data": [], "meta": {"total": 0, "page": 1}, "links": {"next": null}});
    [
        ("user", "find", "GET /users?email=old", &nothing),
        ("user", "create", "POST /users", &user),
        ("subscription", "find", "GET /services?domain=old", &nothing),
        ("subscription", "create", "POST /services", &service),
    ]
    .into_iter()
    .zip(1..)
    .map(|((step, purpose, request, answer), number)| Exchange {
        number,
        step: step.to_owned(),
        purpose: purpose.to_owned(),
        sent_at: now,
        ended_at: Some(now),
        outcome: Outcome::Done,
        status: Some(200),
        detail: ExchangeDetail {
            request: request.to_owned(),
            request_body: None,
            answer: Some(answer.to_string()),
        },
    })
    .collect()
}
