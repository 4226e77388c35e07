//! The token in WHMCS's server form: it has two fields for it, and versions differ in which works.

use causeway_testbed::emulator::Server;

use crate::bridge::Bridge;

#[tokio::test]
async fn the_token_may_stand_in_either_field_or_in_both() {
    let bridge = Bridge::start().await;
    let token = || bridge.token.clone();
    for (form, server) in [
        (
            "access hash only",
            Server::new("shieldpress").access_hash(token()),
        ),
        (
            "password only",
            Server::new("shieldpress").password(token()),
        ),
        (
            "both",
            Server::new("shieldpress")
                .password(token())
                .access_hash(token()),
        ),
    ] {
        let server = bridge.whmcs.add_server(server).await.unwrap();
        let test = bridge.whmcs.test_connection(server).await.unwrap();
        assert!(test.success, "{form}: {:?}", test.error);
    }
}

#[tokio::test]
async fn two_different_tokens_none_and_a_wrong_one_are_told_apart() {
    let bridge = Bridge::start().await;
    let other = bridge.add_provider("rainy");
    for (server, said) in [
        (
            Server::new("shieldpress")
                .password(&bridge.token)
                .access_hash(&other),
            "different",
        ),
        (Server::new("shieldpress"), "token"),
        (Server::new("shieldpress").password("cw_wrong"), "token"),
    ] {
        let server = bridge.whmcs.add_server(server).await.unwrap();
        let test = bridge.whmcs.test_connection(server).await.unwrap();
        assert!(!test.success);
        let error = test.error.clone().unwrap_or_default();
        assert!(error.contains(said), "{error}");
    }
}

#[tokio::test]
async fn a_credential_that_the_vendor_does_not_accept_is_found_by_test_connection() {
    let bridge = Bridge::start().await;
    let api = bridge.vendor.api();
    let (good, output, errors) = bridge.causeway(
        &["provider", "add", "cloudy", "--api", &api],
        "1|not-the-vendors-token",
    );
    assert!(good, "{errors}");
    let token = output
        .split_whitespace()
        .find(|word| word.starts_with("cw_"))
        .unwrap();
    let server = bridge
        .whmcs
        .add_server(Server::new("shieldpress").password(token))
        .await
        .unwrap();
    let test = bridge.whmcs.test_connection(server).await.unwrap();
    assert!(!test.success);
    let error = test.error.clone().unwrap_or_default();
    assert!(error.contains("does not accept the credential"), "{error}");
    assert!(!error.contains("not-the-vendors-token"));
}
