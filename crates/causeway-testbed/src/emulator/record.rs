//! What a module did: each call of one of its functions, the hooks around it, and the calls that
//! are due next.

use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::{
    ids::{ServiceAddonId, ServiceId},
    left_behind::LeftBehind,
    missing::MissingPiece,
};

/// One call of a module's function: what it returned, printed, raised and threw.
#[derive(Debug, Clone, Deserialize)]
pub struct CallRecord {
    /// The module.
    pub module: String,
    /// The function without the module's prefix: `CreateAccount`.
    pub function: String,
    /// The service, when the call is about one.
    #[serde(default)]
    pub service_id: Option<ServiceId>,
    /// The purchased addon, when that is what is provisioned.
    #[serde(default)]
    pub addon_id: Option<ServiceAddonId>,
    /// What the function gave back; none when it never returned.
    #[serde(default)]
    pub returned: Option<Returned>,
    /// What it threw.
    #[serde(default)]
    pub threw: Option<Thrown>,
    /// Whether it ended the whole request with `exit`.
    #[serde(default)]
    pub exited: bool,
    /// What it printed.
    #[serde(default)]
    pub output: String,
    /// PHP's warnings, notices and deprecations.
    #[serde(default)]
    pub warnings: Vec<PhpWarning>,
    /// What it asked of WHMCS and did not get.
    #[serde(default)]
    pub missing: Vec<MissingPiece>,
    /// What it wrote, logged and sent; not what WHMCS did around it.
    #[serde(default)]
    pub left_behind: LeftBehind,
    /// How long it took.
    #[serde(default)]
    pub milliseconds: f64,
}

/// A warning, notice or deprecation of PHP's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PhpWarning {
    /// PHP's own name: `E_WARNING`, `E_DEPRECATED`.
    pub level: String,
    /// Its message.
    pub message: String,
    /// The file, inside WHMCS's folder when it is there: `modules/servers/tinyhost/tinyhost.php`.
    pub file: String,
    /// The line there.
    pub line: u32,
    /// How often it was raised there within the call.
    pub times: u32,
}

impl fmt::Display for PhpWarning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            level,
            message,
            file,
            line,
            ..
        } = self;
        write!(formatter, "{level}: {message} in {file}:{line}")
    }
}

/// A value as PHP returned it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Returned {
    /// PHP's own name of the type: `string`, `array`, `NULL`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The value as JSON.
    #[serde(default)]
    pub value: Value,
}

/// An exception or error that left a module's function.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Thrown {
    /// Its PHP class.
    pub class: String,
    /// Its message.
    pub message: String,
    /// Where it was thrown; inside WHMCS's folder when it is there.
    #[serde(default)]
    pub file: String,
    /// The line there.
    #[serde(default)]
    pub line: u32,
    /// Where the module called the library that threw it.
    #[serde(default)]
    pub called_from: Option<Place>,
}

/// A line of a module's file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Place {
    /// The file inside WHMCS's folder.
    pub file: String,
    /// The line there.
    pub line: u32,
}

/// A hook point that was reached.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct HookRun {
    /// Its name: `PreModuleCreate`.
    pub name: String,
    /// How many functions listened.
    pub listeners: u32,
    /// How many of the request's module calls had ended by then.
    pub calls_before: usize,
    /// The names of what the functions were handed: `params`. None for a menu's hook, which hands
    /// over the menu.
    #[serde(default)]
    pub payload: Vec<String>,
    /// What the functions gave back, without those that gave nothing.
    #[serde(default)]
    pub answers: Vec<Value>,
    /// What they threw.
    #[serde(default)]
    pub threw: Vec<Thrown>,
}

/// A module call that WHMCS's automation now owes.
#[derive(Debug, Clone, Deserialize)]
pub struct Due {
    /// The service.
    pub service_id: ServiceId,
    /// The purchased addon, when that is what is provisioned.
    #[serde(default)]
    pub addon_id: Option<ServiceAddonId>,
    /// The function: `CreateAccount`.
    pub function: String,
    /// Why: `invoice 3 paid`.
    #[serde(default)]
    pub reason: String,
    /// Parameters on top of the usual ones, such as the new password.
    #[serde(default, deserialize_with = "object_or_empty")]
    pub extra_params: Map<String, Value>,
}

fn object_or_empty<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Map<String, Value>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Object(map) => Ok(map),
        Value::Null => Ok(Map::new()),
        Value::Array(list) if list.is_empty() => Ok(Map::new()),
        other => Err(serde::de::Error::custom(format!("not a map: {other}"))),
    }
}
