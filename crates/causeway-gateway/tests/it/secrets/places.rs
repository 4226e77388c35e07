//! Where secrets must not stand, and the search for them.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use causeway_definition::{Answer, Definition, Names};
use causeway_engine::{Input, NewOperation, OperationId, Secrets, Store as _};
use causeway_store::{KeyFile, SqliteStore};
use causeway_vendor::{HttpVendor, HttpVendorSettings};
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::{Map, Value};
use tempfile::TempDir;

use super::{CREDENTIAL, OPTION, PASSWORD, PROPERTY, PROXY_PASSWORD};

pub struct Places {
    needles: BTreeSet<String>,
    texts: Vec<(&'static str, String)>,
}

impl Places {
    /// Secrets that end in `-` and six digits and letters: those are looked for, and the whole in base64.
    pub fn new(secrets: &[&str]) -> Self {
        let mut needles = BTreeSet::new();
        for secret in secrets {
            needles.insert(secret[secret.len() - 6..].to_owned());
            needles.extend(in_base64(secret));
            needles.extend(in_base64(&secret[secret.len() - 6..]));
            // A secret that is cut.
            needles.insert(secret[..secret.len() - 7].to_owned());
        }
        Self {
            needles,
            texts: Vec::new(),
        }
    }

    /// A secret of letters and digits alone.
    pub fn also_secret(&mut self, secret: &str) {
        self.needles.insert(secret.to_owned());
        self.needles.extend(in_base64(secret));
    }

    pub fn add(&mut self, place: &'static str, text: String) {
        self.texts.push((place, text));
    }

    /// Fails where a secret stands.
    pub fn search(&self) {
        for place in [
            "answers",
            "metrics",
            "operations",
            "exchanges",
            "debug texts",
            "errors",
            "log",
            "journal",
        ] {
            let length: usize = self
                .texts
                .iter()
                .filter(|text| text.0 == place)
                .map(|text| text.1.len())
                .sum();
            assert!(length > 100, "{place} is empty");
        }
        let mut found = Vec::new();
        for (place, text) in &self.texts {
            for needle in &self.needles {
                if let Some(at) = text.find(needle) {
                    let start = text.floor_char_boundary(at.saturating_sub(300));
                    let end = text.ceil_char_boundary(at + needle.len() + 40);
                    found.push(format!("{needle:?} in {place}: {}", &text[start..end]));
                }
            }
        }
        assert!(
            found.is_empty(),
            "{} times:\n{}",
            found.len(),
            found[..found.len().min(12)].join("\n")
        );
    }
}

/// What the text looks like within a longer text in base64: three ways, without the letters at both
/// ends that hang on what stands beside it.
fn in_base64(text: &str) -> Vec<String> {
    (0..3)
        .map(|before| {
            let encoded = STANDARD_NO_PAD.encode(format!("{}{text}", "x".repeat(before)));
            let skipped = [0, 2, 3][before];
            let spare = usize::from(!(before + text.len()).is_multiple_of(3));
            encoded[skipped..encoded.len() - spare].to_owned()
        })
        .collect()
}

/// What a `{:?}` in some log line would show.
pub async fn debug_texts(definition: &str, folder: &TempDir, store: &SqliteStore) -> String {
    let (definition, _) = Definition::parse(definition).unwrap();
    let keys = KeyFile::open(&folder.path().join("key")).unwrap();
    let object = |name: &str, value: &str| Map::from_iter([(name.to_owned(), Value::from(value))]);
    let input = Input {
        password: Some(PASSWORD.to_owned()),
        options: object("phrase", OPTION),
        properties: object("api_secret", PROPERTY),
        ..Input::default()
    };
    let properties = object("api_secret", PROPERTY);
    let credential = SecretString::from(CREDENTIAL);
    let secrets = Secrets::of(&definition, &credential, &input, &properties);
    let names = Names::from_iter([
        ("credential".to_owned(), Value::from(CREDENTIAL)),
        ("api_secret".to_owned(), Value::from(PROPERTY)),
        ("site_id".to_owned(), Value::from(17)),
    ]);
    let causeway_definition::Operation::Calls(calls) =
        &definition.operations[&causeway_definition::OperationKind::Suspend]
    else {
        panic!("suspend is a call")
    };
    let request = calls[0].request.render(&definition.auth, &names).unwrap();
    let answer = Answer {
        status: 200,
        retry_after: None,
        body: CREDENTIAL.into(),
    };
    let providers = store.providers().await.unwrap();
    let open = store.operations(Default::default()).await.unwrap();
    let service = causeway_engine::ServiceKey {
        provider: providers[0].id,
        definition: "vault".to_owned(),
        reference: "good-suspend".to_owned(),
    };
    let record = store.service(&service).await.unwrap().unwrap();
    assert!(record.properties.contains_key("api_secret"));
    let new = NewOperation {
        id: OperationId::new(),
        service,
        kind: causeway_definition::OperationKind::Suspend,
        fingerprint: String::new(),
        input: input.clone(),
        accepted_at: Timestamp::now(),
    };
    let call = causeway_gateway::executor::Call {
        definition: "vault".to_owned(),
        kind: new.kind,
        reference: None,
        input,
    };
    let proxied = HttpVendorSettings {
        proxy: Some(
            format!("http://user:{PROXY_PASSWORD}@127.0.0.1:1")
                .parse()
                .unwrap(),
        ),
        ..HttpVendorSettings::default()
    };
    let vendor = HttpVendor::new(proxied.clone()).unwrap();
    format!(
        "{proxied:?} {vendor:?} {definition:?} {keys:?} {secrets:?} {names:?} {request:?} {answer:?} {providers:?} {open:?} {record:?} {new:?} \
         {call:?} {store:?}"
    )
}
