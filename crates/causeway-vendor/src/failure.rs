//! What it means that no whole answer came, in plain words. Addresses appear as host and port alone:
//! a query may hold a credential.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::time::Duration;

use causeway_engine::Reply;
use rustls::CertificateError;

use crate::resolver::{NameNotFound, RefusedName};

/// How far an exchange came, and with whom.
pub(crate) struct Exchange<'a> {
    /// Host and port.
    pub place: &'a str,
    /// How long the whole exchange was allowed to take.
    pub timeout: Duration,
    /// How long connecting was allowed to take.
    pub connect_timeout: Duration,
}

impl Exchange<'_> {
    /// The exchange failed before an answer began.
    pub(crate) fn without_answer(&self, error: &reqwest::Error) -> Reply {
        if error.is_builder() {
            let reason = format!("the request cannot be sent as it is: {}", root_cause(error));
            return not_sent(reason, false);
        }
        if error.is_connect() {
            // A refused name stays refused; everything else may mend itself.
            let passing = find::<RefusedName>(error).is_none();
            return not_sent(self.why_not_connected(error), passing);
        }
        let place = self.place;
        unknown(if error.is_timeout() {
            let limit = seconds(self.timeout);
            // With less time than connecting may take, it can have passed before anything was sent.
            let since = if self.timeout > self.connect_timeout {
                " after the request was sent"
            } else {
                ""
            };
            format!("no answer from {place} within {limit}{since}")
        } else {
            match find::<hyper::Error>(error) {
                Some(broken) if broken.is_parse() => {
                    format!("the answer of {place} is not valid HTTP: {broken}")
                }
                _ if is_cut(error) => {
                    format!("{place} closed the connection before it answered")
                }
                _ => format!(
                    "the exchange with {place} broke off before an answer came: {}",
                    root_cause(error)
                ),
            }
        })
    }

    /// The answer began, and its body did not come to its end.
    pub(crate) fn amid_answer(&self, status: u16, error: &reqwest::Error) -> Reply {
        let place = self.place;
        unknown(if error.is_timeout() {
            let limit = seconds(self.timeout);
            format!("the answer of {place} (HTTP {status}) was not complete within {limit}")
        } else if is_cut(error) {
            format!("{place} closed the connection in the middle of its answer (HTTP {status})")
        } else {
            format!(
                "the answer of {place} (HTTP {status}) could not be read to its end: {}",
                root_cause(error)
            )
        })
    }

    /// The body is longer than what is read.
    pub(crate) fn too_long(&self, status: u16, limit: usize) -> Reply {
        const MIB: usize = 1024 * 1024;
        let limit = if limit >= MIB && limit.is_multiple_of(MIB) {
            format!("{} MiB", limit / MIB)
        } else {
            format!("{limit} bytes")
        };
        let place = self.place;
        unknown(format!(
            "the answer of {place} (HTTP {status}) is larger than {limit} and was not read"
        ))
    }

    fn why_not_connected(&self, error: &reqwest::Error) -> String {
        let place = self.place;
        if let Some(refused) = find::<RefusedName>(error) {
            return refused.to_string();
        }
        if let Some(missing) = find::<NameNotFound>(error) {
            return one_line(&missing.to_string());
        }
        if let Some(tls) = find::<rustls::Error>(error) {
            return why_no_tls(place, tls);
        }
        if error.is_timeout() {
            let limit = seconds(self.connect_timeout);
            return format!("no connection to {place} within {limit}");
        }
        match io_kind(error) {
            Some(ErrorKind::ConnectionRefused) => format!("connection refused by {place}"),
            Some(ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable) => {
                format!("there is no way to {place} from here (network unreachable)")
            }
            Some(ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => {
                format!("{place} closed the connection before it was set up")
            }
            _ => format!("could not connect to {place}: {}", root_cause(error)),
        }
    }
}

pub(crate) fn not_sent(reason: String, passing: bool) -> Reply {
    Reply::NotSent { reason, passing }
}

/// The innermost cause, which says what really happened, in one line.
pub(crate) fn root_cause(error: &(dyn Error + 'static)) -> String {
    one_line(
        &causes(error)
            .last()
            .map_or_else(String::new, ToString::to_string),
    )
}

fn unknown(reason: String) -> Reply {
    Reply::Unknown { reason }
}

fn why_no_tls(place: &str, error: &rustls::Error) -> String {
    use CertificateError as Certificate;
    let why = match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            Certificate::Expired | Certificate::ExpiredContext { .. } => {
                "it has expired; the vendor has to renew it".to_owned()
            }
            Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => {
                "it is not valid yet; is this machine's clock right?".to_owned()
            }
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => {
                "it is made out to another name; is `api` the right address?".to_owned()
            }
            Certificate::UnknownIssuer => {
                "its issuer is unknown here; the vendor has to send the whole chain, or its root \
                 certificate has to be added to the extra roots"
                    .to_owned()
            }
            other => one_line(&other.to_string()),
        },
        rustls::Error::NoCertificatesPresented => "there is none".to_owned(),
        rustls::Error::InvalidMessage(_) => {
            return format!("{place} does not speak TLS; is the port of `api` right?");
        }
        other => {
            let other = one_line(&other.to_string());
            return format!("TLS with {place} failed: {other}");
        }
    };
    format!("the certificate of {place} cannot be trusted: {why}")
}

/// Whether the other side ended the connection.
fn is_cut(error: &reqwest::Error) -> bool {
    find::<hyper::Error>(error).is_some_and(hyper::Error::is_incomplete_message)
        || matches!(
            io_kind(error),
            Some(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof)
        )
}

/// What the system said; libraries wrap its error in further ones of kind `Other`.
fn io_kind(error: &reqwest::Error) -> Option<ErrorKind> {
    causes(error)
        .filter_map(|cause| cause.downcast_ref().map(io::Error::kind))
        .last()
}

fn find<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// The error and all its causes, outermost first. An I/O error hides its own cause from `source`.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn Error + 'static)| {
        let error = *error;
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => error.source(),
        }
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn seconds(duration: Duration) -> String {
    format!("{} s", (duration.as_secs_f64() * 100.0).round() / 100.0)
}
