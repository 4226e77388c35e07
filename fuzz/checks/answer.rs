//! Whatever a vendor answers is read without a panic, and what is said of it is one readable line
//! without the secrets of the operation.
//!
//! The first two bytes are the status, the third says whether there was a `Retry-After`; the rest is
//! the body.

use std::sync::LazyLock;
use std::time::Duration;

use causeway_definition::answer::{Found, Seen};
use causeway_definition::{Answer, Definition, Names, Operation, Reading};
use causeway_engine::{Input, Secrets};
use secrecy::SecretString;
use serde_json::{Map, json};

const EXAMPLE: &str = include_str!("../../examples/shieldpress.toml");

/// The parts of the language that the example does without.
const STRANGE: &str = r#"
[service]
name = "strange"
title = "Strange"
api = "https://api.strange.example"

[auth]
basic = { username = "reseller", password = "{{ credential }}" }

[error]
message = "problem.text ~ ': ' ~ problem.code"

[resources.thing]
find = { get = "/things", query = { reference = "{{ service.reference }}" }, at = "things", where = "owner.name == ours.service.reference and kind in ['a', 'b']", next = "paging['next']" }
create = { post = "/things", body = { reference = "{{ service.reference }}" } }
read = { get = "/things/{{ thing_id }}", at = "thing", where = "not deleted" }
keep = { thing_id = "id", label = "name | upper | replace('A', 'B')" }

[operations]
create = { ensure = ["thing"] }
terminate = { delete = "/things/{{ thing_id }}", done_when = [404] }
single_sign_on = { post = "/things/{{ thing_id }}/link", at = "links[0]", redirect = "href" }
"#;

/// Of one kind each: no character needs an escape; every encoder changes it.
const CREDENTIAL: &str = "planted-credential-7f3a";
const PASSWORD: &str = "Plänted \"pass\" <&> 50%/?";

/// `reseller:` and the credential in base64, as the second definition sends it.
const BASIC_PROOF: &str = "cmVzZWxsZXI6cGxhbnRlZC1jcmVkZW50aWFsLTdmM2E=";

/// A definition, the secrets of an operation, and those of them that are looked for.
struct Case {
    definition: Definition,
    secrets: Secrets,
    planted: &'static [&'static str],
}

static CASES: LazyLock<[Case; 2]> = LazyLock::new(|| {
    [
        case(EXAMPLE, &[CREDENTIAL, PASSWORD]),
        case(STRANGE, &[CREDENTIAL, PASSWORD, BASIC_PROOF]),
    ]
});

fn case(source: &str, planted: &'static [&'static str]) -> Case {
    let definition = match Definition::parse(source) {
        Ok((definition, _)) => definition,
        Err(problems) => panic!("{problems:#?}"),
    };
    let input = Input {
        password: Some(PASSWORD.to_owned()),
        ..Input::default()
    };
    let credential = SecretString::from(CREDENTIAL);
    let secrets = Secrets::of(&definition, &credential, &input, &Map::new());
    Case {
        definition,
        secrets,
        planted,
    }
}

pub fn check(bytes: &[u8]) {
    let Some((&[high, low, wait], body)) = bytes.split_first_chunk() else {
        return;
    };
    let answer = Answer {
        status: 100 + u16::from_be_bytes([high, low]) % 500,
        retry_after: (wait % 2 == 1).then(|| Duration::from_secs(wait.into())),
        body: body.to_vec(),
    };
    let names = Names::from_iter([("service".to_owned(), json!({ "reference": "service-1" }))]);
    for case in CASES.iter() {
        let secrets = &case.secrets;
        for reading in readings(&case.definition, &answer, &names) {
            if let Reading::Refused { reason, .. } | Reading::Unknown { reason, .. } = reading {
                check_line(&secrets.mask(&reason), case.planted);
            }
        }
        check_written(&secrets.mask_body(body), case.planted);
        check_written(&secrets.mask(&String::from_utf8_lossy(body)), case.planted);
    }
}

fn readings(definition: &Definition, answer: &Answer, names: &Names) -> Vec<Reading> {
    let mut readings = Vec::new();
    for resource in definition.resources.values() {
        if let Some(find) = &resource.find
            && let Found::Not(reading) = definition.read_find(find, answer, names)
        {
            readings.push(reading);
        }
        if let Some(read) = &resource.read
            && let Seen::Not(reading) = definition.read_read(read, answer, names)
        {
            readings.push(reading);
        }
    }
    for operation in definition.operations.values() {
        if let Operation::Calls(calls) = operation {
            readings.extend(calls.iter().map(|call| definition.read_call(call, answer)));
        }
    }
    readings
}

fn check_line(line: &str, secrets: &[&str]) {
    assert!(!line.trim().is_empty());
    assert!(!line.chars().any(char::is_control), "{line:?}");
    assert!(line.len() < 4_000, "{line:?}");
    check_written(line, secrets);
}

fn check_written(text: &str, secrets: &[&str]) {
    for secret in secrets {
        assert!(!text.contains(secret), "{text:?}");
        let json = serde_json::Value::from(*secret).to_string();
        assert!(!text.contains(&json[1..json.len() - 1]), "{text:?}");
    }
}
