//! What the billing side knows of one service that it sold, and what is wanted of it.

use std::collections::BTreeSet;

use causeway_definition::OperationKind as Kind;
use causeway_engine::{Input, ServiceFacts};
use serde_json::{Map, Value, json};

use crate::gateway::Report;
use crate::history::{Sold, reference};

/// Where a service is to stand, or where the billing side believes that it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Not ordered, or not created yet.
    Nowhere,
    Active,
    Suspended,
    Terminated,
}

/// A value that is wanted, and whether the last call for it has succeeded.
#[derive(Debug, Clone)]
pub struct Wish {
    pub number: u32,
    pub confirmed: bool,
}

impl Wish {
    const fn granted() -> Self {
        Self {
            number: 0,
            confirmed: true,
        }
    }

    fn want_next(&mut self) {
        self.number += 1;
        self.confirmed = false;
    }
}

/// The billing side's record of one service.
#[derive(Debug, Clone)]
pub struct Account {
    pub reference: String,
    pub sold: Sold,
    pub wanted: Stands,
    pub believed: Stands,
    /// A lifecycle call that brought no clear success: until the next one does, nothing is sure.
    pub unsure: Option<Kind>,
    /// How often in a row the calls that should have brought it there failed.
    pub failures: u32,
    pub plan: Wish,
    pub password: Wish,
    pub renewal: Wish,
    /// Due dates whose renewal has succeeded.
    pub renewed: BTreeSet<String>,
    pub properties: Map<String, Value>,
    /// How often it was removed at the vendor by hand.
    pub removals: u32,
    /// Whether it is to be created again because of that.
    pub removed: bool,
    /// Whether a call on it is under way; the billing side makes one after the other.
    pub calling: bool,
}

impl Account {
    pub fn new(number: usize, sold: Sold) -> Self {
        Self {
            reference: reference(number),
            sold,
            wanted: Stands::Nowhere,
            believed: Stands::Nowhere,
            unsure: None,
            failures: 0,
            plan: Wish::granted(),
            password: Wish::granted(),
            renewal: Wish::granted(),
            renewed: BTreeSet::new(),
            properties: Map::new(),
            removals: 0,
            removed: false,
            calling: false,
        }
    }

    /// Somebody wants this of the service; says whether there is anything to call for.
    pub fn wish(&mut self, kind: Kind) -> bool {
        let is_wanted = matches!(self.wanted, Stands::Active | Stands::Suspended);
        // Options and passwords are sold anew only for what is known to be there.
        let is_settled = is_wanted
            && self.unsure.is_none()
            && matches!(self.believed, Stands::Active | Stands::Suspended);
        match kind {
            Kind::Create if !is_wanted => self.wanted = Stands::Active,
            Kind::Suspend if is_wanted => self.wanted = Stands::Suspended,
            Kind::Unsuspend if is_wanted => self.wanted = Stands::Active,
            Kind::Terminate if is_wanted => self.wanted = Stands::Terminated,
            Kind::Renew if !is_wanted => return false,
            Kind::Renew if self.renewal.confirmed => self.renewal.want_next(),
            Kind::ChangePackage if is_settled && self.plan.confirmed => self.plan.want_next(),
            Kind::ChangePassword if is_settled && self.password.confirmed => {
                self.password.want_next();
            }
            _ => {}
        }
        true
    }

    /// The next call that brings the service to where it is wanted.
    pub fn next_call(&self, offers: impl Fn(Kind) -> bool) -> Option<Kind> {
        let is_there = matches!(self.believed, Stands::Active | Stands::Suspended)
            && !matches!(self.unsure, Some(Kind::Terminate | Kind::Create));
        // What fails again and again is not where it is believed to be.
        let tries_other = self.failures % 4 > 1;
        let towards = |kind: Kind| {
            if is_there == tries_other {
                Some(Kind::Create)
            } else {
                Some(kind)
            }
        };
        let is_sure_to_be = |stands| is_there && self.unsure.is_none() && self.believed == stands;
        match self.wanted {
            Stands::Nowhere => None,
            Stands::Terminated => (self.believed != Stands::Terminated || self.unsure.is_some())
                .then_some(Kind::Terminate),
            Stands::Suspended if !is_sure_to_be(Stands::Suspended) => towards(Kind::Suspend),
            Stands::Active if !is_sure_to_be(Stands::Active) => towards(Kind::Unsuspend),
            Stands::Suspended | Stands::Active => [
                (Kind::ChangePackage, &self.plan),
                (Kind::ChangePassword, &self.password),
                (Kind::Renew, &self.renewal),
            ]
            .into_iter()
            .find(|(kind, wish)| !wish.confirmed && offers(*kind))
            .map(|(kind, _)| kind),
        }
    }

    /// Somebody has seen that the service is gone at the vendor: it is to be created again.
    pub fn note_removal(&mut self) {
        self.removals += 1;
        self.is_gone();
    }

    /// When all is calm, somebody looks whether what was removed by hand is there again: a call that
    /// joined an older one was told what that one had seen.
    pub fn look_after_removal(&mut self) {
        if self.removals > 0 && matches!(self.wanted, Stands::Active | Stands::Suspended) {
            self.is_gone();
        }
    }

    fn is_gone(&mut self) {
        self.removed = true;
        self.believed = Stands::Nowhere;
        self.unsure = Some(Kind::Create);
    }

    /// What came of a call that was made with these wishes.
    pub fn note(&mut self, kind: Kind, sent: &Self, report: Report) {
        let properties = match report {
            Report::Succeeded(properties) => properties,
            Report::SucceededBefore(properties) => {
                if self.removed {
                    // What was done long ago says nothing of what was removed since: staff who look
                    // at the vendor run the command again.
                    return;
                }
                properties
            }
            Report::Failed(_) | Report::Pending => {
                self.failures += 1;
                if is_lifecycle(kind) {
                    self.unsure = Some(kind);
                }
                return;
            }
        };
        self.failures = 0;
        self.properties = properties;
        let stands = match kind {
            Kind::Create | Kind::Unsuspend => Stands::Active,
            Kind::Suspend => Stands::Suspended,
            Kind::Terminate => Stands::Terminated,
            Kind::ChangePackage => {
                self.plan.confirmed |= self.plan.number == sent.plan.number;
                return;
            }
            Kind::ChangePassword => {
                self.password.confirmed |= self.password.number == sent.password.number;
                return;
            }
            Kind::Renew => {
                self.renewal.confirmed |= self.renewal.number == sent.renewal.number;
                self.renewed.insert(sent.due_date());
                return;
            }
            _ => return,
        };
        self.believed = stands;
        // A create finds what is there, suspended or not.
        let says_nothing =
            kind == Kind::Create && matches!(self.unsure, Some(Kind::Suspend | Kind::Unsuspend));
        if !says_nothing {
            self.unsure = None;
        }
        self.removed = false;
        if self.removals != sent.removals && stands != Stands::Terminated {
            // What the call has seen may be what is gone since.
            self.is_gone();
        }
    }

    pub fn email(&self) -> String {
        format!("client-{}@example.com", self.sold.client + 1)
    }

    pub fn domain(&self) -> String {
        format!("domain-{}.example", self.sold.domain + 1)
    }

    pub fn plan_name(&self) -> &'static str {
        ["basic", "pro"][self.plan.number as usize % 2]
    }

    pub fn password_text(&self) -> String {
        format!("s3cret-{}-{}", self.reference, self.password.number)
    }

    /// The date until which the service is paid.
    pub fn due_date(&self) -> String {
        let months = self.renewal.number;
        format!("{}-{:02}-01", 2026 + months / 12, 1 + months % 12)
    }

    /// What the billing side says with every call.
    pub fn input(&self) -> Input {
        let as_map = |value: Value| match value {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        Input {
            domain: self.domain(),
            password: Some(self.password_text()),
            client: as_map(json!({
                "firstname": "Ada", "lastname": "Lovelace", "email": self.email(),
            })),
            options: as_map(json!({"plan": self.plan_name()})),
            service: ServiceFacts {
                status: format!("{:?}", self.believed),
                next_due_date: self.due_date(),
                ..ServiceFacts::default()
            },
            properties: self.properties.clone(),
            ..Input::default()
        }
    }
}

fn is_lifecycle(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Create | Kind::Suspend | Kind::Unsuspend | Kind::Terminate
    )
}
