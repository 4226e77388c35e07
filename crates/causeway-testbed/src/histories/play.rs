//! One history, from the first order to the comparison of the three truths.

use std::num::NonZeroU32;
use std::time::Duration;

use futures::future::{join, join_all};
use serde::Serialize;
use serde_json::{Value, json};

use super::history::{Disruption, History, PlannedCall, PlannedFault, Round};
use crate::emulator::{Client, ClientAccount, EmulatorError, Item};
use crate::fault_proxy::{ArmedFault, Port};
use crate::matrix::parts::{
    Call, Evidence, Lane, MatrixError, Purchase, Scenario, State, described,
};

/// How often the billing side tries again in the end.
const MOST_TRIES: usize = 12;
const BETWEEN_TRIES: Duration = Duration::from_millis(300);
const A_DAY: Duration = Duration::from_secs(86_400);

/// How a history ended.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryResult {
    /// What was done.
    pub history: History,
    /// What is not as it should be; empty when all is right.
    pub complaints: Vec<String>,
    /// What happened, call by call.
    pub story: Vec<Value>,
    /// What a person needs to understand the first service that is wrong.
    pub evidence: Option<Evidence>,
    /// How often a fault struck.
    pub struck: u32,
    /// How often a gateway was killed.
    pub kills: u32,
    /// How often a person had to decide.
    pub decisions: u32,
}

/// A service, and what the billing side wants of it.
struct Sold {
    purchase: Purchase,
    /// The last call, and where the service stands once it has succeeded; none when it has.
    unfinished: Option<(Call, State)>,
}

/// A call, the scenario that it is, and where its service stands once it has succeeded.
type Chosen = (Scenario, Call, State);

struct Player<'l> {
    lane: &'l mut Lane,
    sold: Vec<Sold>,
    result: HistoryResult,
}

/// Plays a history in a lane.
///
/// # Errors
/// A part of the lane failed; the history proves nothing then.
pub async fn play(lane: &mut Lane, history: &History) -> Result<HistoryResult, MatrixError> {
    let mut player = Player {
        sold: sell(lane, history).await?,
        lane,
        result: HistoryResult {
            history: history.clone(),
            complaints: Vec::new(),
            story: Vec::new(),
            evidence: None,
            struck: 0,
            kills: 0,
            decisions: 0,
        },
    };
    player.lane.vendor.honours_idempotency_keys(false);
    for round in &history.rounds {
        player.round(round).await?;
    }
    player.calm().await?;
    player.compare().await?;
    Ok(player.result)
}

async fn sell(lane: &mut Lane, history: &History) -> Result<Vec<Sold>, MatrixError> {
    let mut clients: [Option<(ClientAccount, String)>; 2] = [None, None];
    let mut sold = Vec::new();
    for client in &history.clients {
        let name = lane.vendor.next_name();
        let client = &mut clients[*client as usize % 2];
        if client.is_none() {
            let email = format!("grace-{name}@example.com");
            let added = Client::named("Grace", "Hopper").email(&email);
            *client = Some((lane.whmcs.add_client(added).await?, email));
        }
        let Some((account, email)) = client else {
            continue;
        };
        let domain = format!("{name}-history.example.com");
        let item = Item::new(lane.shop(Port::Http).products[0], &domain);
        let order = account.buys_all(vec![item]).await?;
        order.pays_without_running().await?;
        sold.push(Sold {
            purchase: Purchase::ordered(order.service()?, email, &domain, Port::Http),
            unfinished: None,
        });
    }
    Ok(sold)
}

impl Player<'_> {
    async fn round(&mut self, round: &Round) -> Result<(), MatrixError> {
        self.lane.start_all_gateways().await?;
        let mut made = Vec::new();
        for planned in &round.calls {
            made.push((self.choose(planned).await?, *planned));
        }
        let armed = self.armed(&round.faults, &made);
        self.lane.proxy.arm(armed).await;
        let whmcs = self.lane.whmcs.clone();
        let calls = made.iter().map(|((_, call, _), planned)| {
            let whmcs = whmcs.clone();
            async move {
                match planned.twice {
                    true => {
                        let (one, other) = join(call.make(&whmcs), call.make(&whmcs)).await;
                        one.or(other)
                    }
                    false => call.make(&whmcs).await,
                }
            }
        });
        let disrupted = disrupt(self.lane, round.disruption);
        let (told, killed) = join(join_all(calls), disrupted).await;
        self.result.kills += killed?;
        for (((scenario, call, state), planned), told) in made.into_iter().zip(told) {
            let said = match &told {
                Ok(told) => told.as_json(),
                Err(error) => json!({"lost": error.to_string()}),
            };
            self.result.story.push(json!({
                "service": planned.service, "call": call.name(), "scenario": scenario.name(),
                "twice": planned.twice, "told": said,
            }));
            let sold = &mut self.sold[planned.service];
            match told {
                Ok(told) if told.success => {
                    sold.purchase.state = state;
                    sold.unfinished = None;
                }
                Ok(_) | Err(EmulatorError::FastCgi { .. } | EmulatorError::PhpFatal { .. }) => {
                    sold.unfinished = Some((call, state));
                }
                Err(error) => return Err(error.into()),
            }
        }
        self.result.struck += self.lane.proxy.struck().iter().sum::<u32>();
        if round.disruption == Disruption::DayPasses {
            self.day_passes().await?;
        }
        Ok(())
    }

    /// The call that makes sense where the service stands.
    async fn choose(&mut self, planned: &PlannedCall) -> Result<Chosen, MatrixError> {
        let sold = &mut self.sold[planned.service];
        let offers = |scenario: &Scenario| {
            let definition = &self.lane.settings.definition;
            definition.offers(scenario.operation())
        };
        if let Some((call, state)) = &sold.unfinished
            && (!planned.choice.is_multiple_of(4) || *state == State::Terminated)
        {
            // Most of the time the queue tries the same again.
            return Ok((Scenario::CreateAgain, call.clone(), *state));
        }
        let stuck = sold.unfinished.is_some();
        let sensible: &[Scenario] = match sold.purchase.state {
            // The customer cancels what is stuck.
            _ if stuck => &[Scenario::Terminate],
            State::Ordered => &[Scenario::Create],
            State::Active => &[
                Scenario::Suspend,
                Scenario::ChangePackage,
                Scenario::ChangePassword,
                Scenario::Renew,
                Scenario::CreateAgain,
                Scenario::Suspend,
                Scenario::Terminate,
            ],
            State::Suspended => &[
                Scenario::Unsuspend,
                Scenario::Unsuspend,
                Scenario::Terminate,
            ],
            State::Terminated => &[Scenario::CreateAnew, Scenario::Terminate],
        };
        let sensible: Vec<Scenario> = sensible.iter().copied().filter(offers).collect();
        let number = planned.choice as usize / 4 % sensible.len().max(1);
        let scenario = sensible.get(number).copied().unwrap_or(Scenario::Create);
        let state = match scenario {
            Scenario::Suspend => State::Suspended,
            Scenario::Terminate => State::Terminated,
            _ => State::Active,
        };
        let call = self.lane.call_of(scenario, &mut sold.purchase).await?;
        Ok((scenario, call, state))
    }

    fn armed(&self, faults: &[PlannedFault], made: &[(Chosen, PlannedCall)]) -> Vec<ArmedFault> {
        let definition = &self.lane.settings.definition;
        let exchanges: Vec<_> = made
            .iter()
            .flat_map(|((scenario, ..), _)| described(definition, *scenario))
            .collect();
        let arm = |planned: &PlannedFault| {
            let exchange = exchanges.get(planned.exchange as usize % exchanges.len().max(1))?;
            let fits = exchange.changes || !planned.fault.needs_a_change();
            let time = NonZeroU32::new(planned.time)?;
            fits.then(|| ArmedFault::new(planned.fault, exchange.place.clone(), time).ok())?
        };
        faults.iter().filter_map(arm).collect()
    }

    async fn day_passes(&mut self) -> Result<(), MatrixError> {
        for number in 0..self.lane.nodes.len() {
            self.lane.kill_gateway(number).await;
        }
        self.lane.clock_ahead += A_DAY;
        self.lane.whmcs.hours_pass(24).await?;
        self.result.story.push(json!({"event": "a day passes"}));
        self.lane.start_all_gateways().await
    }

    /// Nothing goes wrong any more: the billing side tries again what it has not been told a success of.
    async fn calm(&mut self) -> Result<(), MatrixError> {
        self.lane.proxy.disarm().await;
        self.lane.proxy.settled().await;
        self.lane.start_all_gateways().await?;
        for number in 0..self.sold.len() {
            self.bring_to_an_end(number).await?;
        }
        self.lane.proxy.settled().await;
        Ok(())
    }

    async fn bring_to_an_end(&mut self, number: usize) -> Result<(), MatrixError> {
        let sold = &mut self.sold[number];
        let Some((call, state)) = sold.unfinished.take() else {
            return Ok(());
        };
        for _ in 0..MOST_TRIES {
            let stuck = self.lane.standing(&sold.purchase, "needs_attention");
            if stuck.await?.is_some()
                && let Some(said) = self.lane.decide(&sold.purchase).await?
            {
                self.result.decisions += 1;
                self.result
                    .story
                    .push(json!({"service": number, "event": said}));
            }
            let told = call.make(&self.lane.whmcs).await?;
            self.result.story.push(json!({
                "service": number, "call": call.name(), "calm": true, "told": told.as_json(),
            }));
            if told.success {
                sold.purchase.state = state;
                return Ok(());
            }
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
        self.result.complaints.push(format!(
            "service {number}: after {MOST_TRIES} more tries WHMCS has still not been told a success of {}",
            call.name()
        ));
        sold.purchase.state = state;
        Ok(())
    }

    async fn compare(&mut self) -> Result<(), MatrixError> {
        for (number, sold) in self.sold.iter().enumerate() {
            let purchase = &sold.purchase;
            if purchase.state == State::Ordered {
                continue;
            }
            let expected = self.lane.expected(purchase);
            let compared = self.lane.truths(purchase, &expected).await?;
            let (truths, complaints) = (compared.truths, compared.complaints);
            if complaints.is_empty() {
                continue;
            }
            let complaints = complaints
                .into_iter()
                .map(|complaint| format!("service {number}: {complaint}"));
            self.result.complaints.extend(complaints);
            if self.result.evidence.is_none() {
                self.result.evidence = Some(self.lane.evidence(purchase, truths).await);
            }
        }
        Ok(())
    }
}

/// What goes wrong beside the vendor while the calls are made; how many gateways were killed.
async fn disrupt(lane: &mut Lane, disruption: Disruption) -> Result<u32, MatrixError> {
    match disruption {
        Disruption::Nothing | Disruption::DayPasses => Ok(0),
        Disruption::RequestsDie { after_ms } => {
            tokio::time::sleep(Duration::from_millis(after_ms)).await;
            lane.whmcs.kill_requests()?;
            Ok(0)
        }
        Disruption::GatewayKilled { node, after_ms } => {
            tokio::time::sleep(Duration::from_millis(after_ms)).await;
            lane.kill_gateway(node).await;
            lane.start_all_gateways().await?;
            Ok(1)
        }
        Disruption::GatewayKilledTwice { node, after_ms } => {
            tokio::time::sleep(Duration::from_millis(after_ms)).await;
            lane.kill_gateway(node).await;
            let arguments = ["--crash-at".to_owned(), "*#3".to_owned()];
            match lane.start_gateway(node, &arguments).await {
                Ok(()) => lane.lead_to_all(),
                // It did not even come to listen.
                Err(MatrixError::Gateway { .. }) => {}
                Err(error) => return Err(error),
            }
            tokio::time::sleep(Duration::from_millis(after_ms)).await;
            lane.kill_gateway(node).await;
            lane.start_all_gateways().await?;
            Ok(2)
        }
    }
}
