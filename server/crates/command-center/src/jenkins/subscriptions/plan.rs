//! What is to be told now, of one build.

use std::sync::Arc;

use super::build_store::{BuildRecord, CardState};
use super::kind::{self, EventKind, EventKinds};
use super::rule::Rule;

/// News for one subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// Which.
    pub rule: Arc<Rule>,
    /// What happened that it was not told yet. Not empty.
    pub kinds: EventKinds,
    /// Collect it for later, until then, in milliseconds since 1970.
    pub held_until: Option<i64>,
}

/// What each subscription is to be told.
#[must_use]
pub fn tellings(record: &BuildRecord, rules: &[Arc<Rule>], now: i64) -> Vec<Telling> {
    let report = &record.report;
    let happened = kind::of_build(report, record.previous);
    let branch = report.details.branch.as_deref();
    let mut tellings = Vec::new();
    for rule in rules {
        let told = record.told.get(&rule.id).copied().unwrap_or_default();
        if happened.difference(told).is_empty()
            || !rule.includes(&record.server, &report.job, branch)
        {
            continue;
        }
        let kinds = rule.wants(happened, now).difference(told);
        if !kinds.is_empty() {
            tellings.push(Telling {
                rule: Arc::clone(rule),
                kinds,
                held_until: rule.timing.hold_until(now),
            });
        }
    }
    tellings
}

/// Whether anything is to be done about a build.
#[must_use]
pub fn has_work(record: &BuildRecord, rules: &[Arc<Rule>], now: i64) -> bool {
    needs_judgement(record) || has_old_face(record, now) || !tellings(record, rules, now).is_empty()
}

/// Whether its result has to be held against the one before.
#[must_use]
pub fn needs_judgement(record: &BuildRecord) -> bool {
    !record.is_judged && record.report.verdict().is_some()
}

fn has_old_face(record: &BuildRecord, now: i64) -> bool {
    let face = record.face(now);
    record.cards.values().any(|card| match card {
        CardState::Ours { shows, .. } => *shows != face,
        CardState::OfWatch { .. } | CardState::Gone => false,
    })
}

impl Telling {
    /// Whether it is worth a mention: what people have to act on, or all of it if they asked for
    /// nothing else.
    #[must_use]
    pub fn mentions(&self) -> bool {
        let harmless = [EventKind::Start, EventKind::Success].into_iter().collect();
        self.rule.mention.is_some()
            && (!self.kinds.difference(harmless).is_empty()
                || self.rule.events.difference(harmless).is_empty())
    }

    /// Whether it is told in the thread of the card.
    #[must_use]
    pub fn replies(&self) -> bool {
        let has_started = EventKinds::NONE.with(EventKind::Start);
        self.mentions() || (self.rule.thread && !self.kinds.difference(has_started).is_empty())
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
