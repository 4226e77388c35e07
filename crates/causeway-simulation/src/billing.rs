//! The billing side: it calls when somebody wants something, and its queue calls again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use causeway_definition::OperationKind;
use jiff::SignedDuration;

use crate::account::Account;
use crate::gateway::{Call, Gateway, Report};
use crate::met::Situation;
use crate::runtime::{Signal, Waited, signal};
use crate::world::World;

/// How often the billing side's queue calls again.
pub const BETWEEN_QUEUES: Duration = Duration::from_secs(20);

/// How long a caller waits beyond the deadline that it gives.
const BEYOND_DEADLINE: Duration = Duration::from_secs(5);

/// A machine, on which a gateway runs or does not.
pub struct Machine<'w> {
    pub gateway: RefCell<Option<Rc<Gateway<'w>>>>,
    pub clock_error: Rc<Cell<SignedDuration>>,
}

pub struct Billing<'w> {
    pub world: Rc<World<'w>>,
    pub machines: Vec<Machine<'w>>,
    pub accounts: Vec<RefCell<Account>>,
}

/// How a call is made.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    pub node: usize,
    pub also: Option<usize>,
    pub hangs_up_after: Option<Duration>,
}

impl<'w> Billing<'w> {
    pub fn new(world: &Rc<World<'w>>) -> Rc<Self> {
        let machines = (0..world.surroundings.nodes)
            .map(|_| Machine {
                gateway: RefCell::default(),
                clock_error: Rc::default(),
            })
            .collect();
        let accounts = world
            .surroundings
            .services
            .iter()
            .enumerate()
            .map(|(number, sold)| RefCell::new(Account::new(number, *sold)))
            .collect();
        Rc::new(Self {
            world: Rc::clone(world),
            machines,
            accounts,
        })
    }

    pub fn start(&self, node: usize) {
        let Some(machine) = self.machines.get(node) else {
            return;
        };
        let mut gateway = machine.gateway.borrow_mut();
        if gateway.is_none() {
            self.world.tell(|| format!("gateway {}: starts", node + 1));
            let clock_error = Rc::clone(&machine.clock_error);
            *gateway = Some(Gateway::start(&self.world, node, clock_error));
        }
    }

    pub fn gateway(&self, node: usize) -> Option<Rc<Gateway<'w>>> {
        self.machines.get(node)?.gateway.borrow().clone()
    }

    /// Somebody wants something: the billing side calls.
    pub async fn want(self: Rc<Self>, service: usize, kind: OperationKind, manner: Manner) {
        let Some(account) = self.accounts.get(service) else {
            return;
        };
        self.until_free(account).await;
        let wished = account.borrow_mut().wish(kind);
        if wished && self.world.definition.offers(kind) {
            self.make(account, kind, manner).await;
        }
        account.borrow_mut().calling = false;
    }

    /// The queue: what is not as it is wanted is called for again. Says whether there was anything.
    pub async fn call_again(self: Rc<Self>, service: usize) -> bool {
        let Some(account) = self.accounts.get(service) else {
            return false;
        };
        self.until_free(account).await;
        let definition = self.world.definition;
        let next = account.borrow().next_call(|kind| definition.offers(kind));
        if let Some(kind) = next {
            let node = self.world.random.borrow_mut().below(16);
            let manner = Manner {
                node: usize::try_from(node).unwrap_or_default(),
                also: None,
                hangs_up_after: None,
            };
            self.make(account, kind, manner).await;
        }
        account.borrow_mut().calling = false;
        next.is_some()
    }

    /// The cron: it fetches results whose callers were told "pending".
    pub async fn fetch_owed(self: Rc<Self>, service: usize) {
        let owed = {
            let journal = self.world.journal.borrow();
            let Some(account) = self.accounts.get(service) else {
                return;
            };
            let latest = journal.latest(&account.borrow().reference);
            latest
                .filter(|operation| operation.owed)
                .map(|operation| operation.kind)
        };
        let (Some(kind), Some(account)) = (owed, self.accounts.get(service)) else {
            return;
        };
        self.until_free(account).await;
        let manner = Manner {
            node: 0,
            also: None,
            hangs_up_after: None,
        };
        self.make(account, kind, manner).await;
        account.borrow_mut().calling = false;
    }

    async fn until_free(&self, account: &RefCell<Account>) {
        while account.borrow().calling {
            self.world.runtime.sleep(Duration::from_millis(50)).await;
        }
        account.borrow_mut().calling = true;
    }

    async fn make(&self, account: &RefCell<Account>, kind: OperationKind, manner: Manner) {
        let world = &self.world;
        let sent = account.borrow().clone();
        let mut answers = vec![self.send(&sent, kind, manner.node, manner.hangs_up_after)];
        if let Some(also) = manner.also {
            world.meet(Situation::SameCallTwice);
            answers.push(self.send(&sent, kind, also, None));
        }
        for answer in answers {
            let report = match answer.until(Duration::MAX).await {
                Waited::Came(report) => report,
                Waited::Never | Waited::TooLate => Report::Failed("no answer".to_owned()),
            };
            world.tell(|| {
                let reference = &sent.reference;
                match &report {
                    Report::Succeeded(_) | Report::SucceededBefore(_) => {
                        format!("billing side: {kind} of {reference} is done")
                    }
                    Report::Pending => format!("billing side: {kind} of {reference} is pending"),
                    Report::Failed(why) => {
                        format!("billing side: {kind} of {reference} failed: {why}")
                    }
                }
            });
            if matches!(&report, Report::Failed(why) if why.trim().is_empty()) {
                world.is_wrong(|| format!("{kind} of {} failed without a word", sent.reference));
            }
            let is_in_doubt = !matches!(report, Report::Succeeded(_));
            account.borrow_mut().note(kind, &sent, report);
            if kind == OperationKind::Terminate && is_in_doubt {
                // Whoever creates before the vendor's lists show the end is told that all is well.
                world.runtime.sleep(world.surroundings.list_lag).await;
            }
        }
    }

    /// Calls a gateway that answers at all; the call goes on by itself.
    fn send(
        &self,
        sent: &Account,
        kind: OperationKind,
        node: usize,
        hangs_up_after: Option<Duration>,
    ) -> Signal<'w, Report> {
        let world = Rc::clone(&self.world);
        world.meet(Situation::Call);
        let (sender, answer) = signal(&world.runtime);
        let nodes = self.machines.len().max(1);
        let gateway = (0..nodes).find_map(|more| self.gateway((node + more) % nodes));
        let Some(gateway) = gateway else {
            sender.send(Report::Failed("connection refused".to_owned()));
            return answer;
        };
        let deadline = Duration::from_secs(world.random.borrow_mut().between(5, 60));
        world.tell(|| {
            let reference = &sent.reference;
            format!(
                "billing side: calls gateway {} to {kind} {reference}, for at most {deadline:?}",
                gateway.number + 1
            )
        });
        let call = Call {
            kind,
            reference: sent.reference.clone(),
            input: sent.input(),
            deadline,
        };
        let runtime = world.runtime.clone();
        let outside = world.outside;
        runtime.clone().spawn(outside, async move {
            runtime.sleep(world.latency()).await;
            let (reporter, report) = signal(&runtime);
            let process = gateway.process;
            let handler = runtime.spawn(process, async move {
                reporter.send(gateway.call(call).await);
            });
            let patience = hangs_up_after.unwrap_or(deadline + BEYOND_DEADLINE);
            let report = match report.until(runtime.now() + patience).await {
                Waited::Came(report) => report,
                Waited::Never => Report::Failed("the connection was closed".to_owned()),
                Waited::TooLate => {
                    world.meet(Situation::CallerHangsUp);
                    runtime.abort(handler);
                    Report::Failed("no answer in time".to_owned())
                }
            };
            runtime.sleep(world.latency()).await;
            sender.send(report);
        });
        answer
    }
}
