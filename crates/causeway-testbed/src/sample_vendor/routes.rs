//! Which action answers which method and path.

use super::call::{Call, Failure, Reply};
use super::{account, services, users};

pub(super) type Action = fn(&Call<'_>) -> Result<Reply, Failure>;

const ROUTES: [(&str, &str, Action); 15] = [
    ("GET", "v1/account", account::show),
    ("POST", "v1/users", users::create),
    ("GET", "v1/users", users::list),
    ("GET", "v1/users/{id}", users::show),
    ("PUT", "v1/users/{id}/password", users::change_password),
    ("DELETE", "v1/users/{id}", users::delete),
    ("POST", "v1/services", services::create),
    ("GET", "v1/services", services::list),
    ("GET", "v1/services/{id}", services::show),
    ("PATCH", "v1/services/{id}", services::change_plan),
    ("DELETE", "v1/services/{id}", services::delete),
    ("POST", "v1/services/{id}/suspend", services::suspend),
    ("POST", "v1/services/{id}/unsuspend", services::unsuspend),
    ("PUT", "v1/services/{id}/renewal", services::renew),
    ("POST", "v1/services/{id}/login-link", services::login_link),
];

/// The action, and what stands for `{id}` (empty in a route without). HEAD goes where GET goes.
pub(super) fn find<'path>(method: &str, path: &'path str) -> Result<(Action, &'path str), Failure> {
    let path = path.trim_matches('/');
    let wanted = if method == "HEAD" { "GET" } else { method };
    let mut supported = Vec::new();
    for (method, pattern, action) in ROUTES {
        if let Some(id) = matched(pattern, path) {
            if method == wanted {
                return Ok((action, id));
            }
            supported.push(method);
            if method == "GET" {
                supported.push("HEAD");
            }
        }
    }
    if supported.is_empty() {
        return Err(Failure::NoSuchRoute {
            path: path.to_owned(),
        });
    }
    Err(Failure::WrongMethod {
        path: path.to_owned(),
        method: method.to_owned(),
        supported: supported.join(", "),
    })
}

fn matched<'path>(pattern: &str, path: &'path str) -> Option<&'path str> {
    match pattern.split_once("{id}") {
        None => (pattern == path).then_some(""),
        Some((before, after)) => path
            .strip_prefix(before)?
            .strip_suffix(after)
            .filter(|id| !id.is_empty() && !id.contains('/')),
    }
}
