//! `causeway record`.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Stdio};

use causeway_testbed::scripted_vendor::{Credentials, ScriptedVendor, VendorScript};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::support::Folder;

const TOKEN: &str = "tok-52ba91c0";

/// The program at work, before a vendor.
struct Recording {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// The addresses by http and by https.
    addresses: [String; 2],
    _vendor: ScriptedVendor,
}

impl Recording {
    async fn start(folder: &Folder, arguments: &[&str]) -> Self {
        let script = "[collections.boxes]\npath = '/boxes'\nfields = { state = 'open' }\n";
        let script = VendorScript::parse(script).unwrap();
        let vendor = ScriptedVendor::start(script, Credentials::default())
            .await
            .unwrap();
        let to = vendor.api();
        let arguments = [&["record", "--to", &to], arguments].concat();
        let mut child = folder
            .command(&arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut addresses = ["http://", "https://"].map(|_| String::new());
        for (address, scheme) in addresses.iter_mut().zip(["  http://", "  https://"]) {
            while !address.starts_with(scheme) {
                address.clear();
                assert_ne!(stdout.read_line(address).unwrap(), 0, "no {scheme}");
            }
        }
        let addresses = addresses.map(|line| line.split_whitespace().next().unwrap().to_owned());
        Self {
            child,
            stdout,
            addresses,
            _vendor: vendor,
        }
    }

    /// Interrupts it; its exit code and what it said at the end.
    fn interrupt(mut self) -> (i32, String) {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        let mut said = String::new();
        self.stdout.read_to_string(&mut said).unwrap();
        let mut complaint = self.child.stderr.take().unwrap();
        complaint.read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code().unwrap(), said)
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        // It has ended already, or the test has failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn what_was_recorded_can_be_played() {
    let folder = Folder::new();
    let recording =
        Recording::start(&folder, &["-o", "vendor.toml", "--authority", "ca.pem"]).await;
    let [http, https] = &recording.addresses;
    let authority = reqwest::Certificate::from_pem(&folder.read_bytes("ca.pem")).unwrap();
    let client = reqwest::Client::builder()
        .tls_certs_only([authority])
        .build()
        .unwrap();
    let made = client
        .post(format!("{https}/boxes"))
        .bearer_auth(TOKEN)
        .json(&json!({ "name": "one", "api_token": "tok-of-the-box" }));
    assert_eq!(made.send().await.unwrap().status(), 201);
    let read = client.get(format!("{http}/boxes/1")).bearer_auth(TOKEN);
    assert_eq!(read.send().await.unwrap().status(), 200);
    let (code, said) = recording.interrupt();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("1 collection and 0 routes"), "{said}");

    let text = folder.read("vendor.toml");
    assert!(!text.contains("tok-"), "{text}");
    let credentials = Credentials {
        password: "another".to_owned(),
        ..Credentials::default()
    };
    let script = VendorScript::parse(&text).unwrap();
    let vendor = ScriptedVendor::start(script, credentials).await.unwrap();
    let made = reqwest::Client::new()
        .post(format!("{}/boxes", vendor.api()))
        .bearer_auth("another")
        .json(&json!({ "name": "two", "api_token": "x" }));
    let made: Value = made.send().await.unwrap().json().await.unwrap();
    assert_eq!(made["state"], "open");
}

#[tokio::test]
async fn nothing_recorded_leaves_nothing_behind() {
    let folder = Folder::new();
    let recording = Recording::start(&folder, &["-o", "vendor.toml"]).await;
    let (code, said) = recording.interrupt();
    assert_eq!(code, 1);
    assert!(said.contains("nothing was recorded"), "{said}");
    assert!(!folder.path("vendor.toml").exists());
}

#[test]
fn a_har_file_becomes_a_script() {
    let folder = Folder::new();
    let har = json!({ "log": { "entries": [{
        "request": { "method": "GET", "url": "https://api.vendor.example/plans", "headers": [] },
        "response": { "status": 200, "content": { "mimeType": "application/json", "text": "[\"a\"]" } },
    }] } });
    folder.write("seen.har", har.to_string());
    let said = folder.does(&["record", "--har", "seen.har", "-o", "vendor.toml"]);
    assert!(said.contains("0 collections and 1 route."), "{said}");
    VendorScript::parse(&folder.read("vendor.toml")).unwrap();
    let error = folder.fails(&["record", "--har", "seen.har", "-o", "vendor.toml"]);
    assert!(error.contains("is there already"), "{error}");
    folder.write("no.har", "nothing");
    let error = folder.fails(&["record", "--har", "no.har", "-o", "other.toml"]);
    assert!(error.contains("no HAR file"), "{error}");
    assert!(!folder.path("other.toml").exists());
}
