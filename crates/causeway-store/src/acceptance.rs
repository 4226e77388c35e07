//! What becomes of a call, by the last operation of its service.

use causeway_engine::{Acceptance, Ending, NewOperation, Operation, Standing};

/// What becomes of a call.
pub(crate) struct Judgement {
    /// Nobody is owed the last operation's result any more: it is told now, or when it is there, or
    /// a new try takes its place.
    pub(crate) settles_owed: bool,
    /// The answer; none when the call begins an operation.
    pub(crate) answer: Option<Acceptance>,
}

/// Judges a call by the last operation of its service; only the last one can be open.
pub(crate) fn judge(new: &NewOperation, latest: Option<Operation>) -> Judgement {
    let answer = |answer| Judgement {
        settles_owed: false,
        answer,
    };
    let Some(latest) = latest else {
        return answer(None);
    };
    if latest.id == new.id {
        // The same call in the same words: whoever sent it did not hear the answer.
        return answer(Some(Acceptance::Joined(latest.id)));
    }
    let same = latest.kind == new.kind && latest.fingerprint == new.fingerprint;
    match &latest.standing {
        // Whoever joins is told the result. Were it owed still, a call long after would get it again,
        // whatever has happened at the vendor since.
        Standing::Open if same => Judgement {
            settles_owed: latest.owed,
            answer: Some(Acceptance::Joined(latest.id)),
        },
        Standing::Open => answer(Some(Acceptance::Busy {
            id: latest.id,
            kind: latest.kind,
        })),
        Standing::Ended(_) if !latest.owed => answer(None),
        Standing::Ended(ending) => {
            let tells = same && matches!(ending, Ending::Succeeded { .. });
            Judgement {
                settles_owed: true,
                answer: tells.then(|| {
                    Acceptance::Owed(Box::new(Operation {
                        owed: false,
                        ..latest
                    }))
                }),
            }
        }
    }
}

/// The operation that a call begins.
pub(crate) fn operation_of(new: &NewOperation) -> Operation {
    Operation {
        id: new.id,
        service: new.service.clone(),
        kind: new.kind,
        fingerprint: new.fingerprint.clone(),
        input: new.input.clone(),
        accepted_at: new.accepted_at,
        standing: Standing::Open,
        ended_at: None,
        steps_done: 0,
        owed: false,
    }
}
