//! What stands before the gateways: the module knows one address, and whichever gateway lives answers.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Passes connections on, one after the other, to the gateways that it knows.
#[derive(Debug)]
pub struct Balancer {
    address: SocketAddr,
    gateways: Arc<Mutex<Gateways>>,
    serving: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Gateways {
    known: Vec<SocketAddr>,
    next: usize,
}

impl Balancer {
    /// Listens on a free port of 127.0.0.1; nothing is behind it yet.
    ///
    /// # Errors
    /// The system has no free port.
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let gateways = Arc::<Mutex<Gateways>>::default();
        let serving = tokio::spawn(serve(listener, Arc::clone(&gateways)));
        Ok(Self {
            address,
            gateways,
            serving,
        })
    }

    /// The address that the module knows.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on connections go to these by turns; without any they are closed.
    pub fn leads_to(&self, gateways: Vec<SocketAddr>) {
        let mut known = self.gateways.lock().unwrap_or_else(PoisonError::into_inner);
        known.known = gateways;
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, gateways: Arc<Mutex<Gateways>>) {
    loop {
        let Ok((caller, _)) = listener.accept().await else {
            continue;
        };
        let Some(gateway) = next(&gateways) else {
            continue;
        };
        tokio::spawn(pass_on(caller, gateway));
    }
}

fn next(gateways: &Mutex<Gateways>) -> Option<SocketAddr> {
    let mut gateways = gateways.lock().unwrap_or_else(PoisonError::into_inner);
    gateways.next = gateways.next.wrapping_add(1);
    let number = gateways.next.checked_rem(gateways.known.len())?;
    gateways.known.get(number).copied()
}

async fn pass_on(mut caller: TcpStream, gateway: SocketAddr) {
    let Ok(mut gateway) = TcpStream::connect(gateway).await else {
        return;
    };
    let _ = caller.set_nodelay(true);
    let _ = gateway.set_nodelay(true);
    // A side that breaks off ends the other one, too: both sockets are dropped.
    let _ = copy_bidirectional(&mut caller, &mut gateway).await;
}
