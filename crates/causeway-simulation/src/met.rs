//! Which situations were met: a campaign that never meets one of them proves nothing about it.

use std::collections::BTreeMap;
use std::fmt;

use crate::fault::Fault;

/// Something that a history came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Situation {
    Call,
    SameCallTwice,
    CallJoined,
    CallBehindAnother,
    CallPending,
    ResultOwed,
    CallerHangsUp,
    Exchange,
    Kill,
    KillWithRequestOnTheWay,
    Pause,
    PauseBeforeSending,
    LeaseLost,
    LeaseAwaited,
    TakenOver,
    CommitByStaleGateway,
    TurnAwaited,
    TurnAwaitedAmongNodes,
    JournalAway,
    CommitWithoutAnswer,
    ClockJump,
    DayPassed,
    RemovedByHand,
    DoubtInherited,
    DoubtSettledByLooking,
    ItemAdopted,
    ClaimRefused,
    SecondCreateSent,
    ActedLate,
    KnownByKey,
    NeedsAttention,
    ResolvedAdopt,
    ResolvedAgain,
    ResolvedDone,
    ResolvedAbandon,
    NextLife,
    Fault(Fault),
}

impl Situation {
    /// Everything that a campaign should meet.
    pub fn all() -> impl Iterator<Item = Self> {
        use Situation as S;
        [
            S::Call,
            S::SameCallTwice,
            S::CallJoined,
            S::CallBehindAnother,
            S::CallPending,
            S::ResultOwed,
            S::CallerHangsUp,
            S::Exchange,
            S::Kill,
            S::KillWithRequestOnTheWay,
            S::Pause,
            S::PauseBeforeSending,
            S::LeaseLost,
            S::LeaseAwaited,
            S::TakenOver,
            S::CommitByStaleGateway,
            S::TurnAwaited,
            S::TurnAwaitedAmongNodes,
            S::JournalAway,
            S::CommitWithoutAnswer,
            S::ClockJump,
            S::DayPassed,
            S::RemovedByHand,
            S::DoubtInherited,
            S::DoubtSettledByLooking,
            S::ItemAdopted,
            S::ClaimRefused,
            S::SecondCreateSent,
            S::ActedLate,
            S::KnownByKey,
            S::NeedsAttention,
            S::ResolvedAdopt,
            S::ResolvedAgain,
            S::ResolvedDone,
            S::ResolvedAbandon,
            S::NextLife,
        ]
        .into_iter()
        .chain(Fault::ALL.into_iter().map(S::Fault))
    }
}

impl fmt::Display for Situation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Call => "calls of the billing side",
            Self::SameCallTwice => "the same call twice at once",
            Self::CallJoined => "calls that joined an open one",
            Self::CallBehindAnother => "calls behind another on the service",
            Self::CallPending => "calls answered pending",
            Self::ResultOwed => "results handed over later",
            Self::CallerHangsUp => "callers that hung up",
            Self::Exchange => "exchanges with the vendor",
            Self::Kill => "gateways killed",
            Self::KillWithRequestOnTheWay => "kills with a request on its way",
            Self::Pause => "gateways that stood still",
            Self::PauseBeforeSending => "pauses just before a request",
            Self::LeaseLost => "leases lost",
            Self::LeaseAwaited => "requests that waited for a lease",
            Self::TakenOver => "operations taken over",
            Self::CommitByStaleGateway => "commits refused to a stale gateway",
            Self::TurnAwaited => "turns awaited",
            Self::TurnAwaitedAmongNodes => "turns awaited among gateways",
            Self::JournalAway => "verbs while the journal was away",
            Self::CommitWithoutAnswer => "commits whose answer was lost",
            Self::ClockJump => "clocks that jumped",
            Self::DayPassed => "days that passed",
            Self::RemovedByHand => "services removed by hand",
            Self::DoubtInherited => "doubts inherited",
            Self::DoubtSettledByLooking => "doubts settled",
            Self::ItemAdopted => "items adopted",
            Self::ClaimRefused => "claims refused",
            Self::SecondCreateSent => "creates sent again",
            Self::ActedLate => "requests acted on late",
            Self::KnownByKey => "requests known by their key",
            Self::NeedsAttention => "operations that needed attention",
            Self::ResolvedAdopt => "resolved: adopt",
            Self::ResolvedAgain => "resolved: again",
            Self::ResolvedDone => "resolved: done",
            Self::ResolvedAbandon => "resolved: abandon",
            Self::NextLife => "services created again after their end",
            Self::Fault(fault) => return write!(formatter, "fault: {fault}"),
        })
    }
}

/// How often each situation was met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Met(BTreeMap<Situation, u64>);

impl Met {
    pub(crate) fn count(&mut self, situation: Situation) {
        *self.0.entry(situation).or_default() += 1;
    }

    /// How often a situation was met.
    pub fn times(&self, situation: Situation) -> u64 {
        self.0.get(&situation).copied().unwrap_or_default()
    }

    /// These, and those of another history.
    pub fn add(&mut self, other: &Self) {
        for (situation, times) in &other.0 {
            *self.0.entry(*situation).or_default() += times;
        }
    }

    /// What was never met.
    pub fn missing(&self) -> Vec<Situation> {
        Situation::all()
            .filter(|situation| self.times(*situation) == 0)
            .collect()
    }
}

impl fmt::Display for Met {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for situation in Situation::all() {
            let times = self.times(situation);
            writeln!(formatter, "{times:>12}  {situation}")?;
        }
        Ok(())
    }
}
