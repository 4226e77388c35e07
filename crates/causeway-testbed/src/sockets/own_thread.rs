//! A server on a thread and a runtime of its own, so that it stops with the value that stands for it,
//! wherever that is dropped.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

/// The thread. Dropped, it stops at once, cutting what is in progress.
#[derive(Debug)]
pub(crate) struct OwnThread {
    keep_alive: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl OwnThread {
    /// Begins the thread: `open` is awaited there, and then what it gives back to serve.
    pub(crate) async fn start<Opened, Serving>(
        name: &str,
        open: impl Future<Output = io::Result<(Opened, Serving)>> + Send + 'static,
    ) -> io::Result<(Self, Opened)>
    where
        Opened: Send + 'static,
        Serving: Future<Output = ()> + Send + 'static,
    {
        let (opening, opened) = oneshot::channel();
        let (keep_alive, dropped) = oneshot::channel::<Infallible>();
        let serve = async move {
            let serving = match open.await {
                Ok((opened, serving)) => opening.send(Ok(opened)).map(|()| serving),
                Err(error) => return drop(opening.send(Err(error))),
            };
            // Nobody waits for it any more.
            let Ok(serving) = serving else { return };
            tokio::select! {
                () = serving => {}
                _ = dropped => {}
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || runtime.block_on(serve))?;
        let own = Self {
            keep_alive: Some(keep_alive),
            thread: Some(thread),
        };
        let opened = opened
            .await
            .map_err(|_| io::Error::other("the server's thread ended early"))??;
        Ok((own, opened))
    }
}

impl Drop for OwnThread {
    fn drop(&mut self) {
        self.keep_alive = None;
        if let Some(thread) = self.thread.take() {
            // A panic there was printed there.
            let _ = thread.join();
        }
    }
}
