//! Reads, on connections of their own: they never wait for the writer, and see all that it has
//! committed before they begin.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use causeway_engine::StoreError;
use rusqlite::Connection;
use tokio::sync::Semaphore;
use tokio::task;

use super::connection::open_reader;
use super::failure::Result;

/// More at once would only take turns at the same disk.
const MOST_AT_ONCE: usize = 4;

/// A few connections that only read, opened when they are first needed.
#[derive(Debug)]
pub(crate) struct Reader {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    places: Arc<Semaphore>,
}

impl Reader {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            idle: Arc::default(),
            places: Arc::new(Semaphore::new(MOST_AT_ONCE)),
        }
    }

    /// Runs `work` at once, on the caller's thread: for one statement that looks at a row or two,
    /// which takes a few microseconds and never waits for the writer. Several statements that are
    /// to see one state need a transaction.
    pub(crate) fn glance<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> std::result::Result<T, StoreError> {
        on_some_connection(&self.idle, &self.path, work).map_err(|failure| failure.at(&self.path))
    }

    /// Runs `work` on a blocking thread; all its statements see one state of the journal.
    pub(crate) async fn read<T, F>(&self, work: F) -> std::result::Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let stopped = || StoreError::Unavailable("the journal is being closed".to_owned());
        let place = self
            .places
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| stopped())?;
        let path = self.path.clone();
        let idle = self.idle.clone();
        task::spawn_blocking(move || {
            let result = on_some_connection(&idle, &path, |connection| {
                work(&*connection.unchecked_transaction()?)
            });
            let result = result.map_err(|failure| failure.at(&path));
            drop(place);
            result
        })
        .await
        .map_err(|_| stopped())?
    }
}

fn on_some_connection<T>(
    idle: &Mutex<Vec<Connection>>,
    path: &Path,
    work: impl FnOnce(&Connection) -> Result<T>,
) -> Result<T> {
    let waiting = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let connection = match waiting {
        Some(connection) => connection,
        None => open_reader(path)?,
    };
    let result = work(&connection);
    idle.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(connection);
    result
}
