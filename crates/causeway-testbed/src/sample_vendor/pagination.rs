//! Laravel's pages: which part of a list a call wants, and the envelope it comes in.

use serde_json::{Value, json};

use super::call::Call;
use super::input::Input;
use super::validation::as_integer;

const DEFAULT_PER_PAGE: i64 = 15;
const MOST_PER_PAGE: i64 = 100;

/// The part of a list that a call asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    number: i64,
    per_page: i64,
}

impl Page {
    /// A page number that makes no sense is the first page.
    pub(super) fn wanted(input: &Input) -> Self {
        let integer = |name| input.get(name).and_then(as_integer);
        Self {
            number: integer("page").filter(|number| *number >= 1).unwrap_or(1),
            per_page: integer("per_page")
                .unwrap_or(DEFAULT_PER_PAGE)
                .clamp(1, MOST_PER_PAGE),
        }
    }

    pub(super) fn limit(self) -> i64 {
        self.per_page
    }

    pub(super) fn offset(self) -> i64 {
        (self.number - 1).saturating_mul(self.per_page)
    }

    /// The page's entries in their envelope; links keep the call's other query values.
    pub(super) fn envelope(self, call: &Call<'_>, total: i64, data: &[Value]) -> Value {
        let last = ((total + self.per_page - 1) / self.per_page).max(1);
        let link = |number: i64| page_url(call.url, call.query, number);
        json!({
            "data": data,
            "links": {
                "first": link(1),
                "last": link(last),
                "prev": (self.number > 1).then(|| link(self.number - 1)),
                "next": (self.number < last).then(|| link(self.number + 1)),
            },
            "meta": {
                "current_page": self.number,
                "last_page": last,
                "per_page": self.per_page,
                "total": total,
            },
        })
    }
}

fn page_url(url: &str, query: &str, number: i64) -> String {
    let mut address = format!("{url}?");
    for pair in query.split('&') {
        if !pair.is_empty() && pair != "page" && !pair.starts_with("page=") {
            address.push_str(pair);
            address.push('&');
        }
    }
    address.push_str(&format!("page={number}"));
    address
}
