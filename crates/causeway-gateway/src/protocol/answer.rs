//! What the gateway answers.

use causeway_definition::{Definition, OperationKind};
use causeway_engine::{Ending, Operation, ServiceRecord, ServiceStatus, Standing, shown};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::{ObjectBuilder, Type};
use uuid::Uuid;

use super::request::operation_kinds;
use crate::executor::Report;

/// How an operation stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperationAnswer {
    /// Names the operation; null for one that is not recorded (a connection test, a sign-on).
    #[schema(required)]
    pub operation_id: Option<Uuid>,
    /// The definition's name.
    pub definition: String,
    /// What is done.
    #[schema(schema_with = operation_kinds)]
    pub operation: OperationKind,
    /// The service's name at the billing side.
    #[schema(required)]
    pub reference: Option<String>,
    /// How it stands.
    pub status: OperationStatus,
    /// One readable line for staff, without secrets.
    #[schema(required)]
    message: Option<String>,
    /// Where the service stands in its life.
    #[schema(schema_with = service_statuses)]
    service_status: ServiceStatus,
    /// All that is kept for the service now; a name that is missing is no longer kept.
    #[schema(value_type = std::collections::BTreeMap<String, Value>)]
    properties: Map<String, Value>,
    /// Where to send the person (single sign-on).
    #[schema(required)]
    redirect: Option<String>,
    /// When the gateway took it.
    #[schema(value_type = String, format = DateTime)]
    accepted_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    ended_at: Option<Timestamp>,
}

/// How an operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OperationStatus {
    /// All of it is done.
    Succeeded,
    /// It was not done; a next try goes on from where it stands.
    Failed,
    /// It may have been done, and only a person can tell.
    NeedsAttention,
    /// It is still being worked on.
    Pending,
}

/// Operations whose results their callers have not had.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwedAnswer {
    /// Oldest first; ended ones and those that are still open.
    pub operations: Vec<OperationAnswer>,
}

/// What is known of a service.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceAnswer {
    definition: String,
    reference: String,
    /// Where it stands in its life.
    #[schema(schema_with = service_statuses)]
    status: ServiceStatus,
    /// All that is kept for it.
    #[schema(value_type = std::collections::BTreeMap<String, Value>)]
    properties: Map<String, Value>,
    /// The latest operation on it.
    #[schema(required)]
    last_operation: Option<LastOperation>,
    view: View,
}

/// The latest operation on a service.
#[derive(Debug, Serialize, ToSchema)]
struct LastOperation {
    operation_id: Uuid,
    #[schema(schema_with = operation_kinds)]
    operation: OperationKind,
    status: OperationStatus,
    #[schema(required)]
    message: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    accepted_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime, required)]
    ended_at: Option<Timestamp>,
}

/// What the customer sees on the product page.
#[derive(Debug, Serialize, ToSchema)]
struct View {
    items: Vec<ViewItem>,
    /// The address behind the dashboard button.
    #[schema(required)]
    dashboard: Option<String>,
}

/// One line of the product page.
#[derive(Debug, Serialize, ToSchema)]
struct ViewItem {
    label: String,
    value: String,
    /// Whether the page offers a button that copies the value.
    copy: bool,
}

impl OperationAnswer {
    /// The answer to a call.
    pub fn of(report: Report) -> Self {
        let recorded = report.recorded;
        let answer = Self::of_operation(report.operation, report.service.as_ref());
        Self {
            operation_id: answer.operation_id.filter(|_| recorded),
            ..answer
        }
    }

    /// A recorded operation, and the service as it stands.
    pub fn of_operation(operation: Operation, service: Option<&ServiceRecord>) -> Self {
        let key = operation.service;
        Self {
            operation_id: Some(operation.id.0),
            definition: key.definition,
            operation: operation.kind,
            reference: Some(key.reference).filter(|reference| !reference.is_empty()),
            status: OperationStatus::of(&operation.standing),
            message: message(&operation.standing),
            service_status: service.map_or(ServiceStatus::Absent, |service| service.status),
            properties: service.map_or_else(Map::new, |service| service.properties.clone()),
            redirect: match operation.standing {
                Standing::Ended(Ending::Succeeded { redirect }) => redirect,
                _ => None,
            },
            accepted_at: operation.accepted_at,
            ended_at: operation.ended_at,
        }
    }
}

impl OperationStatus {
    const fn of(standing: &Standing) -> Self {
        match standing {
            Standing::Open => Self::Pending,
            Standing::Ended(Ending::Succeeded { .. }) => Self::Succeeded,
            Standing::Ended(Ending::Failed { .. }) => Self::Failed,
            Standing::Ended(Ending::NeedsAttention { .. }) => Self::NeedsAttention,
        }
    }

    /// The name in the protocol and in the metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::NeedsAttention => "needs_attention",
            Self::Pending => "pending",
        }
    }
}

impl ServiceAnswer {
    /// What is known of a service, and of the latest operation on it.
    pub fn of(definition: &Definition, service: ServiceRecord, latest: Option<Operation>) -> Self {
        let (lines, dashboard) = shown(definition, &service);
        let items = lines
            .into_iter()
            .map(|line| ViewItem {
                label: line.label,
                value: line.value,
                copy: line.copy,
            })
            .collect();
        Self {
            definition: service.key.definition,
            reference: service.key.reference,
            status: service.status,
            properties: service.properties,
            last_operation: latest.map(|operation| LastOperation {
                operation_id: operation.id.0,
                operation: operation.kind,
                status: OperationStatus::of(&operation.standing),
                message: message(&operation.standing),
                accepted_at: operation.accepted_at,
                ended_at: operation.ended_at,
            }),
            view: View { items, dashboard },
        }
    }
}

fn message(standing: &Standing) -> Option<String> {
    match standing {
        Standing::Open => None,
        Standing::Ended(ending) => ending.message().map(str::to_owned),
    }
}

fn service_statuses() -> ObjectBuilder {
    let statuses = [
        ServiceStatus::Absent,
        ServiceStatus::Active,
        ServiceStatus::Suspended,
        ServiceStatus::Terminated,
    ];
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(statuses.map(ServiceStatus::name)))
}
