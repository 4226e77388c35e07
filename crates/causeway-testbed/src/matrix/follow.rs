//! What follows after the fault: who calls again, who dies, and when.

use std::time::{Duration, Instant};

use super::case::Follow;
use super::error::MatrixError;
use super::lane::Lane;
use super::plan::Case;
use super::play::{BETWEEN_TRIES, Story};
use super::purchase::{Call, Purchase};

/// How long a gateway may take to reach its crash point.
const DIES_WITHIN: Duration = Duration::from_secs(20);
const A_DAY: Duration = Duration::from_secs(86_400);

impl Lane {
    /// Makes the call that a fault strikes, with what follows.
    ///
    /// # Errors
    /// A part of the lane failed.
    pub async fn call_with_what_follows(
        &mut self,
        case: &Case,
        purchase: &Purchase,
        call: &Call,
        story: &mut Story,
    ) -> Result<(), MatrixError> {
        match case.name.follow {
            Follow::Queue => self.first_call(call, story).await?,
            Follow::TwoCallers => self.two_callers(call, story).await?,
            Follow::Killed => self.killed(case, call, story).await?,
            Follow::KilledWhileResuming => {
                self.killed(case, call, story).await?;
                self.killed_again(story).await?;
            }
            Follow::DayLater => self.a_day_later(purchase, call, story).await?,
            Follow::AnotherNode => self.another_node(case, call, story).await?,
        }
        Ok(())
    }

    async fn first_call(&mut self, call: &Call, story: &mut Story) -> Result<(), MatrixError> {
        let told = call.make(&self.whmcs).await?;
        story.add(call, &told);
        Ok(())
    }

    async fn two_callers(&mut self, call: &Call, story: &mut Story) -> Result<(), MatrixError> {
        let (one, other) = tokio::join!(call.make(&self.whmcs), call.make(&self.whmcs));
        story.add(call, &one?);
        story.add(call, &other?);
        Ok(())
    }

    /// The gateway dies with the answer in its hand.
    async fn killed(
        &mut self,
        case: &Case,
        call: &Call,
        story: &mut Story,
    ) -> Result<(), MatrixError> {
        self.start_gateway(0, &crash_at(&answered(case))).await?;
        self.lead_to(0);
        let told = call.make(&self.whmcs).await?;
        story.add(call, &told);
        self.died(0, story).await;
        Ok(())
    }

    /// The gateway that resumes dies soon after.
    async fn killed_again(&mut self, story: &mut Story) -> Result<(), MatrixError> {
        // The second point: a lost operation goes on, and something has been sent or written.
        match self.start_gateway(0, &crash_at("*#2")).await {
            Ok(()) => {
                self.lead_to(0);
                self.died(0, story).await;
            }
            // It did not even come to listen.
            Err(MatrixError::Gateway { .. }) => story.note("the gateway was killed as it started"),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// WHMCS's request dies while it waits; the gateway goes on by itself, and a day passes.
    async fn a_day_later(
        &mut self,
        purchase: &Purchase,
        call: &Call,
        story: &mut Story,
    ) -> Result<(), MatrixError> {
        let whmcs = self.whmcs.clone();
        let waiting = {
            let call = call.clone();
            tokio::spawn(async move { call.make(&whmcs).await })
        };
        while !waiting.is_finished() && self.proxy.struck().iter().all(|times| *times == 0) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.whmcs.kill_requests()?;
        match waiting.await {
            Ok(Ok(told)) => story.add(call, &told),
            _ => story.note("WHMCS's request died"),
        }
        let began = Instant::now();
        while self.is_working_on(purchase).await? && began.elapsed() < DIES_WITHIN {
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
        for number in 0..self.nodes.len() {
            self.kill_gateway(number).await;
        }
        self.clock_ahead += A_DAY;
        self.whmcs.hours_pass(24).await?;
        story.note("a day passes");
        self.start_all_gateways().await
    }

    /// The gateway dies with the answer in its hand, and only the other node goes on.
    async fn another_node(
        &mut self,
        case: &Case,
        call: &Call,
        story: &mut Story,
    ) -> Result<(), MatrixError> {
        self.start_gateway(0, &crash_at(&answered(case))).await?;
        self.lead_to(0);
        let told = call.make(&self.whmcs).await?;
        story.add(call, &told);
        self.died(0, story).await;
        self.lead_to(1);
        Ok(())
    }

    /// Waits until a gateway has died at its crash point; `false` when it never does.
    pub async fn died(&mut self, number: usize, story: &mut Story) -> bool {
        let died = match &mut self.nodes[number] {
            Some(gateway) => gateway.dies_within(DIES_WITHIN).await,
            None => true,
        };
        story.note(match died {
            true => "the gateway was killed",
            false => "the gateway never came to its crash point",
        });
        self.kill_gateway(number).await;
        died
    }
}

/// The crash point between the answer and its commit. It is the faulty answer's: the first one of this
/// exchange.
fn answered(case: &Case) -> String {
    let exchange = &case.name.exchange;
    let operation = exchange.scenario.operation();
    format!(
        "{operation}.{}.{}.answered",
        exchange.step,
        exchange.purpose.name()
    )
}

/// The arguments of a gateway that dies at this point.
pub fn crash_at(point: &str) -> Vec<String> {
    vec!["--crash-at".to_owned(), point.to_owned()]
}
