//! What is armed, how often it has struck, and the record: all that exchanges share.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::answer::Answer;
use super::fault::Fault;
use super::lag::{Lag, Read};
use super::place::{ArmedFault, Place, Port};
use super::record::{
    DeliveryOutcome, ExchangeNumber, Given, RecordedDelivery, RecordedExchange, RecordedRequest,
};
use super::request::Request;
use super::settings::ExchangeObserver;

#[derive(Debug)]
pub(super) struct State {
    inner: Mutex<Inner>,
    /// Something has happened that a held exchange may be waiting for.
    happened: watch::Sender<()>,
}

#[derive(Debug)]
struct Inner {
    /// Counts the times of arming: what belongs to an earlier one changes nothing any more.
    arming: u64,
    is_disarmed: bool,
    began: Instant,
    armed: Vec<Counted>,
    lag: Lag,
    record: Vec<RecordedExchange>,
    observer: Option<ExchangeObserver>,
}

#[derive(Debug)]
struct Counted {
    armed: ArmedFault,
    met: u32,
    struck: u32,
}

/// A fault whose time has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strike {
    pub(super) fault: Fault,
    arming: u64,
    index: usize,
    /// The how manieth time of the place this one is.
    time: u32,
}

/// What is to be done with a request.
#[derive(Debug)]
pub(super) enum Course {
    Undisturbed,
    Disturbed(Strike),
    /// A read that lags behind gets the answer of before.
    AnsweredAsBefore(Answer),
}

impl State {
    pub(super) fn new(observer: Option<ExchangeObserver>) -> Self {
        Self {
            inner: Mutex::new(Inner {
                arming: 0,
                is_disarmed: true,
                began: Instant::now(),
                armed: Vec::new(),
                lag: Lag::default(),
                record: Vec::new(),
                observer,
            }),
            happened: watch::Sender::default(),
        }
    }

    pub(super) fn arm(&self, faults: impl IntoIterator<Item = ArmedFault>) {
        let mut inner = self.inner();
        inner.arming += 1;
        inner.is_disarmed = false;
        inner.began = Instant::now();
        inner.armed = faults
            .into_iter()
            .map(|armed| Counted {
                armed,
                met: 0,
                struck: 0,
            })
            .collect();
        inner.lag = Lag::default();
        inner.record = Vec::new();
        drop(inner);
        self.happened.send_replace(());
    }

    /// One more fault, counted from now on; the record goes on.
    pub(super) fn arm_also(&self, fault: ArmedFault) {
        if self.inner().is_disarmed {
            self.arm([fault]);
            return;
        }
        self.inner().armed.push(Counted {
            armed: fault,
            met: 0,
            struck: 0,
        });
        self.happened.send_replace(());
    }

    pub(super) fn disarm(&self) {
        self.inner().is_disarmed = true;
        self.happened.send_replace(());
    }

    pub(super) fn struck(&self) -> Vec<u32> {
        self.inner().armed.iter().map(|one| one.struck).collect()
    }

    pub(super) fn record(&self) -> Vec<RecordedExchange> {
        self.inner().record.clone()
    }

    /// A connection has been accepted: the fault that strikes it.
    pub(super) fn connected(&self, port: Port) -> Option<Strike> {
        let mut inner = self.inner();
        let strike = inner.meet(|place| *place == Place::Connection(port))?;
        inner.note_struck(&strike);
        Some(strike)
    }

    /// Has the port to be closed against the next connection? The connection that will be refused
    /// unseen counts as one, as has the refusal as a strike.
    pub(super) fn begins_to_refuse(&self, port: Port) -> bool {
        let place = Place::Connection(port);
        let mut inner = self.inner();
        let is_due = !inner.is_disarmed
            && inner.armed.iter().any(|one| {
                one.armed.fault() == Fault::Refuse
                    && *one.armed.place() == place
                    && one.armed.time().get() == one.met + 1
            });
        if !is_due {
            return false;
        }
        if let Some(strike) = inner.meet(|other| *other == place) {
            inner.note_struck(&strike);
            inner.add(port, Some(strike.fault), None, Given::PortClosed);
        }
        true
    }

    /// A connection has ended before a request came.
    pub(super) fn ended_without_request(&self, port: Port, strike: Option<Strike>, given: Given) {
        let fault = strike.map(|strike| strike.fault);
        self.inner().add(port, fault, None, given);
    }

    /// A request has come: what is to be done with it.
    pub(super) fn requested(
        &self,
        port: Port,
        request: &Request,
        base: &str,
    ) -> (ExchangeNumber, Course) {
        let mut inner = self.inner();
        let strike = inner.meet(|place| match place {
            Place::Request { method, path } => {
                method.as_str() == request.head.method
                    && path.matches(base, request.head.uri.path())
            }
            Place::Connection(_) => false,
        });
        let course = match strike {
            Some(strike) => Course::Disturbed(strike),
            None => match inner.lagging_read(request) {
                Some(answer) => Course::AnsweredAsBefore(answer),
                None => Course::Undisturbed,
            },
        };
        let fault = match &course {
            Course::Undisturbed => None,
            Course::AnsweredAsBefore(_) => Some(Fault::LaggingReads),
            // One that needs a success is noted when it is there.
            Course::Disturbed(strike) => {
                Some(strike.fault).filter(|fault| !fault.needs_a_success())
            }
        };
        let recorded = RecordedRequest {
            method: request.head.method.to_string(),
            target: request.target().to_owned(),
            body: text(&request.body),
            followed_redirect: request.followed_redirect,
        };
        let exchange = inner.add(port, fault, Some(recorded), Given::Pending);
        if let Some(strike) = strike.filter(|strike| !strike.fault.needs_a_success()) {
            inner.note_struck(&strike);
        }
        drop(inner);
        // A held answer may wait for this request.
        self.happened.send_replace(());
        (exchange, course)
    }

    /// A fault that needed a success has found one.
    pub(super) fn strikes(&self, exchange: ExchangeNumber, strike: &Strike) {
        let mut inner = self.inner();
        inner.note_struck(strike);
        inner.change(exchange, |recorded, _| {
            recorded.fault = Some(strike.fault);
        });
    }

    /// The write of [`Fault::LaggingReads`] has passed.
    pub(super) fn lags(&self, exchange: ExchangeNumber, strike: &Strike, lag: Duration) {
        let mut inner = self.inner();
        inner.note_struck(strike);
        if inner.is_current(strike.arming) {
            inner.lag.begin(strike.index, lag);
        }
        inner.change(exchange, |recorded, _| {
            recorded.fault = Some(strike.fault);
        });
    }

    /// A read has been answered by the vendor.
    pub(super) fn read(&self, exchange: ExchangeNumber, read: Read, answer: &Answer) {
        let mut inner = self.inner();
        if inner.is_current(exchange.arming)
            && inner
                .armed
                .iter()
                .any(|one| one.armed.fault() == Fault::LaggingReads)
        {
            inner.lag.remember(read, answer);
        }
    }

    /// The request goes to the vendor.
    pub(super) fn sent(&self, exchange: ExchangeNumber) {
        self.inner().change(exchange, |recorded, now| {
            recorded.deliveries.push(RecordedDelivery {
                sent: now,
                outcome: None,
            });
        });
    }

    /// What came of the last delivery.
    pub(super) fn answered(&self, exchange: ExchangeNumber, outcome: DeliveryOutcome) {
        self.inner().change(exchange, |recorded, _| {
            if let Some(last) = recorded.deliveries.last_mut() {
                last.outcome = Some(outcome);
            }
        });
    }

    /// How the exchange ends for the caller.
    pub(super) fn gave(&self, exchange: ExchangeNumber, given: Given) {
        self.inner().change(exchange, |recorded, now| {
            recorded.given = given;
            recorded.ended = Some(now);
        });
    }

    /// Returns when the fault is disarmed.
    pub(super) async fn disarmed(&self, strike: &Strike) {
        self.wait_for(|inner| !inner.is_current(strike.arming))
            .await;
    }

    /// Returns when the place of the fault has been met again.
    pub(super) async fn met_again(&self, strike: &Strike) {
        self.wait_for(|inner| {
            inner.arming != strike.arming
                || inner
                    .armed
                    .get(strike.index)
                    .is_some_and(|one| one.met > strike.time)
        })
        .await;
    }

    async fn wait_for(&self, is_so: impl Fn(&Inner) -> bool) {
        let mut happened = self.happened.subscribe();
        while !is_so(&self.inner()) {
            if happened.changed().await.is_err() {
                return;
            }
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn is_current(&self, arming: u64) -> bool {
        self.arming == arming && !self.is_disarmed
    }

    /// Counts every fault of the place; of several whose time has come, the first strikes.
    fn meet(&mut self, is_place: impl Fn(&Place) -> bool) -> Option<Strike> {
        if self.is_disarmed {
            return None;
        }
        let mut strike = None;
        for (index, one) in self.armed.iter_mut().enumerate() {
            if !is_place(one.armed.place()) {
                continue;
            }
            one.met += 1;
            if strike.is_none() && one.met == one.armed.time().get() {
                strike = Some(Strike {
                    fault: one.armed.fault(),
                    arming: self.arming,
                    index,
                    time: one.met,
                });
            }
        }
        strike
    }

    fn note_struck(&mut self, strike: &Strike) {
        if self.arming == strike.arming
            && let Some(one) = self.armed.get_mut(strike.index)
        {
            one.struck += 1;
        }
    }

    fn lagging_read(&mut self, request: &Request) -> Option<Answer> {
        if self.is_disarmed {
            return None;
        }
        let (index, answer) = self.lag.answer_of(&Read::of(request)?)?;
        if let Some(one) = self.armed.get_mut(index) {
            one.struck += 1;
        }
        Some(answer)
    }

    fn add(
        &mut self,
        port: Port,
        fault: Option<Fault>,
        request: Option<RecordedRequest>,
        given: Given,
    ) -> ExchangeNumber {
        let began = self.began.elapsed();
        let ended = (given != Given::Pending).then_some(began);
        let exchange = ExchangeNumber {
            arming: self.arming,
            index: self.record.len(),
        };
        let recorded = RecordedExchange {
            port,
            began,
            ended,
            request,
            fault,
            deliveries: Vec::new(),
            given,
        };
        if let Some(ExchangeObserver(observer)) = &self.observer {
            observer(exchange, &recorded);
        }
        self.record.push(recorded);
        exchange
    }

    fn change(
        &mut self,
        exchange: ExchangeNumber,
        change: impl FnOnce(&mut RecordedExchange, Duration),
    ) {
        let now = self.began.elapsed();
        if self.arming == exchange.arming
            && let Some(recorded) = self.record.get_mut(exchange.index)
        {
            change(recorded, now);
            if let Some(ExchangeObserver(observer)) = &self.observer {
                observer(exchange, recorded);
            }
        }
    }
}

/// Bytes as a report shows them.
pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
