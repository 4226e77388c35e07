//! Where and when a fault strikes: paths, the n-th time, several at once, many at once.

use std::num::NonZeroU32;

use causeway_definition::model::{Operation, OperationKind};
use causeway_definition::request::Method;
use causeway_testbed::fault_proxy::{
    ArmedFault, Delivery, Fault, MisplacedFault, PathPattern, Place, Port,
};
use serde_json::json;

use super::{Bench, answered, armed, at, creates, definition, given_status, unknown};

#[tokio::test]
async fn the_nth_time_alone() {
    let bench = Bench::set_up().await;
    bench.arm(Fault::ServerErrorBefore, creates(), 3).await;
    let mut statuses = Vec::new();
    for number in 1..=5 {
        let create = bench.service(&format!("{number}.example"));
        statuses.push(super::answer_of(bench.send(&create).await).status);
        // Neither another method nor another path counts.
        answered(bench.send(&bench.get("/services")).await, 200);
        answered(
            bench
                .send(&bench.post("/services/1/suspend", json!({})))
                .await,
            200,
        );
    }
    assert_eq!(statuses, [201, 201, 500, 201, 201]);
    assert_eq!(bench.proxy.struck(), [1]);
}

#[tokio::test]
async fn a_fault_whose_time_never_comes_has_not_struck() {
    let bench = Bench::set_up().await;
    bench.arm(Fault::ResetAfter, creates(), 2).await;
    answered(bench.send(&bench.service("a.example")).await, 201);
    assert_eq!(bench.proxy.struck(), [0]);
    bench.proxy.disarm().await;
    answered(bench.send(&bench.service("b.example")).await, 201);
    assert_eq!(bench.proxy.struck(), [0]);
    assert_eq!(bench.record().await.len(), 2, "the record goes on");
}

#[tokio::test]
async fn two_faults_at_once_each_at_its_place_and_time() {
    let bench = Bench::set_up().await;
    let suspend = at(Method::Post, "/services/{{ service_id }}/suspend");
    bench
        .proxy
        .arm([
            armed(Fault::BadGatewayAfter, suspend, 2),
            armed(Fault::TooManyRequests, creates(), 1),
            armed(Fault::ResetAfter, creates(), 2),
            armed(Fault::ServerErrorAfter, creates(), 2),
        ])
        .await;
    let create = bench.service("a.example");
    answered(bench.send(&create).await, 429);
    unknown(bench.send(&create).await);
    let suspend = bench.post("/services/1/suspend", json!({}));
    answered(bench.send(&suspend).await, 200);
    answered(bench.send(&suspend).await, 502);
    assert_eq!(bench.proxy.struck(), [1, 1, 1, 0]);
    let record = bench.record().await;
    let faults = record.iter().map(|exchange| exchange.fault);
    assert_eq!(
        faults.collect::<Vec<_>>(),
        [
            Some(Fault::TooManyRequests),
            Some(Fault::ResetAfter),
            None,
            Some(Fault::BadGatewayAfter)
        ]
    );
}

#[tokio::test]
async fn many_callers_and_one_of_them_is_struck() {
    let bench = Bench::set_up().await;
    bench.arm(Fault::ServerErrorBefore, creates(), 40).await;
    let creates = (0..64).map(|number| bench.service(&format!("{number}.example")));
    let creates = creates.collect::<Vec<_>>();
    let replies = futures::future::join_all(creates.iter().map(|create| bench.send(create))).await;
    let statuses = replies
        .into_iter()
        .map(|reply| super::answer_of(reply).status);
    let struck = statuses.filter(|status| *status == 500).count();
    assert_eq!((struck, bench.domains().len()), (1, 63));
    let record = bench.record().await;
    assert_eq!(record.len(), 64);
    let at = record.iter().position(|exchange| exchange.fault.is_some());
    assert_eq!(
        at,
        Some(39),
        "the order of the record is the order that counts"
    );
    assert_eq!(given_status(&record[39]), 500);
}

#[tokio::test]
async fn many_proxies_work_side_by_side() {
    let cases = (0..16).map(|_| async {
        let bench = Bench::set_up().await;
        for _ in 0..10 {
            bench.arm(Fault::ResetAfter, creates(), 1).await;
            unknown(bench.send(&bench.service("a.example")).await);
            answered(bench.send(&bench.service("a.example")).await, 201);
            bench.proxy.disarm().await;
            assert_eq!(bench.record().await.len(), 2);
            assert_eq!(bench.proxy.struck(), [1]);
        }
        assert_eq!(bench.domains().len(), 20);
    });
    futures::future::join_all(cases).await;
}

#[tokio::test]
async fn paths_of_templates() {
    let matching = [
        ("/services", "/services"),
        ("/services", "/services/"),
        ("/services", "/services?domain=a.example"),
        (
            "/services?domain={{ domain | urlencode }}",
            "/services?domain=b",
        ),
        ("/services/{{ service_id }}", "/services/1"),
        ("/services/{{ service_id }}", "/services/a%2Fb"),
        ("/users/{{ a }}-{{ b }}.json", "/users/x-y.json"),
        ("/my%20path/{{ a | default('}') }}", "/my path/1"),
        ("https://other.example/v1/users/{{ a }}", "/users/1"),
        ("{{ self_url }}/suspend", "/services/1/suspend"),
    ];
    let others = [
        ("/services", "/service"),
        ("/services", "/services/1"),
        ("/services/{{ service_id }}", "/services"),
        ("/services/{{ service_id }}", "/services/"),
        ("/services/{{ service_id }}", "/services/1/suspend"),
        (
            "/services/{{ service_id }}/suspend",
            "/services/1/unsuspend",
        ),
        ("/users/{{ a }}-{{ b }}.json", "/users/x-.json"),
        ("/users/{{ a }}-{{ b }}.json", "/users/-y.json"),
        ("{{ self_url }}/suspend", "/suspend/1"),
    ];
    let bench = Bench::set_up().await;
    let cases = matching
        .map(|case| (case, 1))
        .into_iter()
        .chain(others.map(|case| (case, 0)));
    for ((template, path), times) in cases {
        bench
            .arm(Fault::ResetBefore, at(Method::Get, template), 1)
            .await;
        bench.send(&bench.get(path)).await;
        assert_eq!(bench.proxy.struck(), [times], "{template} and {path}");
    }
}

#[tokio::test]
async fn a_place_is_made_from_a_definition() {
    let definition = definition("https://api.shieldpress.example");
    let Operation::Calls(calls) = &definition.operations[&OperationKind::Suspend] else {
        panic!("suspend is a call");
    };
    let place = Place::of(&calls[0].request);
    assert_eq!(
        place,
        at(Method::Post, "/services/{{ service_id }}/suspend")
    );
    let shown = serde_json::to_value(&place).unwrap();
    let expected = json!({ "request": { "method": "POST", "path": "/services/*/suspend" } });
    assert_eq!(shown, expected);
}

#[test]
fn a_fault_is_placed_where_it_can_strike() {
    let placed = |fault, place| ArmedFault::new(fault, place, NonZeroU32::MIN).map(drop);
    for fault in Fault::ALL {
        let at_request = placed(fault, creates());
        let at_http = placed(fault, Place::Connection(Port::Http));
        let at_https = placed(fault, Place::Connection(Port::Https));
        let expected = match fault {
            Fault::Refuse => (Err(MisplacedFault::NotAtRequest(fault)), Ok(()), Ok(())),
            Fault::WrongCertificate => (
                Err(MisplacedFault::NotAtRequest(fault)),
                Err(MisplacedFault::NotWithoutTls(fault)),
                Ok(()),
            ),
            _ => (
                Ok(()),
                Err(MisplacedFault::NotAtConnection(fault)),
                Err(MisplacedFault::NotAtConnection(fault)),
            ),
        };
        assert_eq!((at_request, at_http, at_https), expected, "{fault}");
        assert_eq!(fault.vendor_acts(), fault.delivery() != Delivery::Never);
    }
}

#[test]
fn names_are_the_same_everywhere() {
    for fault in Fault::ALL {
        let name = fault.to_string();
        assert_eq!(serde_json::to_value(fault).unwrap(), json!(name));
        assert_eq!(serde_json::from_value::<Fault>(json!(name)).unwrap(), fault);
        assert_eq!(name.parse::<Fault>().unwrap(), fault);
        assert!(fault.description().len() > name.len() / 2, "{fault}");
    }
    let mut names = Fault::ALL.map(Fault::name).to_vec();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Fault::ALL.len());
    let error = "explode".parse::<Fault>().unwrap_err().to_string();
    assert!(
        error.contains("`explode`") && error.contains("reset_after"),
        "{error}"
    );
    assert_eq!(PathPattern::of_template("/a/{{ b }}").to_string(), "/a/*");
}
