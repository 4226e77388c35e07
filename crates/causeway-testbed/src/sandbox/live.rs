//! The feed as it grows, as server-sent events: each brings the HTML of one step or entry.

use std::convert::Infallible;

use axum::extract::{Query, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures::stream::{self, Stream, StreamExt as _};
use http::HeaderMap;
use minijinja::context;
use serde::Deserialize;

use super::answer::{Answer, At, Failure, Query as PageQuery, page};
use super::feed::News;
use super::state::App;
use super::templates::{of, render};

/// The feed on a page of its own.
pub async fn alone(State(app): State<App>, Query(query): Query<PageQuery>) -> Answer {
    let at = At {
        area: "live",
        nav: "live",
        title: "What happened",
    };
    page(&app, "live.html", at, &query, context! {}).await
}

/// Where a browser's copy of the feed ends.
#[derive(Debug, Deserialize)]
pub struct After {
    #[serde(default)]
    after: u64,
}

/// `/live/stream?after=REVISION`
pub async fn stream(
    State(app): State<App>,
    Query(After { after }): Query<After>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    // A browser that comes again says how far it had come.
    let seen = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .unwrap_or(after);
    let revisions = app.feed.revisions();
    let batches = stream::unfold(
        (app, revisions, seen),
        |(app, mut revisions, seen)| async move {
            loop {
                let (news, now) = app.feed.since(seen);
                if !news.is_empty() {
                    let events: Vec<_> = news.iter().filter_map(|one| event(one).ok()).collect();
                    return Some((stream::iter(events), (app, revisions, now)));
                }
                if revisions.changed().await.is_err() {
                    return None;
                }
            }
        },
    );
    Sse::new(batches.flatten().map(Ok)).keep_alive(KeepAlive::default())
}

fn event(news: &News) -> Result<Event, Failure> {
    let (name, revision, html) = match news {
        News::Step(step) => (
            "step",
            step.number,
            render("feed/step.html", &context! { step => of(step) })?,
        ),
        News::Entry { step, placed } => (
            "entry",
            placed.revision,
            render(
                "feed/entry.html",
                &context! { placed => of(placed), step_number => step },
            )?,
        ),
    };
    Ok(Event::default()
        .event(name)
        .id(revision.to_string())
        .data(html.replace('\r', "")))
}
