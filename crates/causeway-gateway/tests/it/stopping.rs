//! A stop loses nothing.

use std::time::{Duration, Instant};

use causeway_engine::store::OperationFilter;
use causeway_engine::{Standing, Store as _};
use causeway_gateway::GatewaySettings;

use crate::support::{House, create, settings};

#[tokio::test]
async fn an_operation_that_can_finish_is_answered() {
    let house = House::new().await;
    house.vendor.hold();
    let call = async { house.operate(&create("service-1")).await };
    let stop = async {
        house.vendor.has_received(1).await;
        let let_go = async { house.vendor.let_go() };
        tokio::join!(house.gateway.stop(), let_go).0
    };
    let (answer, _) = tokio::join!(call, stop);
    assert!(
        ["succeeded", "pending"].contains(&answer["status"].as_str().unwrap()),
        "{answer}"
    );
    house.gateway.wait().await;
    house.end().await;
}

#[tokio::test]
async fn an_operation_that_cannot_finish_stays_in_the_journal() {
    let house = House::with(GatewaySettings {
        stop_patience: Duration::from_millis(200),
        ..settings()
    })
    .await
    .unwrap();
    house.vendor.hold();
    let started = Instant::now();
    let mut long = create("service-1");
    long["deadline_ms"] = 60_000.into();
    let call = async { house.post("/v1/operations", &long).await };
    let stop = async {
        house.vendor.has_received(1).await;
        house.gateway.stop().await
    };
    let ((status, answer), still_open) = tokio::join!(call, stop);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["status"], "pending");
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(still_open, 1);
    assert_eq!(house.store.count_open().await.unwrap(), 1);
    let listed = OperationFilter {
        owed: true,
        limit: 9,
        ..OperationFilter::default()
    };
    let owed = house.store.operations(listed).await.unwrap();
    assert_eq!((owed.len(), &owed[0].standing), (1, &Standing::Open));
    house.vendor.let_go();
    house.end().await;
}

#[tokio::test]
async fn after_the_stop_nobody_listens() {
    let house = House::new().await;
    let address = house.gateway.address();
    house.end().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
