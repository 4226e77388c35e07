//! Requests go to the definition's hosts and nowhere else.

use std::net::IpAddr;

use causeway_engine::Vendor;
use causeway_vendor::{Reach, allowed_addresses, check_api_address, reach};

use crate::server::{Server, ok};
use crate::support::{TIMEOUT, answered, assert_says, definition, get, not_sent, send, vendor};

#[tokio::test]
async fn a_path_is_added_to_the_path_of_the_api() {
    let server = Server::answering(ok("{}")).await;
    for slash in ["", "/"] {
        let api = format!("{}/v1{slash}", server.api());
        answered(send(&api, &get("/users?email=a%40b.example&x=1")).await);
    }
    for request in server.requests() {
        assert_says(
            &request,
            "GET /v1/users?email=a%40b.example&x=1 HTTP/1.1\r\n",
        );
    }
}

#[tokio::test]
async fn a_path_cannot_climb_out_of_the_api() {
    let server = Server::answering(ok("{}")).await;
    let api = format!("{}/v1", server.api());
    for target in [
        "/../admin",
        "/users/../../admin",
        "/%2e%2E/admin",
        "/..\\..\\admin",
    ] {
        assert_says(
            &not_sent(send(&api, &get(target)).await, false),
            "leads out",
        );
    }
    // What looks like another host is still a path, and what has no slash is no path.
    answered(send(&api, &get("//elsewhere.example/x")).await);
    not_sent(send(&api, &get("@elsewhere.example/x")).await, false);
    assert_eq!(server.accepted(), 1);
    assert_says(&server.requests()[0], "GET /v1//elsewhere.example/x ");
}

#[tokio::test]
async fn a_next_page_at_another_host_is_not_fetched() {
    let (server, elsewhere) = (
        Server::answering(ok("{}")).await,
        Server::answering(ok("{}")).await,
    );
    let next = get(&format!("{}/users?page=2&key=s3cret", elsewhere.api()));
    let reason = not_sent(send(&server.api(), &next).await, false);
    assert_says(&reason, &elsewhere.api());
    assert_says(&reason, "other_hosts");
    assert_eq!(elsewhere.accepted(), 0);
}

#[tokio::test]
async fn a_next_page_at_a_named_host_is_fetched() {
    let (server, elsewhere) = (
        Server::answering(ok("{}")).await,
        Server::answering(ok("{}")).await,
    );
    let mut definition = definition(&server.api());
    definition.service.other_hosts = vec![elsewhere.address.to_string()];
    for host in [&server, &elsewhere] {
        let next = get(&format!("{}/users?page=2", host.api()));
        answered(vendor().send(&definition, None, &next, TIMEOUT).await);
        assert_eq!(host.requests().len(), 1);
    }
}

#[tokio::test]
async fn another_scheme_or_a_user_name_makes_another_address() {
    let server = Server::answering(ok("{}")).await;
    for target in [
        format!("https://{}/users", server.address),
        format!("http://admin:s3cret@{}/users", server.address),
        "file:///etc/passwd".to_owned(),
        "http://localhost.evil.example/users".to_owned(),
    ] {
        not_sent(send(&server.api(), &get(&target)).await, false);
    }
    assert_eq!(server.accepted(), 0);
}

#[tokio::test]
async fn the_providers_own_api_takes_the_place_of_the_definitions() {
    let (shared, own) = (
        Server::answering(ok("{}")).await,
        Server::answering(ok("{}")).await,
    );
    let definition = definition(&shared.api());
    let api = own.api();
    let vendor = vendor();
    answered(
        vendor
            .send(&definition, Some(&api), &get("/users"), TIMEOUT)
            .await,
    );
    // The definition's address is another host now.
    let next = get(&format!("{}/users", shared.api()));
    not_sent(
        vendor.send(&definition, Some(&api), &next, TIMEOUT).await,
        false,
    );
    let insecure = Some("http://api.vendor.invalid");
    not_sent(
        vendor
            .send(&definition, insecure, &get("/users"), TIMEOUT)
            .await,
        false,
    );
    assert_eq!((shared.accepted(), own.accepted()), (0, 1));
}

#[tokio::test]
async fn private_addresses_are_refused_before_anything_is_sent() {
    let vendor = vendor();
    for (host, kind) in [
        ("10.0.0.1", "private"),
        ("192.168.1.1", "private"),
        ("172.31.255.255", "private"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("169.254.1.1", "link-local"),
        ("169.254.169.254", "cloud metadata"),
        ("0.0.0.0", "unspecified"),
        ("224.0.0.1", "multicast"),
        ("2130706433", "loopback"), // 127.0.0.1 as one number
        ("[fe80::1]", "link-local"),
        ("[fd12:3456::1]", "private"),
        ("[::]", "unspecified"),
        ("[::ffff:10.0.0.1]", "private"),
        ("[::ffff:127.0.0.1]", "loopback"),
        ("[64:ff9b::10.0.0.1]", "private"),
        ("[64:ff9b::169.254.169.254]", "cloud metadata"),
        ("[2002:a00:1::]", "private"),
    ] {
        let target = get(&format!("https://{host}/"));
        let mut definition = definition("https://api.vendor.invalid");
        definition.service.other_hosts = vec![host.to_owned()];
        let reply = vendor.send(&definition, None, &target, TIMEOUT).await;
        assert_says(&not_sent(reply, false), &format!("is a {kind} address"));
    }
}

#[test]
fn an_api_is_checked_when_it_is_entered() {
    let check = |api: &str, private_network| {
        check_api_address(&api.parse().unwrap(), private_network).map_err(|e| e.to_string())
    };
    for api in [
        "https://api.vendor.example/v1",
        "https://api.vendor.example:8443",
        "https://198.41.0.4",
        "https://[2606:4700::1111]/v1",
        "http://localhost:8080",
        "http://127.0.0.1:8080/v1",
        "http://[::1]:8080",
    ] {
        assert_eq!(check(api, false), Ok(()), "{api}");
    }
    for (api, words) in [
        ("http://api.vendor.example", "not encrypted"),
        ("http://localhost.vendor.example", "not encrypted"),
        ("ftp://api.vendor.example", "begins with `ftp:`"),
        (
            "https://me:word@api.vendor.example",
            "user name or a password",
        ),
        ("https://api.vendor.example/?key=1", "`?` or `#`"),
        ("https://10.0.0.1/v1", "private_network = true"),
        ("https://[fd00::1]/v1", "private_network = true"),
        ("https://169.254.169.254", "cloud metadata"),
    ] {
        assert_says(&check(api, false).unwrap_err(), words);
    }
    assert_eq!(check("https://10.0.0.1/v1", true), Ok(()));
    assert_says(
        &check("http://10.0.0.1/v1", true).unwrap_err(),
        "not encrypted",
    );
    assert_says(&check("https://0.0.0.0", true).unwrap_err(), "unspecified");
    assert_says(
        &check("https://169.254.169.254", true).unwrap_err(),
        "cloud metadata",
    );
}

#[test]
fn a_name_must_not_lead_inside() {
    let public: IpAddr = "198.41.0.4".parse().unwrap();
    let inside: IpAddr = "10.0.0.1".parse().unwrap();
    let loopback: IpAddr = "127.0.0.1".parse().unwrap();
    let metadata: IpAddr = "169.254.169.254".parse().unwrap();
    let allowed = |name, addresses: &[IpAddr], private_network| {
        allowed_addresses(name, addresses.iter().copied(), private_network)
    };
    let name = "api.vendor.example";
    assert_eq!(allowed(name, &[public], false), Ok(vec![public]));
    assert_eq!(allowed(name, &[inside, public], false), Ok(vec![public]));
    for refused in [inside, loopback, metadata] {
        let error = allowed(name, &[refused], false).unwrap_err().to_string();
        assert_says(&error, &refused.to_string());
    }
    assert_eq!(allowed(name, &[inside], true), Ok(vec![inside]));
    assert!(allowed(name, &[metadata], true).is_err());
    assert_eq!(allowed("localhost", &[loopback], false), Ok(vec![loopback]));
    assert!(allowed("localhost", &[public], false).is_err());
    assert!(allowed("localhost", &[inside], false).is_err());
}

#[tokio::test]
async fn the_resolver_keeps_private_addresses_back() {
    // The one name, beside localhost, that leads inside on nearly every machine is its own.
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    let name = name.trim().to_lowercase();
    let server = Server::answering(ok("{}")).await;
    let port = server.address.port();
    let leads_inside = match tokio::net::lookup_host((name.as_str(), port)).await {
        Ok(mut addresses) => addresses.all(|address| reach(address.ip()) != Reach::Public),
        Err(_) => false,
    };
    if !leads_inside {
        eprintln!("nothing to see here: the name {name} does not lead to a private address");
        return;
    }
    let api = format!("https://{name}:{port}");
    let reason = not_sent(send(&api, &get("/")).await, false);
    assert_says(&reason, &format!("the name {name} leads to a "));
    assert_eq!(server.accepted(), 0);

    // With `private_network` it goes through, as far as TLS.
    let mut definition = definition(&api);
    definition.service.private_network = true;
    let reply = vendor().send(&definition, None, &get("/"), TIMEOUT).await;
    assert!(!not_sent(reply, true).contains("leads to a"));
}

#[test]
fn public_addresses_are_public() {
    for address in [
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.0",
        "172.32.0.1",
        "2606:4700::1111",
        "64:ff9b::1.1.1.1",
    ] {
        assert_eq!(reach(address.parse().unwrap()), Reach::Public, "{address}");
    }
}
