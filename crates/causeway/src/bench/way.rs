//! The ways to the vendor that are compared. Each makes the same four calls for a create (look for
//! the user, make it, look for the service, make it) and the same one for a suspend.

use std::fmt;

use clap::ValueEnum;
use miette::{Result, ensure, miette};
use serde_json::{Value, json};

use super::http::Api;
use super::tutorial_module::TutorialModule;

/// A way to the vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum WayName {
    /// The vendor's calls by the same HTTP client, nothing recorded
    Direct,
    /// Through a gateway with its journal on SQLite
    Sqlite,
    /// Through a gateway with its journal on PostgreSQL
    Postgres,
    /// By a hand-written PHP module of the usual tutorial kind, under php-fpm
    Php,
}

impl fmt::Display for WayName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Direct => "direct",
            Self::Sqlite => "Causeway, SQLite",
            Self::Postgres => "Causeway, PostgreSQL",
            Self::Php => "hand-written PHP",
        })
    }
}

impl WayName {
    /// Whether what it does is recorded.
    pub const fn has_journal(self) -> bool {
        matches!(self, Self::Sqlite | Self::Postgres)
    }
}

/// What is called. Clones share it.
#[derive(Clone)]
pub enum Way {
    Direct(Api),
    Gateway(Api),
    Php(TutorialModule),
}

/// A service that was made.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    /// The customer's number.
    number: usize,
    /// The vendor's.
    id: i64,
}

impl Way {
    /// Buys a service for the customer with this number, who is new.
    pub async fn create(&self, number: usize) -> Result<Made> {
        let email = format!("ada-{number}@example.com");
        let domain = format!("site-{number}.example.com");
        let service_id = match self {
            Self::Direct(api) => create_directly(api, &email, &domain).await?,
            Self::Gateway(api) => {
                let body = json!({
                    "definition": "shieldpress", "operation": "create", "deadline_ms": 60_000,
                    "reference": reference(number), "domain": domain, "password": PASSWORD,
                    "client": {"firstname": "Ada", "lastname": "Lovelace", "email": email},
                    "options": {"plan": "pro"},
                });
                succeeded(api, body).await?["properties"]["service_id"].take()
            }
            Self::Php(module) => {
                let params = json!({
                    "domain": domain, "password": PASSWORD, "configoption1": "pro",
                    "clientsdetails": {"firstname": "Ada", "lastname": "Lovelace", "email": email},
                    "customfields": {},
                });
                module.call("CreateAccount", params).await?["service_id"].take()
            }
        };
        let id = service_id
            .as_i64()
            .ok_or_else(|| miette!("a service has a number as its id, and this is {service_id}"))?;
        Ok(Made { number, id })
    }

    /// Suspends a service that was made in this way.
    pub async fn suspend(&self, made: Made) -> Result<()> {
        let Made { number, id } = made;
        match self {
            Self::Direct(api) => {
                let service = api.post(format!("/services/{id}/suspend"), None).await?;
                ensure!(service["status"] == "suspended", "suspended: {service}");
            }
            Self::Gateway(api) => {
                let body = json!({
                    "definition": "shieldpress", "operation": "suspend", "deadline_ms": 60_000,
                    "reference": reference(number),
                });
                succeeded(api, body).await?;
            }
            Self::Php(module) => {
                let params = json!({"customfields": {"service_id": id}});
                module.call("SuspendAccount", params).await?;
            }
        }
        Ok(())
    }
}

const PASSWORD: &str = "s3cret-Passw0rd";

fn reference(number: usize) -> String {
    format!("service-{number}")
}

async fn create_directly(api: &Api, email: &str, domain: &str) -> Result<Value> {
    let encoded = email.replace('@', "%40");
    let found = api.get(format!("/users?email={encoded}")).await?;
    ensure!(found["data"] == json!([]), "the user is new: {found}");
    let body = json!({"firstname": "Ada", "lastname": "Lovelace", "email": email,
        "password": PASSWORD, "password_confirmation": PASSWORD});
    let user = api.post("/users".to_owned(), Some(body)).await?;
    let target = format!("/services?domain={domain}&user_id={}", user["id"]);
    let found = api.get(target).await?;
    ensure!(found["data"] == json!([]), "the service is new: {found}");
    let body = json!({"domain": domain, "user_id": user["id"], "plan": "pro", "type_id": 1});
    let mut service = api.post("/services".to_owned(), Some(body)).await?;
    ensure!(service["license"]["key"].is_string(), "a key: {service}");
    Ok(service["id"].take())
}

async fn succeeded(gateway: &Api, body: Value) -> Result<Value> {
    let answer = gateway
        .post("/v1/operations".to_owned(), Some(body))
        .await?;
    ensure!(answer["status"] == "succeeded", "it succeeds: {answer}");
    Ok(answer)
}
