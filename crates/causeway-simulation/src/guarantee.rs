//! The honest guarantee, as what is *not* played: each function says why.
//!
//! At most one service as long as the definition's `find` sees what a finished `create` made within
//! `settle` of the moment at which its answer was given up, or the vendor honours the idempotency
//! key; and a gateway is never stopped for longer than that between its last look at its lease and
//! the request. What a vendor does beyond it cannot be told from what it never did.

use std::time::Duration;

use causeway_definition::Definition;

use crate::fault::Fault;
use crate::history::{JournalKind, Surroundings};

/// What an exchange is, as far as the guarantee goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangeKind {
    /// It changes nothing.
    Look,
    /// It makes a resource; with a key that the vendor honours, or without.
    Create {
        /// Whether the vendor knows the second of two by its key.
        keyed: bool,
        /// Whether no other service takes what it made for its own.
        told_apart: bool,
    },
    /// It changes what is there; twice does no harm, or does.
    Call {
        /// Whether the second of two changes nothing more.
        repeatable: bool,
    },
}

/// Whether a fault may happen to an exchange; `was_held` when its gateway stood still just before it.
pub fn may_happen(fault: Fault, kind: ExchangeKind, was_held: bool) -> bool {
    match (fault, kind) {
        // A network that hands one POST to the vendor twice makes two before anybody can look. A
        // client sends once, and no client can do better without a key.
        (Fault::TwiceDelivered, ExchangeKind::Create { keyed: false, .. }) => false,
        (Fault::TwiceDelivered, ExchangeKind::Call { repeatable: false }) => false,
        // Of two services that nothing at the vendor tells apart, one whose create is in doubt may take
        // what the other's has just made, and end it before the other has its answer.
        (Fault::SlowAnswer, ExchangeKind::Create { told_apart, .. }) => told_apart,
        // The time in which a create may be acted on is one, whoever uses it up: a gateway that stands
        // still before it sends, or a vendor that acts late.
        (fault, _) if was_held && fault.acts_late() => false,
        // A call that is acted on after later calls on the same service undoes them: `suspend` after
        // `unsuspend`. What is there shows nothing of what is still to come, so no look helps: a
        // vendor has to act on the calls for one service in the order in which they were sent.
        (fault, ExchangeKind::Call { .. }) => !fault.acts_late(),
        _ => true,
    }
}

/// How long after its answer was given up a create may still be acted on: what it made has to be in
/// the vendor's list before `settle` has passed, because from then on an empty list is believed.
pub fn latest_act(definition: &Definition, surroundings: &Surroundings) -> Duration {
    definition
        .service
        .settle
        .saturating_sub(surroundings.list_lag)
        .saturating_sub(SLACK)
}

/// The longest that the vendor's lists may lag: as [`latest_act`].
pub fn longest_list_lag(definition: &Definition) -> Duration {
    definition.service.settle.saturating_sub(SLACK * 2)
}

/// Whether the vendor may make two users with one e-mail address. Services of one client take turns at
/// the user, and the next one waits until lists show what the last one made. With SQLite turns stand in
/// memory: a gateway that was started anew does not know that something was made just before, and a list
/// that lags does not show it.
pub fn may_double_users(journal: JournalKind, list_lag: Duration) -> bool {
    journal == JournalKind::Postgres || list_lag.is_zero()
}

/// How long a gateway may stand still between its last look at its lease and a create that leaves
/// then: another gateway that took the operation over believes an empty list after `timeout` and
/// `settle`, and no request can be called back.
pub fn longest_pause_before_create(
    definition: &Definition,
    timeout: Duration,
    surroundings: &Surroundings,
) -> Duration {
    (timeout + definition.service.settle)
        .saturating_sub(surroundings.list_lag)
        .saturating_sub(surroundings.latency * 4)
        .saturating_sub(SLACK)
}

/// How long it may stand still between its last look at its lease and a call: as long as nobody else
/// can have made a later call on the same service.
pub fn longest_pause_before_call(left_of_lease: Duration) -> Duration {
    left_of_lease.saturating_sub(SLACK)
}

/// How long it may stand still with a call that it is about to record: for less than any caller waits.
/// A caller that has given up calls for something else, and the older call, recorded after that, would
/// undo it; what a gateway finds in its hands when it wakes does not show how old it is.
pub const LONGEST_PAUSE_BEFORE_ACCEPT: Duration = Duration::from_secs(4);

/// What is on its way while something becomes visible.
const SLACK: Duration = Duration::from_millis(100);
