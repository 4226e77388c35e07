//! One exchange, from the request to the end of its connection, with what goes wrong in it.

use http::{StatusCode, header};
use tokio::io::AsyncReadExt as _;
use tokio::time::sleep;

use crate::sockets::connection::{Connection, reset};
use crate::sockets::request::NoRequest;

use super::answer::{self, Answer};
use super::fault::Fault;
use super::lag::Read;
use super::links;
use super::place::Port;
use super::record::{DeliveryOutcome, ExchangeNumber, Given};
use super::request::{self, Request};
use super::settings::FaultProxySettings;
use super::spoil;
use super::state::{Course, State, Strike, text};
use super::upstream::Upstream;

/// What every exchange works with.
pub(super) struct Exchanges {
    pub(super) state: State,
    pub(super) upstream: Upstream,
    pub(super) settings: FaultProxySettings,
}

impl Exchanges {
    /// Serves the one request of a connection.
    pub(super) async fn serve(&self, mut connection: impl Connection, port: Port) {
        let request = match request::read(&mut connection).await {
            Ok(request) => request,
            Err(NoRequest::CallerGaveUp) => {
                return self
                    .state
                    .ended_without_request(port, None, Given::CallerGaveUp);
            }
            Err(NoRequest::Unreadable(status)) => {
                let answer = Answer::json(
                    status,
                    r#"{"message":"The fault proxy cannot read this request."}"#,
                );
                self.state.ended_without_request(port, None, given(&answer));
                // The caller learns it if it still listens.
                let _ = answer::write(&mut connection, &answer, &http::Method::GET).await;
                return;
            }
        };
        let (id, course) = self.state.requested(port, &request, &self.upstream.base);
        let exchange = Exchange {
            shared: self,
            connection,
            port,
            request,
            id,
        };
        match course {
            Course::Undisturbed => exchange.pass().await,
            Course::AnsweredAsBefore(answer) => exchange.give(&answer).await,
            Course::Disturbed(strike) => exchange.suffer(&strike).await,
        }
    }
}

struct Exchange<'a, C> {
    shared: &'a Exchanges,
    connection: C,
    port: Port,
    request: Request,
    id: ExchangeNumber,
}

impl<C: Connection> Exchange<'_, C> {
    async fn pass(self) {
        let answer = self.deliver().await;
        self.give(&answer).await;
    }

    async fn suffer(self, strike: &Strike) {
        match strike.fault {
            Fault::ResetBefore => self.reset(),
            Fault::ResetAfter => {
                self.deliver().await;
                self.reset();
            }
            Fault::HangAfter => self.hang(strike).await,
            Fault::AnswerLate => self.answer_late(strike).await,
            Fault::ActLate => self.act_late(strike).await,
            Fault::TooManyRequests => self.give(&Answer::too_many_requests(None)).await,
            Fault::TooManyRequestsRetryAfter => {
                self.give(&Answer::too_many_requests(Some("1"))).await;
            }
            Fault::Unauthorized => self.give(&Answer::unauthorized()).await,
            Fault::Redirect => {
                let answer = Answer::redirect(self.request.target());
                self.give(&answer).await;
            }
            Fault::ServerErrorBefore => self.give(&Answer::server_error()).await,
            Fault::ServerErrorPageBefore => {
                self.give(&Answer::page(StatusCode::INTERNAL_SERVER_ERROR))
                    .await;
            }
            Fault::WebPage => self.give(&Answer::maintenance()).await,
            Fault::BadGatewayBefore => self.give(&Answer::page(StatusCode::BAD_GATEWAY)).await,
            Fault::GatewayTimeoutBefore => {
                self.give(&Answer::page(StatusCode::GATEWAY_TIMEOUT)).await;
            }
            Fault::ServerErrorAfter => self.act_and_give(&Answer::server_error()).await,
            Fault::BadGatewayAfter => {
                self.act_and_give(&Answer::page(StatusCode::BAD_GATEWAY))
                    .await;
            }
            Fault::GatewayTimeoutAfter => {
                self.act_and_give(&Answer::page(StatusCode::GATEWAY_TIMEOUT))
                    .await;
            }
            Fault::HalfJson => {
                self.spoil(strike, |answer| Some(spoil::half_json(answer)))
                    .await;
            }
            Fault::EmptyBody => self.spoil(strike, spoil::empty_body).await,
            Fault::OtherShape => {
                self.spoil(strike, |answer| Some(spoil::other_shape(answer)))
                    .await;
            }
            Fault::WrongTypes => self.spoil(strike, spoil::wrong_types).await,
            Fault::CutBody => self.cut(strike).await,
            Fault::SlowDrip => self.drip().await,
            Fault::DeliveredTwice => {
                let answer = self.deliver().await;
                self.deliver().await;
                self.give(&answer).await;
            }
            Fault::LaggingReads => {
                let answer = self.deliver().await;
                if !answer.status.is_success() {
                    return self.give(&answer).await;
                }
                let lag = self.shared.settings.reads_lag_by;
                self.shared.state.lags(self.id, strike, lag);
                self.reset();
            }
            // Of a connection: `ArmedFault::new` places them at no request.
            Fault::Refuse | Fault::WrongCertificate => self.pass().await,
        }
    }

    /// Lets the vendor act.
    async fn deliver(&self) -> Answer {
        let Exchanges {
            state, upstream, ..
        } = self.shared;
        state.sent(self.id);
        let (answer, outcome) = match upstream.send(&self.request).await {
            Ok(answer) => {
                let outcome = DeliveryOutcome::Answered {
                    status: answer.status.as_u16(),
                    body: text(&answer.body),
                };
                let answer = links::through_proxy(answer, &upstream.origin, &self.own_origin());
                if let Some(read) = Read::of(&self.request) {
                    state.read(self.id, read, &answer);
                }
                (answer, outcome)
            }
            Err(reason) => {
                let message = format!("The fault proxy got no answer from the vendor: {reason}");
                let body = serde_json::json!({ "message": message }).to_string();
                (
                    Answer::json(StatusCode::BAD_GATEWAY, body),
                    DeliveryOutcome::Failed { reason },
                )
            }
        };
        state.answered(self.id, outcome);
        answer
    }

    async fn act_and_give(self, answer: &Answer) {
        self.deliver().await;
        self.give(answer).await;
    }

    async fn spoil(self, strike: &Strike, spoil: impl FnOnce(&Answer) -> Option<Answer>) {
        let answer = self.deliver().await;
        let is_success = answer.status.is_success();
        match is_success.then(|| spoil(&answer)).flatten() {
            Some(spoiled) => {
                self.shared.state.strikes(self.id, strike);
                self.give(&spoiled).await;
            }
            None => self.give(&answer).await,
        }
    }

    async fn cut(mut self, strike: &Strike) {
        let answer = self.deliver().await;
        if !answer.status.is_success() {
            return self.give(&answer).await;
        }
        self.shared.state.strikes(self.id, strike);
        let answer = spoil::with_body(&answer);
        let length = answer.body.len() / 2;
        self.note(Given::PartOfAnswer {
            status: answer.status.as_u16(),
            body: text(&answer.body[..length]),
        });
        if answer::write_cut(&mut self.connection, &answer, length)
            .await
            .is_err()
        {
            self.note(Given::CallerGaveUp);
        }
    }

    async fn hang(mut self, strike: &Strike) {
        self.deliver().await;
        tokio::select! {
            () = gives_up(&mut self.connection) => self.note(Given::CallerGaveUp),
            () = self.shared.state.disarmed(strike) => self.reset(),
        }
    }

    async fn answer_late(mut self, strike: &Strike) {
        let state = &self.shared.state;
        let answer = self.deliver().await;
        tokio::select! {
            () = gives_up(&mut self.connection) => {}
            () = state.disarmed(strike) => return self.give(&answer).await,
        }
        self.note(Given::CallerGaveUp);
        tokio::select! {
            () = state.met_again(strike) => {}
            () = state.disarmed(strike) => {}
        }
        // To a caller who is gone: what is left of its connection, such as another proxy, has it.
        let _ = answer::write(&mut self.connection, &answer, &self.request.head.method).await;
    }

    async fn act_late(mut self, strike: &Strike) {
        let Exchanges {
            state, settings, ..
        } = self.shared;
        tokio::select! {
            () = gives_up(&mut self.connection) => {}
            () = state.disarmed(strike) => return self.pass().await,
        }
        self.note(Given::CallerGaveUp);
        tokio::select! {
            () = sleep(settings.acts_late_by) => {}
            () = state.disarmed(strike) => {}
        }
        self.deliver().await;
    }

    async fn drip(mut self) {
        let answer = self.deliver().await;
        let written = answer::write_slowly(
            &mut self.connection,
            &answer,
            &self.request.head.method,
            self.shared.settings.drips_for,
        )
        .await;
        self.note(match written {
            Ok(()) => given(&answer),
            Err(_) => Given::CallerGaveUp,
        });
    }

    async fn give(mut self, answer: &Answer) {
        // Noted first: who has the answer finds it in the record.
        self.note(given(answer));
        if answer::write(&mut self.connection, answer, &self.request.head.method)
            .await
            .is_err()
        {
            self.note(Given::CallerGaveUp);
        }
    }

    fn reset(self) {
        self.note(Given::Reset);
        reset(self.connection);
    }

    fn note(&self, given: Given) {
        self.shared.state.gave(self.id, given);
    }

    /// The proxy as the caller has called it.
    fn own_origin(&self) -> String {
        let scheme = match self.port {
            Port::Http => "http",
            Port::Https => "https",
        };
        let host = self.request.head.headers.get(header::HOST);
        let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
        format!("{scheme}://{host}")
    }
}

/// Returns when the caller has closed its connection.
async fn gives_up(connection: &mut impl Connection) {
    let mut ignored = [0; 1024];
    while matches!(connection.read(&mut ignored).await, Ok(1..)) {}
}

fn given(answer: &Answer) -> Given {
    Given::Answer {
        status: answer.status.as_u16(),
        body: text(&answer.body),
    }
}
