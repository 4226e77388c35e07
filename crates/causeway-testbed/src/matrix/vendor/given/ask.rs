//! Asks the vendor by the definition's own calls, past the fault proxy: a list to its last page, one
//! thing by its identifier.

use std::fmt;
use std::time::Duration;

use causeway_definition::answer::{Found, Seen};
use causeway_definition::request::{BodyFormat, Method};
use causeway_definition::{
    Answer, Definition, EvaluationError, Find, Names, Read, Reading, Request,
};
use futures::future::BoxFuture;
use serde_json::Value;

use super::GivenVendor;
use crate::matrix::error::MatrixError;

/// A list with more pages than this is not read to its end.
const MOST_PAGES: usize = 100;
/// How often a vendor that is away or busy is asked.
const MOST_TRIES: u32 = 6;
/// How long is waited after the first time, when the vendor does not say; each time twice as long.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest wait that a vendor can ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Sends a request of a definition to the vendor itself.
pub trait AskVendor: Send + Sync {
    /// Sends it once; why there is no whole answer is one line.
    fn ask<'a>(
        &'a self,
        definition: &'a Definition,
        request: &'a Request,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<Answer, String>>;
}

/// What was asked for, or why it could not even be asked.
pub type Asked<T> = Result<T, EvaluationError>;

/// An exchange that did not end well; what comes of asking again.
enum NotRead {
    Later(Option<Duration>, String),
    Never(String),
}

impl fmt::Display for NotRead {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Later(_, reason) | Self::Never(reason) => formatter.write_str(reason),
        }
    }
}

impl GivenVendor {
    /// Asks for anything at all, with no credential, to see that somebody answers there.
    ///
    /// # Errors
    /// Nobody does: the address, the network or the certificate.
    pub async fn answers(&self, definition: &Definition) -> Result<(), MatrixError> {
        let request = Request {
            method: Method::Get,
            target: String::new(),
            headers: Vec::new(),
            body: None,
            format: BodyFormat::Json,
        };
        let asked = self
            .vendor
            .ask(definition, &request, definition.service.timeout);
        match asked.await {
            Ok(_) => Ok(()),
            Err(reason) => Err(MatrixError::Vendor { reason }),
        }
    }

    /// Every item that `find` shows, on all pages.
    pub(super) async fn list(
        &self,
        definition: &Definition,
        find: &Find,
        names: &Names,
    ) -> Result<Asked<Vec<Value>>, MatrixError> {
        let rendered = find.request.refuse_empty_filters(names);
        let rendered = rendered.and_then(|()| find.request.render(&definition.auth, names));
        let first = match rendered {
            Ok(request) => request,
            Err(error) => return Ok(Err(error)),
        };
        let timeout = find.timeout.unwrap_or(definition.service.timeout);
        let mut all = Vec::new();
        let mut request = first.clone();
        for _ in 0..MOST_PAGES {
            let page = |answer: &Answer| match definition.read_find(find, answer, names) {
                Found::Items { items, next } => Ok((items, next)),
                Found::Not(reading) => Err(NotRead::of(reading)),
            };
            let (items, next) = self.read(definition, &request, timeout, page).await?;
            all.extend(items);
            match next {
                Some(address) => request = first.following(&address, self.api()),
                None => return Ok(Ok(all)),
            }
        }
        Err(MatrixError::Vendor {
            reason: format!("its list goes on after {MOST_PAGES} pages"),
        })
    }

    /// What `read` shows of the thing whose identifier is kept; none when it is gone.
    pub(super) async fn see(
        &self,
        definition: &Definition,
        read: &Read,
        names: &Names,
    ) -> Result<Asked<Option<Value>>, MatrixError> {
        let request = match read.request.render(&definition.auth, names) {
            Ok(request) => request,
            Err(error) => return Ok(Err(error)),
        };
        let timeout = read.timeout.unwrap_or(definition.service.timeout);
        let item = |answer: &Answer| match definition.read_read(read, answer, names) {
            Seen::Item(item) => Ok(Some(item)),
            Seen::Gone => Ok(None),
            Seen::Not(reading) => Err(NotRead::of(reading)),
        };
        self.read(definition, &request, timeout, item).await.map(Ok)
    }

    /// Asks until an answer can be read. Looking changes nothing, so it can be asked again.
    async fn read<T>(
        &self,
        definition: &Definition,
        request: &Request,
        timeout: Duration,
        read: impl Fn(&Answer) -> Result<T, NotRead>,
    ) -> Result<T, MatrixError> {
        let mut tries = 0;
        loop {
            let answered = self.vendor.ask(definition, request, timeout).await;
            let not_read = match answered {
                Ok(answer) => match read(&answer) {
                    Ok(value) => return Ok(value),
                    Err(not_read) => not_read,
                },
                Err(reason) => NotRead::Later(None, reason),
            };
            tries += 1;
            match &not_read {
                NotRead::Later(pause, _) if tries < MOST_TRIES => {
                    let pause = pause.unwrap_or(PAUSE * 2_u32.pow(tries - 1));
                    tokio::time::sleep(pause.min(LONGEST_PAUSE)).await;
                }
                _ => {
                    // The vendor's words may say the credential back.
                    let reason = not_read.to_string().replace(self.credential(), "***");
                    return Err(MatrixError::Vendor { reason });
                }
            }
        }
    }
}

impl NotRead {
    fn of(reading: Reading) -> Self {
        match reading {
            Reading::Busy {
                status,
                retry_after,
            } => Self::Later(retry_after, format!("it is busy (HTTP {status})")),
            Reading::Unknown { status, reason } => {
                Self::Later(None, format!("HTTP {status}: {reason}"))
            }
            Reading::Refused { status, reason } => Self::Never(format!("HTTP {status}: {reason}")),
            Reading::Done(_) | Reading::AlreadyDone(_) => {
                Self::Never("its answer is none to a look".to_owned())
            }
        }
    }
}
