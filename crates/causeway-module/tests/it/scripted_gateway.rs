//! A gateway that says what the test tells it to, over a real socket.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use serde_json::Value;

#[derive(Debug, Clone)]
pub struct Request {
    /// Method and path: `GET /v1/services/…`.
    pub line: String,
    pub authorization: String,
    pub body: Value,
}

/// A status and a body.
pub type Answer = (u16, String);

pub struct ScriptedGateway {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    stopping: Arc<AtomicBool>,
    server: Option<JoinHandle<()>>,
}

impl ScriptedGateway {
    /// Answers each request by the script.
    pub fn start(script: impl Fn(&Request) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stopping = Arc::new(AtomicBool::new(false));
        let (seen, stop) = (Arc::clone(&requests), Arc::clone(&stopping));
        let server = std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                // A caller that hangs up in the middle ends this exchange and nothing else.
                let _ = exchange(&stream, &script, &seen);
            }
        });
        Self {
            address,
            requests,
            stopping,
            server: Some(server),
        }
    }

    /// Answers every request with the same operation.
    pub fn answering(answer: Value) -> Self {
        Self::start(move |_| (200, answer.to_string()))
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub fn lines(&self) -> Vec<String> {
        self.requests()
            .into_iter()
            .map(|request| request.line)
            .collect()
    }
}

impl Drop for ScriptedGateway {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        if let Some(server) = self.server.take() {
            drop(server.join());
        }
    }
}

fn exchange(
    mut stream: &TcpStream,
    script: &impl Fn(&Request) -> Answer,
    seen: &Mutex<Vec<Request>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let (mut length, mut authorization) = (0, String::new());
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "authorization" => authorization = value.to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = if body.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&body).expect("the module sends JSON")
    };
    let line = line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    let request = Request {
        line,
        authorization,
        body,
    };
    let (status, answer) = script(&request);
    seen.lock().unwrap().push(request);
    let length = if status == 204 {
        String::new()
    } else {
        format!("content-length: {}\r\n", answer.len())
    };
    let location = if (300..400).contains(&status) {
        "location: /elsewhere\r\n"
    } else {
        ""
    };
    write!(
        stream,
        "HTTP/1.1 {status} Scripted\r\n{length}{location}connection: close\r\n\r\n{answer}"
    )
}
