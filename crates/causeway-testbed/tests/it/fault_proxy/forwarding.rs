//! What passes through the proxy stays what it is.

use std::time::Duration;

use causeway_testbed::fault_proxy::{
    DeliveryOutcome, FaultProxy, FaultProxyError, FaultProxySettings, Given,
};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;

use super::{Bench, PATIENT, ada, answer_of, answered, send_by};

/// A vendor that answers one request with these bytes and gives what it read, up to `end`.
async fn scripted(end: &'static str, answer: String) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = format!("http://{}/api", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut read = Vec::new();
        while !read.ends_with(end.as_bytes()) {
            assert_ne!(stream.read_buf(&mut read).await.unwrap(), 0);
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        String::from_utf8_lossy(&read).into_owned()
    });
    (api, served)
}

async fn proxy_before(api: &str) -> FaultProxy {
    FaultProxy::start(FaultProxySettings::before(api.parse().unwrap()))
        .await
        .unwrap()
}

/// Sends bytes to the http port and gives back all that comes.
async fn exchange(proxy: &FaultProxy, request: &[u8]) -> String {
    let address = proxy.api().replace("http://", "").replace("/api", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_request_arrives_as_it_was_sent() {
    let (api, served) = scripted("\r\n\r\nk=a+b&\0", "HTTP/1.1 200 OK\r\n\r\n".to_owned()).await;
    let proxy = proxy_before(&api).await;
    let request = "PURGE /api/a%20b//c;d?x=1&&y=%F0%9F%A6%80&x=2 HTTP/1.1\r\nHost: proxy.example\r\n\
        X-Odd: \u{e9}\r\nX-Twice: one\r\nX-Twice: two\r\nX-Empty:\r\nAuthorization: Bearer s3cret\r\n\
        Connection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\n\
        Content-Length: 7\r\n\r\nk=a+b&\0";
    exchange(&proxy, request.as_bytes()).await;

    let read = served.await.unwrap();
    let (head, body) = read.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    assert_eq!(
        lines.next().unwrap(),
        "PURGE /api/a%20b//c;d?x=1&&y=%F0%9F%A6%80&x=2 HTTP/1.1"
    );
    let mut headers = lines.collect::<Vec<_>>();
    headers.sort_unstable();
    let host = format!("host: {}", api.replace("http://", "").replace("/api", ""));
    let mut expected = vec![
        "authorization: Bearer s3cret",
        "connection: close",
        "content-length: 7",
        host.as_str(),
        "x-empty: ",
        "x-odd: é",
        "x-twice: one",
        "x-twice: two",
    ];
    expected.sort_unstable();
    assert_eq!(headers, expected);
    assert_eq!(body, "k=a+b&\0");
}

#[tokio::test]
async fn an_answer_arrives_as_it_was_given() {
    let answer = "HTTP/1.1 207 Multi-Status\r\nX-Twice: one\r\nX-Twice: two\r\nSet-Cookie: a=b\r\n\
        Connection: X-Hop\r\nX-Hop: 1\r\nRetry-After: 7\r\nTransfer-Encoding: chunked\r\n\r\n\
        3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n";
    let (api, _served) = scripted("\r\n\r\n", answer.to_owned()).await;
    let proxy = proxy_before(&api).await;
    let answer = exchange(&proxy, b"GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n").await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let expected = [
        "HTTP/1.1 207 Multi-Status",
        "x-twice: one",
        "x-twice: two",
        "set-cookie: a=b",
        "retry-after: 7",
        "content-length: 7",
        "connection: close",
    ];
    assert_eq!(head.lines().collect::<Vec<_>>(), expected);
    assert_eq!(body, r#"{"a":1}"#);
}

#[tokio::test]
async fn a_body_in_chunks_is_passed_on_whole() {
    let (api, served) = scripted("0123456789", "HTTP/1.1 204 x\r\n\r\n".to_owned()).await;
    let proxy = proxy_before(&api).await;
    let request = "POST /api HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\
        Transfer-Encoding: chunked\r\n\r\n4\r\n0123\r\n6;x=y\r\n456789\r\n0\r\nTrailer: 1\r\n\r\n";
    let answer = exchange(&proxy, request.as_bytes()).await;
    assert_eq!(
        answer,
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"
    );
    let read = served.await.unwrap();
    assert!(read.contains("content-length: 10\r\n"), "{read}");
    assert!(!read.contains("chunked"), "{read}");
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    let (api, _served) = scripted("never", String::new()).await;
    let proxy = proxy_before(&api).await;
    for (request, status) in [
        ("nonsense\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nContent-Length: 9000000\r\n\r\n", "413"),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "501"),
    ] {
        let answer = exchange(&proxy, request.as_bytes()).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn the_vendor_works_through_the_proxy_as_without() {
    let bench = Bench::set_up().await;
    bench.proxy.arm([]).await;
    answered(bench.send(&bench.post("/users", ada())).await, 422);
    answered(bench.send(&bench.service("a.example")).await, 201);
    let list = "/services?domain=a.example&user_id=1&status=active";
    let page = answered(bench.send(&bench.get(list)).await, 200);
    assert_eq!(page["meta"]["total"], 1);
    let removed = answer_of(bench.send(&bench.delete("/services/1")).await);
    assert_eq!((removed.status, removed.body.len()), (204, 0));
    answered(bench.send(&bench.delete("/services/1")).await, 404);

    let asked = bench.vendor.requests();
    let record = bench.record().await;
    assert_eq!(record.len(), 5);
    for (exchange, asked) in record.iter().zip(&asked[asked.len() - 5..]) {
        let request = exchange.request.as_ref().unwrap();
        assert_eq!(
            (&request.method, &request.target, &request.body),
            (&asked.method, &asked.path, &asked.body)
        );
        let Given::Answer { status, body } = &exchange.given else {
            panic!("{exchange:?}");
        };
        assert_eq!(*status, asked.status);
        let [delivery] = exchange.deliveries.as_slice() else {
            panic!("{exchange:?}");
        };
        let (status, body) = (
            *status,
            body.replace(&bench.proxy.api(), &bench.vendor.api()),
        );
        assert_eq!(
            delivery.outcome,
            Some(DeliveryOutcome::Answered { status, body })
        );
    }
    let report = serde_json::to_string(&record).unwrap();
    assert!(!report.contains(&bench.token), "a credential is recorded");
}

#[tokio::test]
async fn the_next_page_leads_through_the_proxy() {
    let bench = Bench::set_up().await;
    for number in 0..3 {
        answered(
            bench
                .send(&bench.service(&format!("{number}.example")))
                .await,
            201,
        );
    }
    let request = bench.get("/services?per_page=2");
    for (reply, api) in [
        (bench.send(&request).await, bench.proxy.api()),
        (
            bench.send_securely(&request).await,
            bench.proxy.secure_api(),
        ),
    ] {
        let page = answered(reply, 200);
        let next = page["links"]["next"].as_str().unwrap();
        assert_eq!(next, format!("{api}/services?per_page=2&page=2"));
        assert_eq!(page["data"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn addresses_are_turned_in_json_of_php_and_in_headers_and_nowhere_else() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (vendor, escaped) = (origin.clone(), origin.replace('/', "\\/"));
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        while stream.read_u8().await.unwrap() != b'\r' {}
        let body = format!(r#"["{escaped}\/v1","{vendor}0/v1","{vendor}.example","{vendor}"]"#);
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 200 OK\r\nLink: <{vendor}/2>; rel=next\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream.read_to_end(&mut Vec::new()).await
    });
    let proxy = proxy_before(&origin).await;
    let answer = exchange(&proxy, b"GET / HTTP/1.1\r\nHost: proxy.example\r\n\r\n").await;
    assert!(answer.contains("link: <http://proxy.example/2>; rel=next\r\n"));
    let body = format!(
        r#"["http:\/\/proxy.example\/v1","{origin}0/v1","{origin}.example","http://proxy.example"]"#
    );
    assert!(answer.ends_with(&body), "{answer}");
}

#[tokio::test]
async fn an_upstream_by_https() {
    let bench = Bench::set_up().await;
    let upstream = bench.proxy.secure_api();
    let mut settings = FaultProxySettings::before(upstream.parse().unwrap());
    let untrusting = FaultProxy::start(settings.clone()).await.unwrap();
    settings.upstream_roots = vec![bench.proxy.authority_pem().as_bytes().to_vec()];
    let proxy = FaultProxy::start(settings).await.unwrap();

    let account = bench.get("/account");
    let reply = send_by(&bench.client, &proxy.api(), &account, PATIENT).await;
    assert_eq!(answered(reply, 200)["name"], "Northern Hosting");
    untrusting.arm([]).await;
    let reply = send_by(&bench.client, &untrusting.api(), &account, PATIENT).await;
    assert!(
        answered(reply, 502)["message"]
            .to_string()
            .contains("certificate")
    );
    let outcome = untrusting.record().remove(0).deliveries.remove(0).outcome;
    assert!(matches!(outcome, Some(DeliveryOutcome::Failed { .. })));
}

#[tokio::test]
async fn a_vendor_that_is_away_is_a_502_that_says_so() {
    // Bound, so that nobody else is there, and not listening.
    let away = TcpSocket::new_v4().unwrap();
    away.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let proxy = proxy_before(&format!("http://{}/api", away.local_addr().unwrap())).await;
    proxy.arm([]).await;
    let answer = reqwest::get(format!("{}/account", proxy.api()))
        .await
        .unwrap();
    assert_eq!(answer.status(), 502);
    assert!(answer.text().await.unwrap().contains("refused"));
    let record = json!(proxy.record());
    assert!(
        record[0]["deliveries"][0]["outcome"]["failed"]["reason"].is_string(),
        "{record}"
    );
}

#[tokio::test]
async fn a_vendor_that_never_answers_is_a_502_after_its_time() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = format!("http://{}/api", silent.local_addr().unwrap());
    let mut settings = FaultProxySettings::before(api.parse().unwrap());
    settings.upstream_timeout = Duration::from_millis(100);
    let proxy = FaultProxy::start(settings).await.unwrap();
    let answer = reqwest::get(proxy.api()).await.unwrap();
    assert_eq!(answer.status(), 502);
    assert!(
        answer
            .text()
            .await
            .unwrap()
            .contains("no answer within 100 ms")
    );
}

#[tokio::test]
async fn an_upstream_that_is_no_api_is_a_clear_error() {
    for upstream in ["ftp://vendor.example", "https://vendor.example/v1?a=b"] {
        let settings = FaultProxySettings::before(upstream.parse().unwrap());
        let error = FaultProxy::start(settings).await.unwrap_err();
        assert!(matches!(error, FaultProxyError::Upstream { .. }));
        assert!(error.to_string().contains(upstream), "{error}");
    }
    let mut settings = FaultProxySettings::before("https://vendor.example".parse().unwrap());
    settings.upstream_roots = vec![b"no certificate".to_vec()];
    let error = FaultProxy::start(settings).await.unwrap_err().to_string();
    assert!(error.contains("upstream root certificate 1"), "{error}");
}
