//! What each function of a server module has to return.
//!
//! Source: <https://developers.whmcs.com/provisioning-modules/supported-functions/>.

use serde_json::Value;

use crate::emulator::Returned;

/// What a function may return.
enum Expected {
    /// `success`, or the error.
    Text,
    /// An array.
    Array,
    /// An array with `success`.
    Outcome,
    /// Text of its own, or the name and variables of a template.
    TextOrArray,
    /// Whatever it likes.
    Anything,
}

fn expected(function: &str) -> Expected {
    match function {
        "CreateAccount" | "SuspendAccount" | "UnsuspendAccount" | "TerminateAccount" | "Renew"
        | "ChangePassword" | "ChangePackage" => Expected::Text,
        "TestConnection" | "ServiceSingleSignOn" | "AdminSingleSignOn" | "ListAccounts" => {
            Expected::Outcome
        }
        "MetaData"
        | "ConfigOptions"
        | "AdminServicesTabFields"
        | "AdminCustomButtonArray"
        | "ClientAreaCustomButtonArray"
        | "ClientAreaAllowedFunctions" => Expected::Array,
        "ClientArea" => Expected::TextOrArray,
        _ => Expected::Anything,
    }
}

/// Why what a function returned is of another type than WHMCS expects. `is_button` says that it was
/// called because a button was pressed.
pub fn wrong_type(function: &str, is_button: bool, returned: &Returned) -> Option<String> {
    let kind = returned.kind.as_str();
    let got = match kind {
        "NULL" => "NULL".to_owned(),
        "boolean" => format!("the boolean {}", returned.value),
        "array" => "an array".to_owned(),
        other => format!("a value of type {other}"),
    };
    let wanted = match expected(function) {
        Expected::Text if kind != "string" => "the text success, or an error as a text",
        Expected::Array if kind != "array" => "an array",
        Expected::Outcome if kind != "array" => "an array with success",
        Expected::Outcome => match returned.value.get("success") {
            None => return Some("it returns an array without success".to_owned()),
            Some(Value::Bool(true)) if function.ends_with("SingleSignOn") => {
                let address = &returned.value["redirectTo"];
                return match address.as_str().is_some_and(|address| !address.is_empty()) {
                    true => None,
                    false => Some("it says success without an address in redirectTo".to_owned()),
                };
            }
            Some(Value::Bool(_)) => return None,
            Some(other) => {
                return Some(format!(
                    "its success is {other} where WHMCS expects a boolean"
                ));
            }
        },
        Expected::TextOrArray if !matches!(kind, "string" | "array" | "NULL") => {
            "a text or an array"
        }
        Expected::Anything if is_button && !matches!(kind, "string" | "array") => {
            "the text success, or an error as a text"
        }
        _ => return None,
    };
    Some(format!("it returns {got} where WHMCS expects {wanted}"))
}

/// Whether what a function returned says that it failed, and not why.
pub fn is_silent(function: &str, is_button: bool, returned: &Returned) -> bool {
    let value = &returned.value;
    let is_blank = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    };
    match expected(function) {
        Expected::Text => returned.kind == "string" && is_blank(value),
        Expected::Outcome if function == "ListAccounts" => {
            value["success"] == Value::Bool(false) && is_blank(&value["error"])
        }
        Expected::Outcome => {
            let failed = matches!(value.get("success"), Some(Value::Bool(false)));
            failed && is_blank(&value["error"]) && is_blank(&value["errorMsg"])
        }
        Expected::Anything if is_button => returned.kind == "string" && is_blank(value),
        _ => false,
    }
}
