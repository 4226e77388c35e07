//! A vendor whose every byte the test decides.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

pub struct Server {
    pub address: SocketAddr,
    accepted: Arc<AtomicUsize>,
    requests: Requests,
    listening: JoinHandle<()>,
}

type Requests = Arc<Mutex<Vec<String>>>;

impl Server {
    /// Runs `script` on every connection.
    pub async fn start<S, F>(script: S) -> Self
    where
        S: Fn(Connection<TcpStream>) -> F + Send + 'static,
        F: Future<Output = io::Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let accepted = Arc::new(AtomicUsize::new(0));
        let requests = Requests::default();
        let listening = tokio::spawn({
            let (accepted, requests) = (accepted.clone(), requests.clone());
            async move {
                let mut connections = JoinSet::new();
                while let Ok((stream, _)) = listener.accept().await {
                    accepted.fetch_add(1, Ordering::SeqCst);
                    connections.spawn(script(Connection {
                        stream,
                        requests: requests.clone(),
                    }));
                }
            }
        });
        Self {
            address,
            accepted,
            requests,
            listening,
        }
    }

    /// Gives every request the same answer and keeps the connection.
    pub async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer: Arc<[u8]> = answer.into().into();
        Self::start(move |connection| connection.answer_all(answer.clone())).await
    }

    /// As `answering`, by TLS.
    pub async fn answering_tls(acceptor: TlsAcceptor, answer: &str) -> Self {
        let answer: Arc<[u8]> = answer.as_bytes().into();
        Self::start(move |connection| {
            let (acceptor, answer) = (acceptor.clone(), answer.clone());
            async move {
                let stream = acceptor.accept(connection.stream).await?;
                let requests = connection.requests;
                Connection { stream, requests }.answer_all(answer).await
            }
        })
        .await
    }

    pub fn api(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections there were.
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }

    /// Every request that arrived whole: head and body.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

pub struct Connection<S> {
    pub stream: S,
    requests: Requests,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// Reads one whole request; `None` when the client went away.
    pub async fn read(&mut self) -> io::Result<Option<String>> {
        let mut bytes = Vec::new();
        loop {
            if let Some(whole) = whole_request(&bytes) {
                self.requests.lock().unwrap().push(whole.clone());
                return Ok(Some(whole));
            }
            if self.stream.read_buf(&mut bytes).await? == 0 {
                return Ok(None);
            }
        }
    }

    pub async fn write(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref()).await?;
        self.stream.flush().await
    }

    async fn answer_all(mut self, answer: Arc<[u8]>) -> io::Result<()> {
        while self.read().await?.is_some() {
            self.write(&answer).await?;
        }
        Ok(())
    }
}

impl Connection<TcpStream> {
    /// Ends the connection by RST.
    pub fn reset(self) -> io::Result<()> {
        self.stream.set_zero_linger()
    }
}

pub fn ok(body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}")
}

fn whole_request(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    (body.len() >= length).then(|| text.to_owned())
}
