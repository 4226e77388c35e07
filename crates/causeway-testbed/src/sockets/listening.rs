//! Taking connections, each served in a task of its own.

use std::convert::Infallible;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

/// Serves every connection, until it is dropped.
pub(crate) async fn serve_each<Serving>(
    listener: TcpListener,
    serve: impl Fn(TcpStream) -> Serving,
) -> Infallible
where
    Serving: Future<Output = ()> + Send + 'static,
{
    // Too many open files, most likely: some will be closed soon.
    const REST: Duration = Duration::from_millis(10);
    loop {
        match listener.accept().await {
            Ok((connection, _)) => {
                // It answers with delay where this fails.
                let _ = connection.set_nodelay(true);
                tokio::spawn(serve(connection));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection cannot be accepted");
                tokio::time::sleep(REST).await;
            }
        }
    }
}
