//! What was bought at a vendor that others use, too, is ended again. A vendor of the lane's own ends with
//! the lane.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::error::MatrixError;
use super::lane::Lane;
use super::purchase::{Purchase, State};

const MOST_TRIES: usize = 3;
const BETWEEN_TRIES: Duration = Duration::from_millis(500);

impl Lane {
    /// Ends a purchase, and what was bought along with it, that no case needs any more.
    pub async fn give_up(&mut self, mut purchase: Purchase) {
        if self.vendor.given().is_none() {
            return;
        }
        let other = purchase.together_with.take();
        for mut one in std::iter::once(purchase).chain(other.map(|other| *other)) {
            // What cannot be ended is found again when the lane ends.
            let _ = self.terminate(&mut one).await;
            self.bought.insert(one.service.id(), one);
        }
    }

    /// Ends the lane: ends what it has bought, as far as it can be, and notes what the vendor still has.
    pub async fn end(mut self) {
        let Some(vendor) = self.vendor.given().map(Arc::clone) else {
            return;
        };
        self.proxy.disarm().await;
        self.proxy.settled().await;
        let _ = self.start_all_gateways().await;
        let bought: Vec<Purchase> = self.bought.values().cloned().collect();
        for purchase in bought {
            if purchase.state != State::Terminated {
                self.give_up(purchase).await;
            }
        }
        tokio::time::sleep(self.settings.definition.service.settle).await;
        for purchase in self.bought.values() {
            let look = self.look_for(purchase, None, &Value::Null);
            vendor.note_what_is_left(&look).await;
        }
    }

    /// Ends a service through WHMCS, as a customer's cancellation does.
    async fn terminate(&self, purchase: &mut Purchase) -> Result<(), MatrixError> {
        self.note_kept(purchase).await?;
        for _ in 0..MOST_TRIES {
            if purchase.service.run("TerminateAccount").await?.success {
                purchase.state = State::Terminated;
                break;
            }
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
        Ok(())
    }
}
