//! The callers: each makes one call after the other.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use miette::{IntoDiagnostic as _, Result};
use tokio::task::JoinSet;

/// What the callers made, in no order, and how long each call took.
pub struct Calls<T> {
    pub made: Vec<T>,
    pub times: Vec<Duration>,
}

/// Makes the calls with the numbers 0 to `most` - 1, so many at once, and begins no more of them
/// once `limit` has passed.
///
/// # Errors
/// A call that failed: a run with failures measures nothing.
pub async fn call<T, F>(
    callers: usize,
    most: usize,
    limit: Duration,
    call: impl Fn(usize) -> F + Clone + Send + 'static,
) -> Result<Calls<T>>
where
    T: Send + 'static,
    F: Future<Output = Result<T>> + Send,
{
    let next = Arc::new(AtomicUsize::new(0));
    let until = Instant::now() + limit;
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let (call, next) = (call.clone(), Arc::clone(&next));
        tasks.spawn(async move {
            let (mut made, mut times) = (Vec::new(), Vec::new());
            while Instant::now() < until {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= most {
                    break;
                }
                let began = Instant::now();
                made.push(call(number).await?);
                times.push(began.elapsed());
            }
            Ok::<_, miette::Report>((made, times))
        });
    }
    let (mut made, mut times) = (Vec::new(), Vec::new());
    while let Some(of_one) = tasks.join_next().await {
        let (own_made, own_times) = of_one.into_diagnostic()??;
        made.extend(own_made);
        times.extend(own_times);
    }
    Ok(Calls { made, times })
}
