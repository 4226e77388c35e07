//! Calls a module's functions in real PHP.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::Installed;

/// What a call did.
#[derive(Debug, Deserialize)]
pub struct Happened {
    pub returned: Value,
    threw: Option<String>,
    printed: String,
    pub saved: Value,
    pub saves: Vec<Value>,
    pub log: Value,
    pub activity: Vec<String>,
    pub api: Vec<Value>,
}

impl Happened {
    pub fn text(&self) -> &str {
        self.returned
            .as_str()
            .expect("the function returned a text")
    }
}

/// Calls the module's function. Whatever happens, a module throws nothing into WHMCS and prints nothing.
pub fn call(module: &Installed, function: &str, case: Value) -> Happened {
    call_with(&[], module, function, case)
}

/// As [`call`], with arguments of PHP's own before the script.
pub fn call_with(settings: &[&str], module: &Installed, function: &str, case: Value) -> Happened {
    let mut case = case;
    case["module"] = json!(module.folder());
    case["function"] = json!(function);
    let whmcs = script("whmcs.php");
    let output = php(&[settings, &[whmcs.as_str()]].concat(), &case.to_string());
    let happened: Happened =
        serde_json::from_str(&output).unwrap_or_else(|error| panic!("{error}: {output}"));
    assert_eq!(happened.threw, None, "{function} threw into WHMCS");
    assert_eq!(happened.printed, "", "{function} printed into the page");
    happened
}

pub fn script(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/php")
        .join(name)
        .display()
        .to_string()
}

/// Runs PHP and gives what it printed.
pub fn php(arguments: &[&str], input: &str) -> String {
    let mut child = Command::new("php")
        .args(["-d", "display_errors=stderr", "-d", "error_reporting=-1"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("these tests need PHP (php-cli with curl and mbstring) on the path");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let (printed, errors) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success() && errors.is_empty(),
        "php {arguments:?}: {errors}{printed}"
    );
    printed
}
