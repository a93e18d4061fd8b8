//! The course of a watched build, without input or output.
//!
//! [`advance`] takes what is known, what was just seen, and the time; it answers what is known now.
//! It never tells as done what was not seen done: an answer that is missing, late or strange leaves
//! the state as it is, and only a long silence ends a watch, with a verdict that says so.

use serde::{Deserialize, Serialize};

use super::state::{AskedInput, BuildState, Outcome, Running, Verdict};

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// A queue item or build that Jenkins does not know is looked for this long: Jenkins may be
/// restarting, or has not yet written the build.
const VANISHED_FOR: i64 = MINUTE;
/// A refused token may be replaced within this time.
const REFUSED_FOR: i64 = HOUR;
/// Jenkins may be away this long (an upgrade over a weekend is not).
const AWAY_FOR: i64 = 24 * HOUR;
/// No build is watched longer than this.
const WATCHED_FOR: i64 = 7 * 24 * HOUR;

/// What is known of a watched build, and what to look at next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is shown.
    pub state: BuildState,
    /// What to ask Jenkins next.
    pub ask: Ask,
    /// When the state last changed its kind, in milliseconds since 1970.
    pub since: i64,
    /// When the watch began, in milliseconds since 1970.
    pub began: i64,
    /// What stands in the way of an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<TroubleNote>,
    /// Since when Jenkins does not know what is asked for, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vanished: Option<i64>,
}

/// What to ask Jenkins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Ask {
    /// The queue item. Jenkins forgets it five minutes after its build began.
    QueueItem {
        /// Its id.
        queue_id: u64,
    },
    /// The builds of the job, for the one that came from this queue item.
    BuildOfQueueItem {
        /// Its id.
        queue_id: u64,
    },
    /// The build.
    Build {
        /// Its number.
        number: u64,
    },
}

/// What was seen at Jenkins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// The queue item waits.
    Waiting {
        /// Jenkins' own words for why.
        why: Option<String>,
        /// Jenkins thinks that it waits for too long.
        stuck: bool,
    },
    /// The queue item was cancelled.
    Cancelled,
    /// A build with this number came from the queue item.
    Left {
        /// The build's number.
        number: u64,
    },
    /// The build.
    Build(BuildSeen),
    /// The build still runs; more was not asked.
    Unchanged,
    /// Jenkins does not know what was asked for.
    Unknown,
    /// There was no answer to go by.
    Trouble(Trouble),
}

/// A build as Jenkins describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildSeen {
    /// Its number.
    pub number: u64,
    /// Whether it still runs (pipelines: also while post-build work runs).
    pub building: bool,
    /// Its result's name. A running build can have one already.
    pub result: Option<String>,
    /// When it began, in milliseconds since 1970.
    pub started_at: i64,
    /// How long it ran, in milliseconds; 0 while it runs.
    pub duration: u64,
    /// How long Jenkins expects it to take, in milliseconds.
    pub expected: Option<u64>,
    /// The pipeline stage it is in, or failed in.
    pub stage: Option<String>,
    /// It waits for somebody's input.
    pub waits_for_input: bool,
    /// What it asks, as far as that is shown.
    pub inputs: Vec<AskedInput>,
}

/// Why there was no answer to go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// No connection, a timeout, a proxy's error page, or an answer that is not Jenkins'.
    Unreachable,
    /// Jenkins is starting or restarting.
    Starting,
    /// The requester's token is not valid any more, or may not read the job.
    Refused,
}

/// A trouble that lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TroubleNote {
    /// Which.
    pub trouble: Trouble,
    /// Since when, in milliseconds since 1970.
    pub since: i64,
    /// How many times in a row.
    pub times: u32,
}

impl Progress {
    /// The beginning: Jenkins took the request and gave it this queue id.
    #[must_use]
    pub fn queued(queue_id: u64, now: i64) -> Self {
        Self {
            state: BuildState::Queued {
                why: None,
                stuck: false,
            },
            ask: Ask::QueueItem { queue_id },
            since: now,
            began: now,
            trouble: None,
            vanished: None,
        }
    }

    /// The beginning with a build that runs already.
    #[must_use]
    pub fn running(number: u64, started_at: i64, now: i64) -> Self {
        let running = Running {
            number,
            started_at,
            ..Running::default()
        };
        Self {
            state: BuildState::Running(running),
            ask: Ask::Build { number },
            ..Self::queued(0, now)
        }
    }

    /// How it ended, when it did.
    #[must_use]
    pub fn outcome(&self) -> Option<&Outcome> {
        match &self.state {
            BuildState::Finished(outcome) => Some(outcome),
            BuildState::Queued { .. } | BuildState::Running(_) => None,
        }
    }

    fn number(&self) -> Option<u64> {
        match (&self.state, self.ask) {
            (BuildState::Running(running), _) => Some(running.number),
            (_, Ask::Build { number }) => Some(number),
            _ => None,
        }
    }

    fn stage(&self) -> Option<String> {
        match &self.state {
            BuildState::Running(running) => running.stage.clone(),
            BuildState::Queued { .. } | BuildState::Finished(_) => None,
        }
    }

    /// The end by this verdict, which Jenkins did not give.
    #[must_use]
    pub fn ended(&self, verdict: Verdict, now: i64) -> Self {
        let outcome = Outcome {
            verdict,
            number: self.number(),
            duration: None,
            stage: self.stage(),
        };
        Self {
            state: BuildState::Finished(outcome),
            since: now,
            trouble: None,
            vanished: None,
            ..self.clone()
        }
    }

    fn answered(&self) -> Self {
        Self {
            trouble: None,
            vanished: None,
            ..self.clone()
        }
    }
}

/// What is known after `seen` at `now` (milliseconds since 1970). A finished watch stays as it is.
#[must_use]
pub fn advance(progress: &Progress, seen: Seen, now: i64) -> Progress {
    if progress.outcome().is_some() {
        return progress.clone();
    }
    let next = match seen {
        Seen::Trouble(trouble) => in_trouble(progress, trouble, now),
        Seen::Unknown => unknown(progress, now),
        Seen::Cancelled => progress.ended(Verdict::Cancelled, now),
        Seen::Waiting { why, stuck } => waiting(progress, why, stuck),
        Seen::Left { number } => Progress {
            ask: Ask::Build { number },
            ..progress.answered()
        },
        Seen::Build(build) => of_build(progress, build, now),
        Seen::Unchanged => progress.answered(),
    };
    if next.outcome().is_none() && now.saturating_sub(progress.began) > WATCHED_FOR {
        return next.ended(Verdict::TooLong, now);
    }
    next
}

fn waiting(progress: &Progress, why: Option<String>, stuck: bool) -> Progress {
    match progress.state {
        BuildState::Queued { .. } => Progress {
            state: BuildState::Queued { why, stuck },
            ..progress.answered()
        },
        // A build that runs does not wait any more, whatever an old answer says.
        BuildState::Running(_) | BuildState::Finished(_) => progress.answered(),
    }
}

fn of_build(progress: &Progress, build: BuildSeen, now: i64) -> Progress {
    let verdict = build
        .result
        .as_deref()
        .filter(|_| !build.building)
        .and_then(Verdict::from_jenkins);
    if let Some(verdict) = verdict {
        let stage = if verdict == Verdict::Success {
            None
        } else {
            build.stage.or_else(|| progress.stage())
        };
        let outcome = Outcome {
            verdict,
            number: Some(build.number),
            duration: Some(build.duration),
            stage,
        };
        return Progress {
            state: BuildState::Finished(outcome),
            since: now,
            ..progress.answered()
        };
    }
    let since = match progress.state {
        BuildState::Running(_) => progress.since,
        BuildState::Queued { .. } | BuildState::Finished(_) => now,
    };
    let running = Running {
        number: build.number,
        started_at: build.started_at,
        expected: build.expected,
        stage: build.stage,
        waits_for_input: build.waits_for_input,
        inputs: build.inputs,
    };
    Progress {
        state: BuildState::Running(running),
        ask: Ask::Build {
            number: build.number,
        },
        since,
        ..progress.answered()
    }
}

fn unknown(progress: &Progress, now: i64) -> Progress {
    let since = progress.vanished.unwrap_or(now);
    let next = Progress {
        trouble: None,
        vanished: Some(since),
        ..progress.clone()
    };
    let gave_up = now.saturating_sub(since) >= VANISHED_FOR;
    match progress.ask {
        // Forgotten five minutes after its build began, or lost in a restart: the builds know.
        Ask::QueueItem { queue_id } => Progress {
            ask: Ask::BuildOfQueueItem { queue_id },
            ..next
        },
        Ask::BuildOfQueueItem { .. } if gave_up => next.ended(Verdict::QueueItemVanished, now),
        // A restarted Jenkins loads its queue before its jobs or after: ask both in turn.
        Ask::BuildOfQueueItem { queue_id } => Progress {
            ask: Ask::QueueItem { queue_id },
            ..next
        },
        Ask::Build { .. } if gave_up => next.ended(Verdict::BuildDeleted, now),
        Ask::Build { .. } => next,
    }
}

fn in_trouble(progress: &Progress, trouble: Trouble, now: i64) -> Progress {
    let note = match &progress.trouble {
        Some(note) if is_same_kind(note.trouble, trouble) => TroubleNote {
            trouble,
            since: note.since,
            times: note.times.saturating_add(1),
        },
        _ => TroubleNote {
            trouble,
            since: now,
            times: 1,
        },
    };
    let lasted = now.saturating_sub(note.since);
    let verdict = match trouble {
        Trouble::Refused => (lasted >= REFUSED_FOR).then_some(Verdict::AccessLost),
        Trouble::Unreachable | Trouble::Starting => {
            (lasted >= AWAY_FOR).then_some(Verdict::Unreachable)
        }
    };
    match verdict {
        Some(verdict) => progress.ended(verdict, now),
        // What Jenkins did not know before it went away proves nothing when it is back.
        None => Progress {
            trouble: Some(note),
            vanished: None,
            ..progress.clone()
        },
    }
}

/// A Jenkins that restarts is first unreachable and then starting: one absence.
fn is_same_kind(a: Trouble, b: Trouble) -> bool {
    (a == Trouble::Refused) == (b == Trouble::Refused)
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
