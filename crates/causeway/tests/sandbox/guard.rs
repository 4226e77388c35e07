//! The sandbox runs modules for whoever asks, so nobody but the person in front of it may ask.

use reqwest::{Client, StatusCode};

use crate::running::{RunningSandbox, of_repository, sandbox};

const CLIENT: [(&str, &str); 2] = [("firstname", "Mallory"), ("lastname", "Intruder")];

#[tokio::test]
async fn another_host_name_and_other_pages_are_turned_away() {
    let sandbox = RunningSandbox::of_the_example();
    let own = sandbox.url.trim_end_matches('/');
    let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap().status();
    let get = |path: &str| Client::new().get(sandbox.address(path));
    let post = || sandbox.form("/provider/clients", &CLIENT);

    // A name of somebody else's that was made to lead here.
    let rebound = get("/").header("Host", "sandbox.attacker.example");
    assert_eq!(status(rebound).await, StatusCode::FORBIDDEN);
    // A form, a script and a picture of another page.
    let elsewhere = [("Origin", "https://attacker.example"), ("Origin", "null")];
    for (name, value) in elsewhere {
        let forged = post().header(name, value);
        assert_eq!(status(forged).await, StatusCode::FORBIDDEN, "{value}");
    }
    let other_port = post()
        .header("Sec-Fetch-Site", "same-site")
        .header("Origin", own);
    assert_eq!(status(other_port).await, StatusCode::FORBIDDEN);
    assert_eq!(status(post()).await, StatusCode::FORBIDDEN);
    let script = get("/live/stream").header("Sec-Fetch-Site", "cross-site");
    let script = script.header("Sec-Fetch-Mode", "no-cors");
    assert_eq!(status(script).await, StatusCode::FORBIDDEN);
    // What a module draws is known by an address that nobody can guess.
    let guessed = "/frame/00000000000000000000000000000000/clientarea.php?id=1";
    assert_eq!(status(get(guessed)).await, StatusCode::NOT_FOUND);
    assert!(!sandbox.page("/provider/clients").await.contains("Mallory"));

    // The sandbox's own form does what it says.
    let clients = sandbox.submit("/provider/clients", &CLIENT).await;
    assert!(
        clients.contains("Mallory Intruder is a client now."),
        "{clients}"
    );
}

#[test]
fn it_listens_on_this_machine_alone() {
    let definition = of_repository("examples/shieldpress.toml");
    let refused = sandbox(&[definition])
        .args(["--listen", "0.0.0.0:0"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let error = String::from_utf8_lossy(&refused.stderr);
    assert!(error.contains("loopback address"), "{error}");
}
