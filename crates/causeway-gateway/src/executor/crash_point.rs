//! A place at which a test wants the gateway to be killed.

use std::time::Duration;

/// Where to stand still, so that a test can kill the process just there: `create.user.create.answered`
/// is operation, step, purpose of the exchange, and one of `intended` (committed, not sent),
/// `answered` (not committed).
#[derive(Debug, Clone, Default)]
pub struct CrashPoint(Option<String>);

impl CrashPoint {
    /// The place of that name, or none.
    pub fn new(name: Option<String>) -> Self {
        Self(name)
    }

    /// Stands still for ever when this is the place.
    pub async fn reach(&self, operation: &str, exchange: Option<(&str, &str)>, moment: &str) {
        let (Some(place), Some((step, purpose))) = (&self.0, exchange) else {
            return;
        };
        if *place == format!("{operation}.{step}.{purpose}.{moment}") {
            tracing::warn!(place, "reached the crash point; standing still");
            loop {
                tokio::time::sleep(Duration::from_secs(3600)).await;
            }
        }
    }
}
