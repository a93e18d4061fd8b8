//! The course of a restart, without input or output.
//!
//! A Jenkins that is asked to restart safely first lets no build start, goes away when none runs any
//! more, and comes back with another session (`Jenkins.SESSION_HASH`). Only that is told as a restart.

use serde::{Deserialize, Serialize};

/// No restart is followed longer than this, in milliseconds: builds that run may take long.
const FOLLOWED_FOR: i64 = 2 * 60 * 60 * 1000;
/// So many looks in a row have to show that a restart was called off: the first may come too early.
const CALM_LOOKS: u32 = 2;

/// How far a restart is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// The request may or may not have reached Jenkins.
    Asking,
    /// Jenkins waits for the builds that run.
    Waiting {
        /// How many looks in a row showed a Jenkins that does not prepare anything.
        calm: u32,
    },
    /// Jenkins is away.
    Away {
        /// Since when, in milliseconds since 1970.
        since: i64,
    },
    /// It is over.
    Ended(End),
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "snake_case")]
pub enum End {
    /// Jenkins restarted and is back.
    Back {
        /// How long it was away, in milliseconds, if it was seen to go.
        away: Option<i64>,
    },
    /// Somebody called it off.
    CalledOff,
    /// Jenkins does not know of the request.
    NotTriggered,
    /// It took longer than restarts are followed.
    TooLong,
}

/// What was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Jenkins answers.
    Up {
        /// Whether it is another start of Jenkins than when it was asked.
        is_another: bool,
        /// Whether it lets no build start.
        quieting_down: bool,
    },
    /// Jenkins is restarting, or nothing answers at its address.
    Away,
    /// There was no answer to go by.
    Unknown,
}

/// How far it is after `seen`, at `now`; `requested_at` is when it was asked. Both in milliseconds since
/// 1970.
#[must_use]
pub fn advance(stage: Stage, seen: Seen, requested_at: i64, now: i64) -> Stage {
    let next = match (stage, seen) {
        (Stage::Ended(_), _) | (_, Seen::Unknown) => stage,
        (Stage::Away { .. }, Seen::Away) => stage,
        (_, Seen::Away) => Stage::Away { since: now },
        (
            Stage::Away { since },
            Seen::Up {
                is_another: true, ..
            },
        ) => Stage::Ended(End::Back {
            away: Some(now.saturating_sub(since)),
        }),
        (
            _,
            Seen::Up {
                is_another: true, ..
            },
        ) => Stage::Ended(End::Back { away: None }),
        (
            _,
            Seen::Up {
                quieting_down: true,
                ..
            },
        ) => Stage::Waiting { calm: 0 },
        (Stage::Asking, Seen::Up { .. }) => Stage::Ended(End::NotTriggered),
        (Stage::Waiting { calm }, Seen::Up { .. }) if calm + 1 < CALM_LOOKS => {
            Stage::Waiting { calm: calm + 1 }
        }
        (Stage::Waiting { .. }, Seen::Up { .. }) => Stage::Ended(End::CalledOff),
        // Nothing but the way to it was gone for a moment.
        (Stage::Away { .. }, Seen::Up { .. }) => Stage::Waiting { calm: 1 },
    };
    let is_late = now.saturating_sub(requested_at) > FOLLOWED_FOR;
    match next {
        Stage::Ended(_) => next,
        _ if is_late => Stage::Ended(End::TooLong),
        _ => next,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UP: Seen = Seen::Up {
        is_another: false,
        quieting_down: false,
    };
    const QUIET: Seen = Seen::Up {
        is_another: false,
        quieting_down: true,
    };
    const NEW: Seen = Seen::Up {
        is_another: true,
        quieting_down: false,
    };

    fn course(start: Stage, seen: &[Seen]) -> Stage {
        let looks = seen.iter().zip(1_i64..);
        looks.fold(start, |stage, (seen, second)| {
            advance(stage, *seen, 0, second * 1000)
        })
    }

    #[test]
    fn a_restart_is_told_when_jenkins_is_back() {
        let waiting = Stage::Waiting { calm: 0 };
        assert_eq!(course(waiting, &[QUIET, UP, QUIET]), waiting);
        assert_eq!(
            course(
                waiting,
                &[QUIET, Seen::Away, Seen::Unknown, Seen::Away, NEW]
            ),
            Stage::Ended(End::Back { away: Some(3000) })
        );
        assert_eq!(
            course(waiting, &[NEW]),
            Stage::Ended(End::Back { away: None })
        );
        assert_eq!(course(waiting, &[UP, UP]), Stage::Ended(End::CalledOff));
        assert_eq!(course(waiting, &[Seen::Away, QUIET]), waiting);
    }

    #[test]
    fn a_request_in_doubt_is_looked_for() {
        assert_eq!(
            course(Stage::Asking, &[UP]),
            Stage::Ended(End::NotTriggered)
        );
        assert_eq!(
            course(Stage::Asking, &[Seen::Unknown, QUIET]),
            Stage::Waiting { calm: 0 }
        );
    }

    proptest! {
        #[test]
        fn jenkins_is_back_only_if_it_was_seen_started_anew(
            looks in proptest::collection::vec(0_u8..4, 0..20)
        ) {
            let seen: Vec<Seen> = looks.iter().map(|look| match look {
                0 => UP,
                1 => QUIET,
                2 => Seen::Away,
                _ => Seen::Unknown,
            }).collect();
            let stage = course(Stage::Waiting { calm: 0 }, &seen);
            let is_back = matches!(stage, Stage::Ended(End::Back { .. }));
            prop_assert!(!is_back);
        }
    }
}
