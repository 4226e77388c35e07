//! For who looks on, and arms one fault after another: the sandbox.

use std::sync::{Arc, Mutex};

use causeway_testbed::fault_proxy::{ExchangeObserver, Fault, Given};

use super::{Bench, answered, armed, creates, given_status, unknown};

#[tokio::test]
async fn an_exchange_is_told_when_it_begins_and_each_time_that_it_has_come_further() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let tells = Arc::clone(&told);
    let bench = Bench::set_up_with(|settings| {
        settings.observer = Some(ExchangeObserver(Arc::new(move |number, exchange| {
            tells.lock().unwrap().push((number, exchange.clone()));
        })));
    })
    .await;
    told.lock().unwrap().clear();
    unknown({
        bench.arm(Fault::ResetAfter, creates(), 1).await;
        bench.send(&bench.service("a.example")).await
    });
    answered(bench.send(&bench.get("/services")).await, 200);
    let record = bench.record().await;

    let told = told.lock().unwrap();
    let (create, first) = &told[0];
    assert_eq!(first.given, Given::Pending);
    assert_eq!(first.fault, Some(Fault::ResetAfter));
    let of_create: Vec<_> = told.iter().filter(|(number, _)| number == create).collect();
    assert!(of_create.len() > 2, "{of_create:#?}");
    assert_eq!(of_create.last().unwrap().1, record[0]);
    let (list, last) = told.last().unwrap();
    assert_ne!(list, create);
    assert_eq!(*last, record[1]);
}

#[tokio::test]
async fn one_more_fault_leaves_the_others_and_the_record_as_they_are() {
    let bench = Bench::set_up().await;
    bench.arm(Fault::ServerErrorBefore, creates(), 1).await;
    let status = super::answer_of(bench.send(&bench.service("a.example")).await).status;
    assert_eq!(status, 500);
    // Counted from now on, not from when the first one was armed.
    bench
        .proxy
        .arm_also(armed(Fault::Unauthorized, creates(), 1))
        .await;
    assert_eq!(bench.proxy.struck(), [1, 0]);
    let create = bench.service("a.example");
    assert_eq!(super::answer_of(bench.send(&create).await).status, 401);
    answered(bench.send(&create).await, 201);
    assert_eq!(bench.proxy.struck(), [1, 1]);
    let record = bench.record().await;
    let statuses: Vec<_> = record.iter().map(given_status).collect();
    assert_eq!(statuses, [500, 401, 201]);

    // After a disarming it begins anew.
    bench.proxy.disarm().await;
    bench
        .proxy
        .arm_also(armed(Fault::Unauthorized, creates(), 1))
        .await;
    assert_eq!(bench.proxy.struck(), [0]);
    assert_eq!(bench.record().await, []);
}
