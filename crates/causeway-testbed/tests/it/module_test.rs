//! Every module sample: what is planted in it is found, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use causeway_testbed::module_test::{ModuleReport, ModuleTestSettings, VendorChoice, run};
use causeway_testbed::scripted_vendor::Credentials;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(rename = "style")]
    _style: String,
    server: Form,
    options: BTreeMap<String, String>,
    planted: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Form {
    username: String,
    password: String,
}

fn folder(sample: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../testdata/modules")
        .join(sample)
}

async fn test(sample: &str) -> (ModuleReport, Expected) {
    let folder = folder(sample);
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let expected: Expected = toml::from_str(&read("expected.toml")).unwrap();
    let module = folder.join("modules/servers").join(sample);
    let mut settings = ModuleTestSettings::new(module, VendorChoice::Script(read("vendor.toml")));
    // Every sample with timeouts gives up within twelve seconds.
    settings.patience = Duration::from_secs(16);
    settings.server = Credentials {
        username: expected.server.username.clone(),
        password: expected.server.password.clone(),
        access_hash: String::new(),
    };
    settings.options = expected
        .options
        .iter()
        .map(|(key, value)| {
            let number = key.trim_start_matches("configoption").parse().unwrap();
            (number, value.clone())
        })
        .collect();
    let report = run(settings, |_| ())
        .await
        .unwrap_or_else(|error| panic!("{sample}: {error}"));
    (report, expected)
}

fn told(report: &ModuleReport) -> String {
    let mut text = String::new();
    for made in &report.life {
        let _ = writeln!(
            text,
            "{:24} {}",
            made.callback,
            made.told.summary().chars().take(160).collect::<String>()
        );
    }
    for found in &report.findings {
        let _ = writeln!(
            text,
            "{} at {} (seen {} times): {} [{}]",
            found.finding, found.place, found.times, found.what, found.trial
        );
    }
    for missing in &report.not_emulated {
        let _ = writeln!(text, "not emulated: {missing:?}");
    }
    let not_struck = report.trials.iter().filter(|played| !played.struck);
    for played in not_struck {
        let _ = writeln!(text, "did not strike: {}", played.trial);
    }
    let _ = writeln!(text, "{} trials in {:?}", report.trials.len(), report.took);
    text
}

async fn finds_what_is_planted(sample: &str) {
    let (report, expected) = test(sample).await;
    let found: BTreeSet<&str> = report
        .findings
        .iter()
        .map(|one| one.finding.name())
        .collect();
    let planted: BTreeSet<&str> = expected.planted.keys().map(String::as_str).collect();
    let told = told(&report);
    println!("{told}");
    assert_eq!(
        found.difference(&planted).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "invented in {sample}; missed: {:?}\n{told}",
        planted.difference(&found).collect::<Vec<_>>(),
    );
    assert_eq!(found, planted, "missed in {sample}\n{told}");
    assert_eq!(report.not_emulated, []);
}

macro_rules! samples {
    ($($name:ident)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            finds_what_is_planted(stringify!($name)).await;
        }
    )*};
}

samples! { nimbusbackup tidedns pixelguard cdnharbor mailmeadow vpsforge sealmonitor streamcast licensio wpnest }
