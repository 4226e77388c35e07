//! The module talks to nobody whose certificate does not hold.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::php::{call_with, script};
use crate::support::{Installed, SHIELDPRESS};

/// A gateway with a certificate that only the test knows; it ends with the test.
struct TlsGateway {
    process: Child,
    port: u16,
}

impl TlsGateway {
    fn start(certificate: &str) -> Self {
        let mut process = Command::new("php")
            .args([script("tls_gateway.php").as_str(), certificate])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut port)
            .unwrap();
        Self {
            process,
            port: port.trim().parse().unwrap(),
        }
    }
}

impl Drop for TlsGateway {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        drop(self.process.wait());
    }
}

#[test]
fn a_certificate_is_always_verified_and_its_name_too() {
    let dir = tempfile::tempdir().unwrap();
    let certificate = dir.path().join("certificate.pem").display().to_string();
    let gateway = TlsGateway::start(&certificate);
    let test_connection = |host: &str, php_settings: &[&str]| {
        let module = Installed::new(SHIELDPRESS, &format!("https://{host}:{}", gateway.port));
        let case = json!({"params": {"serverpassword": "token"}, "no_model": true});
        call_with(php_settings, &module, "TestConnection", case).returned
    };
    let trusted = format!("curl.cainfo={certificate}");
    let answer = test_connection("localhost", &["-d", &trusted]);
    assert_eq!(answer, json!({"success": true, "error": ""}));
    for answer in [
        test_connection("localhost", &[]),
        test_connection("127.0.0.1", &["-d", &trusted]),
    ] {
        assert_eq!(answer["success"], false);
        let error = answer["error"].as_str().unwrap();
        assert!(
            error.contains("could not be reached") && error.to_lowercase().contains("ssl"),
            "{error}"
        );
    }
}
