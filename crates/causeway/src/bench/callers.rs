//! The callers: each makes one create after the other, directly or through the gateway.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use causeway_definition::Request;
use causeway_definition::request::{BodyFormat, Method};
use causeway_engine::{Reply, Vendor};
use miette::{IntoDiagnostic as _, Result, bail, ensure};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::bridge::Bridge;
use super::figures::{Figures, Stopwatch};

const TIMEOUT: Duration = Duration::from_secs(60);

/// The same four calls that a create makes, by the same HTTP client, with nothing recorded.
pub async fn direct(bridge: &Bridge, creates: usize, callers: usize) -> Result<Figures> {
    many(bridge, creates, callers, |bridge, number| async move {
        let (email, domain) = customer(number);
        let encoded = email.replace('@', "%40");
        let found = vendor(
            &bridge,
            Method::Get,
            format!("/users?email={encoded}"),
            None,
        )
        .await?;
        ensure!(found["data"] == json!([]), "the user is new: {found}");
        let body = json!({"firstname": "Ada", "lastname": "Lovelace", "email": email,
            "password": "s3cret-Passw0rd", "password_confirmation": "s3cret-Passw0rd"});
        let user = vendor(&bridge, Method::Post, "/users".to_owned(), Some(body)).await?;
        let query = format!("/services?domain={domain}&user_id={}", user["id"]);
        let found = vendor(&bridge, Method::Get, query, None).await?;
        ensure!(found["data"] == json!([]), "the service is new: {found}");
        let body = json!({"domain": domain, "user_id": user["id"], "plan": "pro", "type_id": 1});
        let service = vendor(&bridge, Method::Post, "/services".to_owned(), Some(body)).await?;
        ensure!(
            service["license"]["key"].is_string(),
            "there is a key: {service}"
        );
        Ok(())
    })
    .await
}

/// One call to the gateway, which makes the four calls and records them.
pub async fn through_gateway(bridge: &Bridge, creates: usize, callers: usize) -> Result<Figures> {
    many(bridge, creates, callers, |bridge, number| async move {
        let (email, domain) = customer(number);
        let body = json!({
            "definition": "shieldpress", "operation": "create", "deadline_ms": 60_000,
            "reference": format!("service-{number}"),
            "domain": domain, "password": "s3cret-Passw0rd",
            "client": {"firstname": "Ada", "lastname": "Lovelace", "email": email},
            "options": {"plan": "pro"},
        });
        let request = Request {
            method: Method::Post,
            target: "/v1/operations".to_owned(),
            headers: vec![(
                "Authorization".to_owned(),
                format!("Bearer {}", bridge.token),
            )],
            body: Some(body),
            format: BodyFormat::Json,
        };
        // The same client as for direct calls, with the gateway as the API.
        let reply = bridge
            .client
            .send(&bridge.definition, Some(&bridge.gateway), &request, TIMEOUT)
            .await;
        let answer = body_of(reply)?;
        ensure!(
            answer["status"] == "succeeded",
            "the create succeeds: {answer}"
        );
        Ok(())
    })
    .await
}

async fn many<F>(
    bridge: &Bridge,
    creates: usize,
    callers: usize,
    create: impl Fn(Bridge, usize) -> F + Clone + Send + 'static,
) -> Result<Figures>
where
    F: Future<Output = Result<()>> + Send,
{
    let first = bridge.reserve(creates);
    let next = Arc::new(AtomicUsize::new(0));
    let stopwatch = Stopwatch::start();
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let (bridge, create, next) = (bridge.clone(), create.clone(), Arc::clone(&next));
        tasks.spawn(async move {
            let mut times = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= creates {
                    return Ok::<_, miette::Report>(times);
                }
                let began = Instant::now();
                create(bridge.clone(), first + number).await?;
                times.push(began.elapsed());
            }
        });
    }
    let mut times = Vec::with_capacity(creates);
    while let Some(of_one) = tasks.join_next().await {
        times.extend(of_one.into_diagnostic()??);
    }
    Ok(Figures::of(times, &stopwatch))
}

fn customer(number: usize) -> (String, String) {
    (
        format!("ada-{number}@example.com"),
        format!("site-{number}.example.com"),
    )
}

async fn vendor(
    bridge: &Bridge,
    method: Method,
    target: String,
    body: Option<Value>,
) -> Result<Value> {
    let request = Request {
        method,
        target,
        headers: vec![(
            "Authorization".to_owned(),
            format!("Bearer {}", bridge.credential),
        )],
        body,
        format: BodyFormat::Json,
    };
    let reply = bridge
        .client
        .send(&bridge.definition, Some(&bridge.api), &request, TIMEOUT)
        .await;
    body_of(reply)
}

fn body_of(reply: Reply) -> Result<Value> {
    match reply {
        Reply::Answered(answer) if answer.status < 300 => {
            serde_json::from_slice(&answer.body).into_diagnostic()
        }
        Reply::Answered(answer) => {
            bail!(
                "HTTP {}: {}",
                answer.status,
                String::from_utf8_lossy(&answer.body)
            )
        }
        Reply::NotSent { reason, .. } | Reply::Unknown { reason } => bail!("{reason}"),
    }
}
