//! The two ports, and the thread that serves them.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep, sleep_until};

use crate::sockets::connection::reset;

use super::certificates::Certificates;
use super::exchange::Exchanges;
use super::fault::Fault;
use super::place::Port;
use super::record::Given;
use super::state::Strike;

const BACKLOG: u32 = 1024;

/// The ports' addresses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Addresses {
    pub(super) http: SocketAddr,
    pub(super) https: SocketAddr,
}

/// The proxy's thread. Dropped, it stops at once.
pub(super) struct Running {
    keep_alive: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
    look_again: mpsc::UnboundedSender<oneshot::Sender<()>>,
    in_progress: watch::Receiver<usize>,
}

impl Running {
    pub(super) async fn start(
        exchanges: Arc<Exchanges>,
        certificates: Certificates,
    ) -> io::Result<(Self, Addresses)> {
        let (opening, opened) = oneshot::channel();
        let (keep_alive, dropped) = oneshot::channel::<Infallible>();
        let (look_again, looks) = mpsc::unbounded_channel();
        let (in_progress, watched) = watch::channel(0);
        let serve = async move {
            let ports = match Ports::open().await {
                Ok(ports) => ports,
                Err(error) => return drop(opening.send(Err(error))),
            };
            if opening.send(Ok(ports.addresses)).is_err() {
                return;
            }
            let server = Server {
                exchanges,
                certificates,
                in_progress,
            };
            let server = Arc::new(server);
            tokio::select! {
                Err(error) = Arc::clone(&server).serve_http(ports.http, looks) => {
                    tracing::error!(%error, "the fault proxy's http port cannot be opened again");
                }
                never = server.serve_https(ports.https) => match never {},
                _ = dropped => {}
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = thread::Builder::new()
            .name("fault-proxy".to_owned())
            .spawn(move || runtime.block_on(serve))?;
        let running = Self {
            keep_alive: Some(keep_alive),
            thread: Some(thread),
            look_again,
            in_progress: watched,
        };
        let addresses = opened
            .await
            .map_err(|_| io::Error::other("the fault proxy's thread ended early"))??;
        Ok((running, addresses))
    }

    /// Returns when the http port is open or closed as what is armed says.
    pub(super) async fn looks_again(&self) {
        let (looked, has_looked) = oneshot::channel();
        if self.look_again.send(looked).is_ok() {
            // An error means that the thread has ended, and the port with it.
            let _ = has_looked.await;
        }
    }

    /// Returns when no exchange is in progress.
    pub(super) async fn settled(&self) {
        let mut in_progress = self.in_progress.clone();
        // An error means that the thread has ended, and every exchange with it.
        let _ = in_progress.wait_for(|count| *count == 0).await;
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

struct Ports {
    http: ClosablePort,
    https: TcpListener,
    addresses: Addresses,
}

impl Ports {
    async fn open() -> io::Result<Self> {
        let http = ClosablePort::take()?;
        let https = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let addresses = Addresses {
            http: http.address,
            https: https.local_addr()?,
        };
        Ok(Self {
            http,
            https,
            addresses,
        })
    }
}

/// A port that stays ours while nothing listens on it.
struct ClosablePort {
    address: SocketAddr,
    listener: Option<TcpListener>,
    /// Bound and never listening: the system refuses connections, and gives the port to nobody else.
    _holder: TcpSocket,
}

impl ClosablePort {
    fn take() -> io::Result<Self> {
        let holder = bound((Ipv4Addr::LOCALHOST, 0).into())?;
        let mut port = Self {
            address: holder.local_addr()?,
            listener: None,
            _holder: holder,
        };
        port.open()?;
        Ok(port)
    }

    fn open(&mut self) -> io::Result<()> {
        if self.listener.is_none() {
            self.listener = Some(bound(self.address)?.listen(BACKLOG)?);
        }
        Ok(())
    }

    fn close(&mut self) {
        self.listener = None;
    }

    async fn accept(&self) -> io::Result<TcpStream> {
        match &self.listener {
            Some(listener) => Ok(listener.accept().await?.0),
            None => std::future::pending().await,
        }
    }
}

/// A socket that shares its address with another one of the proxy.
fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

struct Server {
    exchanges: Arc<Exchanges>,
    certificates: Certificates,
    in_progress: watch::Sender<usize>,
}

impl Server {
    async fn serve_http(
        self: Arc<Self>,
        mut port: ClosablePort,
        mut looks: mpsc::UnboundedReceiver<oneshot::Sender<()>>,
    ) -> io::Result<Infallible> {
        let refused_for = self.exchanges.settings.refused_for;
        let mut opens = Instant::now();
        loop {
            let mut looked = None;
            tokio::select! {
                biased;
                Some(look) = looks.recv() => {
                    port.open()?;
                    looked = Some(look);
                }
                () = sleep_until(opens), if port.listener.is_none() => port.open()?,
                accepted = port.accept() => match accepted {
                    Ok(stream) => self.serve_http_connection(stream),
                    Err(error) => rest_after(&error).await,
                },
            }
            if port.listener.is_some() && self.exchanges.state.begins_to_refuse(Port::Http) {
                port.close();
                opens = Instant::now() + refused_for;
            }
            if let Some(looked) = looked {
                // Who does not wait any more needs no answer.
                let _ = looked.send(());
            }
        }
    }

    fn serve_http_connection(self: &Arc<Self>, stream: TcpStream) {
        let in_progress = InProgress::begin(Arc::clone(self));
        // Only a refusal strikes here, and it closes the port instead.
        let _ = self.exchanges.state.connected(Port::Http);
        tokio::spawn(async move {
            without_delay(&stream);
            in_progress.server.exchanges.serve(stream, Port::Http).await;
        });
    }

    async fn serve_https(self: Arc<Self>, listener: TcpListener) -> Infallible {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let in_progress = InProgress::begin(Arc::clone(&self));
                    let strike = self.exchanges.state.connected(Port::Https);
                    tokio::spawn(async move {
                        without_delay(&stream);
                        in_progress
                            .server
                            .serve_https_connection(stream, strike)
                            .await;
                    });
                }
                Err(error) => rest_after(&error).await,
            }
        }
    }

    async fn serve_https_connection(&self, stream: TcpStream, strike: Option<Strike>) {
        let Exchanges { state, .. } = self.exchanges.as_ref();
        let acceptor = match strike.map(|strike| strike.fault) {
            Some(Fault::Refuse) => {
                state.ended_without_request(Port::Https, strike, Given::Reset);
                return reset(stream);
            }
            Some(Fault::WrongCertificate) => &self.certificates.wrong,
            _ => &self.certificates.right,
        };
        match acceptor.accept(stream).await {
            Ok(stream) => self.exchanges.serve(stream, Port::Https).await,
            Err(error) => {
                let reason = error.to_string();
                state.ended_without_request(Port::Https, strike, Given::HandshakeFailed { reason });
            }
        }
    }
}

/// Counts a connection while it is there.
struct InProgress {
    server: Arc<Server>,
}

impl InProgress {
    fn begin(server: Arc<Server>) -> Self {
        server.in_progress.send_modify(|count| *count += 1);
        Self { server }
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.server.in_progress.send_modify(|count| *count -= 1);
    }
}

fn without_delay(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "the fault proxy answers with delay");
    }
}

/// Too many open files, most likely: some will be closed soon.
async fn rest_after(error: &io::Error) {
    const REST: Duration = Duration::from_millis(10);
    tracing::warn!(%error, "the fault proxy cannot accept a connection");
    sleep(REST).await;
}
