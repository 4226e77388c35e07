//! The typed form of a definition: what the file says, once every doubt about it is settled.

use std::time::Duration;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::expression::{Expression, Template};
use crate::request::RequestTemplate;

/// What a template may ask of a client; all texts, but for the table `custom_fields`.
pub const CLIENT_FIELDS: &[&str] = &[
    "firstname",
    "lastname",
    "fullname",
    "companyname",
    "email",
    "address1",
    "address2",
    "city",
    "state",
    "postcode",
    "country",
    "phonenumber",
    "language",
    "currency",
    "id",
    "uuid",
    "custom_fields",
];

/// A vendor's product and API: everything that Causeway knows of a vendor.
#[derive(Debug)]
pub struct Definition {
    /// Name, title and addresses.
    pub service: Service,
    /// What every request carries to prove who asks.
    pub auth: Auth,
    /// Product settings, in the order in which WHMCS numbers them (`configoption1` is the first).
    pub options: IndexMap<String, OptionField>,
    /// How kept values are labelled, and which of them are secret.
    pub properties: IndexMap<String, Property>,
    /// Things at the vendor that a service needs, by name.
    pub resources: IndexMap<String, Resource>,
    /// The lifecycle calls that the vendor offers; one that is left out is absent from the module, too.
    pub operations: IndexMap<OperationKind, Operation>,
    /// What the customer sees on the product page.
    pub client_area: ClientArea,
    /// Where the vendor's own words stand in an error answer; `None`: the usual places are tried.
    pub error_message: Option<Expression>,
}

/// Name, title and addresses of what is sold.
#[derive(Debug, Clone)]
pub struct Service {
    /// The WHMCS module's name: lower-case letters and digits, starting with a letter.
    pub name: String,
    /// The name that people read.
    pub title: String,
    /// One sentence for WHMCS's Apps page.
    pub description: Option<String>,
    /// The address that every request path is added to, without a final slash.
    pub api: url::Url,
    /// Further hosts that a request or a next page may go to (`host` or `host:port`).
    pub other_hosts: Vec<String>,
    /// Whether the API may stand on a private or link-local address.
    pub private_network: bool,
    /// How long one exchange may take, unless the step says otherwise.
    pub timeout: Duration,
    /// How long after a doubtful create an empty `find` is not yet believed.
    pub settle: Duration,
    /// How long an operation goes on trying to reach a vendor that is away or busy.
    pub patience: Duration,
    /// A page where staff find help.
    pub support: Option<String>,
    /// Who made it, for WHMCS's Apps page.
    pub author: Option<String>,
    /// Path of a PNG beside the definition.
    pub logo: Option<String>,
}

/// What every request carries to prove who asks.
#[derive(Debug, Default)]
pub struct Auth {
    /// Headers, rendered for each request; `bearer` and `basic` of the file end up here.
    pub headers: IndexMap<String, Template>,
    /// Query parameters, for APIs that take their key in the address.
    pub query: IndexMap<String, Template>,
}

/// One field of the product form.
#[derive(Debug, Clone)]
pub struct OptionField {
    /// What staff read beside the field.
    pub label: String,
    /// What kind of field it is.
    pub kind: OptionKind,
    /// A line below the field.
    pub description: Option<String>,
    /// The value that a new product starts with.
    pub default: Option<Value>,
    /// Whether the value is masked wherever it could be read.
    pub secret: bool,
    /// Whether WHMCS shows the field in its simple mode.
    pub simple_mode: bool,
}

/// The kinds of field that WHMCS's product form knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionKind {
    /// One line of text, `size` characters wide.
    Text {
        /// Width in characters.
        size: Option<u32>,
    },
    /// One line that is not shown.
    Password {
        /// Width in characters.
        size: Option<u32>,
    },
    /// A tick box; the value is `true` or `false`.
    YesNo,
    /// One of several, in a list.
    Dropdown {
        /// Value to label.
        choices: IndexMap<String, String>,
    },
    /// One of several, as buttons.
    Radio {
        /// Value to label.
        choices: IndexMap<String, String>,
    },
    /// Several lines of text.
    TextArea {
        /// Height in lines.
        rows: Option<u32>,
        /// Width in characters.
        columns: Option<u32>,
    },
}

/// How a kept value is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// What staff read.
    pub label: String,
    /// Whether the value is masked wherever it could be read.
    pub secret: bool,
}

/// A thing at the vendor that a service needs.
#[derive(Debug)]
pub struct Resource {
    /// Operations whose rendered keys are equal take turns at this resource.
    pub key: Template,
    /// How to look whether it is there; `None`: the vendor offers no way.
    pub find: Option<Find>,
    /// Whether one that we did not make may be used.
    pub adopt: Adopt,
    /// How to make it.
    pub create: Call,
    /// How to look at the one that we know.
    pub read: Option<Read>,
    /// When it is finished; `None`: as soon as it is created.
    pub ready: Option<Ready>,
    /// What to remember of it: property name to an expression over the item. The first one identifies it.
    pub keep: IndexMap<String, Expression>,
}

impl Resource {
    /// The property that identifies the resource: the first one in `keep`.
    pub fn identity(&self) -> Option<&str> {
        self.keep.keys().next().map(String::as_str)
    }

    /// How long the answer to its create is waited for.
    pub fn create_timeout(&self, definition: &Definition) -> Duration {
        self.create.timeout.unwrap_or(definition.service.timeout)
    }

    /// Whether several services may use one and the same resource (a user, say).
    pub fn is_shared(&self) -> bool {
        matches!(self.adopt, Adopt::Always)
    }
}

/// Whether a resource that we did not make may be used.
#[derive(Debug)]
pub enum Adopt {
    /// It may, whoever made it; several services may share it.
    Always,
    /// Only one that an unfinished create of ours must have made.
    Never,
    /// When this holds over the item found.
    When(Expression),
}

/// A look whether a resource is there.
#[derive(Debug)]
pub struct Find {
    /// What to ask.
    pub request: RequestTemplate,
    /// Where the item or the list of items stands in the answer; `None`: the answer itself.
    pub at: Option<Expression>,
    /// Which items count; names of the item stand bare, names of ours behind `ours`.
    pub condition: Option<Expression>,
    /// Where the address of the next page stands.
    pub next: Option<Expression>,
    /// Statuses that mean "there is none".
    pub absent_when: Vec<u16>,
    /// How long the exchange may take.
    pub timeout: Option<Duration>,
}

impl Find {
    /// Whether what it finds is told apart by the service's reference.
    pub fn names_service(&self) -> bool {
        let asked = self.request.templates();
        let in_request = asked
            .iter()
            .flat_map(|template| template.names(true))
            .any(|name| name == "service.reference");
        let condition = self.condition.as_ref();
        let in_condition = condition
            .is_some_and(|condition| condition.names(true).contains("ours.service.reference"));
        in_request || in_condition
    }
}

/// A look at a resource that we know.
#[derive(Debug)]
pub struct Read {
    /// What to ask.
    pub request: RequestTemplate,
    /// Where the item stands in the answer; `None`: the answer itself.
    pub at: Option<Expression>,
    /// When the item counts as there.
    pub condition: Option<Expression>,
    /// Statuses that mean "it is gone".
    pub gone_when: Vec<u16>,
    /// How long the exchange may take.
    pub timeout: Option<Duration>,
}

/// When a resource that the vendor builds slowly is finished.
#[derive(Debug)]
pub struct Ready {
    /// Holds over the item once it is finished.
    pub when: Expression,
    /// Holds over the item once the vendor has given up on it.
    pub failed: Option<Expression>,
    /// How long to wait between two looks.
    pub every: Duration,
    /// How long to wait in all.
    pub within: Duration,
}

/// One exchange that changes something at the vendor.
#[derive(Debug)]
pub struct Call {
    /// What to send.
    pub request: RequestTemplate,
    /// Statuses that count as done; empty: every 2xx.
    pub accept: Vec<u16>,
    /// Statuses that mean that there is nothing left to do.
    pub done_when: Vec<u16>,
    /// The header in which the vendor takes an idempotency key.
    pub idempotency_header: Option<String>,
    /// Whether sending it twice has the effect of sending it once.
    pub repeatable: bool,
    /// How long the exchange may take.
    pub timeout: Option<Duration>,
    /// Where the answer's item stands; `None`: the answer itself.
    pub at: Option<Expression>,
    /// What to remember of the answer.
    pub keep: IndexMap<String, Expression>,
    /// Properties that end with this call.
    pub forget: Vec<String>,
    /// Where the address stands that the person is sent to.
    pub redirect: Option<Expression>,
}

/// What an operation does.
#[derive(Debug)]
pub enum Operation {
    /// Makes sure that these resources exist, in this order.
    Ensure(Vec<String>),
    /// Makes these calls, in this order.
    Calls(Vec<Call>),
}

/// The lifecycle calls that a billing system makes on a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    /// Make the service.
    Create,
    /// Stop it for a while.
    Suspend,
    /// Let it go on.
    Unsuspend,
    /// End it.
    Terminate,
    /// Another period was paid.
    Renew,
    /// Other options were bought.
    ChangePackage,
    /// The customer chose another password.
    ChangePassword,
    /// Does the vendor accept the credential?
    TestConnection,
    /// An address that logs the customer in.
    SingleSignOn,
    /// Look at the vendor and bring the kept properties up to date.
    Refresh,
}

impl OperationKind {
    /// Every kind, in the order of a service's life.
    pub const ALL: [Self; 10] = [
        Self::Create,
        Self::Suspend,
        Self::Unsuspend,
        Self::Terminate,
        Self::Renew,
        Self::ChangePackage,
        Self::ChangePassword,
        Self::TestConnection,
        Self::SingleSignOn,
        Self::Refresh,
    ];

    /// The name in definitions, in the protocol and in the journal.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Suspend => "suspend",
            Self::Unsuspend => "unsuspend",
            Self::Terminate => "terminate",
            Self::Renew => "renew",
            Self::ChangePackage => "change_package",
            Self::ChangePassword => "change_password",
            Self::TestConnection => "test_connection",
            Self::SingleSignOn => "single_sign_on",
            Self::Refresh => "refresh",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl std::fmt::Display for OperationKind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What the customer sees on the product page.
#[derive(Debug, Default)]
pub struct ClientArea {
    /// Lines of label and value.
    pub show: Vec<ShownValue>,
    /// The address behind the dashboard button.
    pub dashboard: Option<Template>,
}

/// One line of the product page.
#[derive(Debug)]
pub struct ShownValue {
    /// What the customer reads beside the value.
    pub label: String,
    /// The value.
    pub value: Template,
    /// Whether the page offers a button that copies it.
    pub copy: bool,
}

impl Definition {
    /// Whether a module made from this definition offers the operation.
    /// `refresh` is offered by every definition that has something to look at.
    pub fn offers(&self, kind: OperationKind) -> bool {
        match kind {
            OperationKind::Refresh => self
                .ensured()
                .iter()
                .any(|(_, resource)| resource.read.is_some() || resource.find.is_some()),
            kind => self.operations.contains_key(&kind),
        }
    }

    /// The resources that `create` ensures, in order.
    pub fn ensured(&self) -> Vec<(&str, &Resource)> {
        match self.operations.get(&OperationKind::Create) {
            Some(Operation::Ensure(names)) => names
                .iter()
                .filter_map(|name| self.resources.get_key_value(name.as_str()))
                .map(|(name, resource)| (name.as_str(), resource))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The names of every property that a resource or a call keeps, in the order of the file.
    pub fn property_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let of_resources = self
            .resources
            .values()
            .flat_map(|resource| resource.keep.keys());
        let of_calls = self
            .operations
            .values()
            .flat_map(|operation| match operation {
                Operation::Calls(calls) => calls.as_slice(),
                Operation::Ensure(_) => &[],
            });
        for name in of_resources.chain(of_calls.flat_map(|call| call.keep.keys())) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }
}
