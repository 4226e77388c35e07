//! Recorded once, a vendor plays as it was.

mod har;
mod inference;
mod module;
mod recorder;
mod secrets;

use causeway_testbed::recording::{RecordedScript, Recorder, RecorderSettings};
use causeway_testbed::scripted_vendor::{Credentials, ScriptedVendor, VendorScript};
use reqwest::Method;
use serde_json::Value;

/// A piece of what must not be written anywhere.
const TOKEN: &str = "tok-9d41f7c2b8";

/// What was asked and answered, from first to last.
#[derive(Debug, PartialEq)]
struct Answered {
    asked: String,
    status: u16,
    body: Value,
}

/// A caller who remembers what was answered.
struct Caller {
    api: String,
    client: reqwest::Client,
    answers: Vec<Answered>,
}

impl Caller {
    fn of(api: String) -> Self {
        Self {
            api,
            client: reqwest::Client::new(),
            answers: Vec::new(),
        }
    }

    async fn send(&mut self, asked: &str, request: reqwest::RequestBuilder) -> Value {
        let response = request.bearer_auth(TOKEN).send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let body: Value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        self.answers.push(Answered {
            asked: asked.to_owned(),
            status,
            body: body.clone(),
        });
        body
    }

    async fn ask(&mut self, asked: &str, body: Value) -> Value {
        let (method, path) = asked.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        let mut request = self.client.request(method, format!("{}{path}", self.api));
        if !body.is_null() {
            request = request.json(&body);
        }
        self.send(asked, request).await
    }

    async fn get(&mut self, path: &str) -> Value {
        self.ask(&format!("GET {path}"), Value::Null).await
    }
}

async fn vendor(script: &str) -> ScriptedVendor {
    let script = VendorScript::parse(script).unwrap_or_else(|problems| {
        let problems: Vec<_> = problems.iter().map(|problem| &problem.message).collect();
        panic!("{problems:#?}\n{script}")
    });
    let credentials = Credentials {
        password: TOKEN.to_owned(),
        ..Credentials::default()
    };
    ScriptedVendor::start(script, credentials).await.unwrap()
}

/// What a caller's deeds come to at the vendor of a script, and at that of the script which was recorded
/// meanwhile.
async fn recorded(
    script: &str,
    deeds: impl AsyncFn(&mut Caller),
) -> (Vec<Answered>, Vec<Answered>, RecordedScript) {
    let original = vendor(script).await;
    let upstream = original.api().parse().unwrap();
    let recorder = Recorder::start(RecorderSettings::before(upstream))
        .await
        .unwrap();
    let mut caller = Caller::of(recorder.api());
    deeds(&mut caller).await;
    let recorded = recorder.recording().vendor_script();
    let second = vendor(&recorded.text).await;
    let mut again = Caller::of(second.api());
    deeds(&mut again).await;
    assert!(
        second.script_errors().is_empty(),
        "{:?}",
        second.script_errors()
    );
    (caller.answers, again.answers, recorded)
}
