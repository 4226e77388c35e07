//! `causeway serve`.

use crate::support::{Folder, RunningGateway, SHIELDPRESS};

#[tokio::test]
async fn it_serves_until_it_is_told_to_stop() {
    let folder = Folder::new();
    folder.write("shieldpress.toml", SHIELDPRESS);
    let gateway = RunningGateway::start(&folder, &["shieldpress.toml", "--log-format", "json"]);
    let ready = reqwest::get(format!("{}/readyz", gateway.url))
        .await
        .unwrap();
    assert!(ready.status().is_success());
    let url = gateway.url.clone();
    let (code, log) = gateway.terminate();
    assert_eq!(code, 0, "{log}");
    assert!(reqwest::get(url).await.is_err());
    for line in log.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|_| panic!("{line}"));
    }
}

#[test]
fn it_does_not_start_on_what_it_cannot_serve() {
    let folder = Folder::new();
    folder.write("shieldpress.toml", SHIELDPRESS);
    folder.write("bad.toml", "nothing");
    folder.write("no.pem", "nothing");
    let twice = ["shieldpress.toml", "shieldpress.toml"];
    let cases: [(&[&str], &str); 5] = [
        (&twice, "two of the definitions are named `shieldpress`"),
        (&["bad.toml"], "bad.toml has 1 error"),
        (
            &["shieldpress.toml", "--listen", "0.0.0.0:0"],
            "--behind-proxy",
        ),
        (
            &[
                "shieldpress.toml",
                "--tls-cert",
                "no.pem",
                "--tls-key",
                "no.pem",
            ],
            "no.pem",
        ),
        (
            &["shieldpress.toml", "--vendor-ca", "absent.pem"],
            "absent.pem",
        ),
    ];
    for (arguments, said) in cases {
        let error = folder.fails(&[&["serve"], arguments].concat());
        assert!(error.contains(said), "{arguments:?}: {error}");
    }
    let ran = folder.run(&["serve", "shieldpress.toml", "--listen", "localhost:1"]);
    assert!(
        ran.code == 2 && ran.stderr.contains("127.0.0.1:8420"),
        "{ran:#?}"
    );
    let logs = folder
        .command(&["serve", "shieldpress.toml"])
        .env("CAUSEWAY_LOG", "a=b=c")
        .output()
        .unwrap();
    assert_eq!(logs.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&logs.stderr).contains("CAUSEWAY_LOG"));
}
