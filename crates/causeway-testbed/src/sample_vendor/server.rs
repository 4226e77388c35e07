//! The running server: its thread, its sockets, and the way of a call from bytes to answer.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, header};
use jiff::Timestamp;
use rusqlite::Connection;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::call::{Call, Failure, Reply};
use super::database::{self, sha256};
use super::idempotency::{AccountKey, RunningKeys};
use super::input::Input;
use super::record::{Record, RecordedRequest};
use super::settings::SampleVendorSettings;
use super::{account, provisioning, routes};

const LARGEST_BODY: usize = 2 * 1024 * 1024;
const LONGEST_FINISH: Duration = Duration::from_secs(5);

/// What every call works on. SQLite's work takes microseconds, so calls do it where they are, one
/// at a time, instead of handing it to another thread.
#[derive(Debug)]
pub(super) struct Vendor {
    settings: SampleVendorSettings,
    database: Mutex<Connection>,
    running_keys: RunningKeys,
    record: Mutex<Record>,
}

impl Vendor {
    pub(super) fn open(settings: SampleVendorSettings) -> rusqlite::Result<Self> {
        Ok(Self {
            database: Mutex::new(database::open(settings.database.as_deref())?),
            settings,
            running_keys: RunningKeys::default(),
            record: Mutex::default(),
        })
    }

    pub(super) fn database(&self) -> MutexGuard<'_, Connection> {
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The database after everything that was due by now has happened.
    pub(super) fn settled_database(&self) -> rusqlite::Result<MutexGuard<'_, Connection>> {
        let database = self.database();
        provisioning::finish_due(&database, self.settings.provisioning, Timestamp::now())?;
        Ok(database)
    }

    pub(super) fn requests(&self) -> Vec<RecordedRequest> {
        self.record().all()
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(self: Arc<Self>, head: Parts, body: Bytes) -> Reply {
        let reply = match self.work(&head, &body).await {
            Ok(reply) => reply,
            Err(failure) => failure.into(),
        };
        if self.settings.record_requests {
            self.record().add(RecordedRequest {
                method: head.method.to_string(),
                path: path_and_query(&head).to_owned(),
                body: String::from_utf8_lossy(&body).into_owned(),
                idempotency_key: text(&head.headers, "idempotency-key").map(str::to_owned),
                status: reply.status.as_u16(),
                replayed: reply.replayed,
            });
        }
        reply
    }

    async fn work(&self, head: &Parts, body: &[u8]) -> Result<Reply, Failure> {
        let (action, id) = routes::find(head.method.as_str(), head.uri.path())?;
        let account_id = account::authenticate(&self.database(), bearer_token(&head.headers)?)?;
        let claim = self
            .idempotency_key(head)
            .map(|key| self.running_keys.claim(AccountKey { account_id, key }))
            .transpose()?;
        if !self.settings.latency.is_zero() {
            tokio::time::sleep(self.settings.latency).await;
        }

        let input = Input::read(
            text(&head.headers, header::CONTENT_TYPE.as_str()).unwrap_or_default(),
            body,
            &head.uri,
        );
        let host = text(&head.headers, header::HOST.as_str()).unwrap_or("localhost");
        let url = format!("http://{host}{}", head.uri.path());
        let now = Timestamp::now();

        let mut database = self.database();
        let transaction = database.transaction()?;
        provisioning::finish_due(&transaction, self.settings.provisioning, now)?;
        let call = Call {
            database: &transaction,
            account_id,
            id,
            input: &input,
            url: &url,
            query: head.uri.query().unwrap_or_default(),
            now,
            provisioning: self.settings.provisioning,
            list_lag: self.settings.list_lag,
        };
        let reply = match &claim {
            None => action(&call)?,
            Some(claim) => {
                claim.answer_once(&transaction, &fingerprint(head, body), || action(&call))?
            }
        };
        transaction.commit()?;
        Ok(reply)
    }

    fn idempotency_key(&self, head: &Parts) -> Option<String> {
        let changes_something = !matches!(head.method, Method::GET | Method::HEAD);
        (self.settings.idempotency_keys && changes_something)
            .then(|| text(&head.headers, "idempotency-key").map(str::to_owned))
            .flatten()
    }
}

fn fingerprint(head: &Parts, body: &[u8]) -> Vec<u8> {
    sha256(&[
        head.method.as_str().as_bytes(),
        path_and_query(head).as_bytes(),
        body,
    ])
}

fn path_and_query(head: &Parts) -> &str {
    head.uri
        .path_and_query()
        .map_or("", |path_and_query| path_and_query.as_str())
}

fn bearer_token(headers: &HeaderMap) -> Result<&str, Failure> {
    text(headers, header::AUTHORIZATION.as_str())
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(str::trim)
        .ok_or(Failure::Unauthenticated)
}

fn text<'headers>(headers: &'headers HeaderMap, name: &str) -> Option<&'headers str> {
    headers.get(name)?.to_str().ok()
}

async fn receive(State(vendor): State<Arc<Vendor>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    // A task of its own: PHP, too, finishes the work of a caller who has hung up.
    match tokio::spawn(vendor.answer(head, body)).await {
        Ok(reply) => reply.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The server's thread. Dropped, it stops at once; [`Running::finish`] lets calls end.
#[derive(Debug)]
pub(super) struct Running {
    finish: Option<oneshot::Sender<()>>,
    ended: Option<oneshot::Receiver<Infallible>>,
    keep_alive: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    pub(super) async fn start(vendor: Arc<Vendor>, port: u16) -> io::Result<(Self, SocketAddr)> {
        let (opening, opened) = oneshot::channel();
        let (finish, finishing) = oneshot::channel();
        let (ending, ended) = oneshot::channel::<Infallible>();
        let (keep_alive, dropped) = oneshot::channel::<Infallible>();
        let serve = async move {
            let (listener, address) = match listen(port).await {
                Ok(listening) => listening,
                Err(error) => return drop(opening.send(Err(error))),
            };
            if opening.send(Ok(address)).is_err() {
                return;
            }
            let app = Router::new().fallback(receive).with_state(vendor);
            let server = axum::serve(listener.tap_io(answer_without_delay), app)
                .with_graceful_shutdown(async {
                    // Dropped means "at once", which the other branch sees to.
                    if finishing.await.is_err() {
                        std::future::pending::<()>().await;
                    }
                });
            tokio::select! {
                _ = server => {}
                _ = dropped => {}
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = thread::Builder::new()
            .name("sample-vendor".to_owned())
            .spawn(move || {
                runtime.block_on(serve);
                drop(runtime);
                drop(ending);
            })?;
        let running = Self {
            finish: Some(finish),
            ended: Some(ended),
            keep_alive: Some(keep_alive),
            thread: Some(thread),
        };
        let address = opened
            .await
            .map_err(|_| io::Error::other("the sample vendor's thread ended early"))??;
        Ok((running, address))
    }

    pub(super) async fn finish(mut self) {
        if let Some(finish) = self.finish.take() {
            // An error means that the server has stopped already.
            let _ = finish.send(());
        }
        if let Some(ended) = self.ended.take() {
            let _ = tokio::time::timeout(LONGEST_FINISH, ended).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.keep_alive = None;
        if let Some(thread) = self.thread.take() {
            // A panic there was printed there.
            let _ = thread.join();
        }
    }
}

async fn listen(port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn answer_without_delay(connection: &mut tokio::net::TcpStream) {
    if let Err(error) = connection.set_nodelay(true) {
        tracing::debug!(%error, "the sample vendor answers with delay");
    }
}
