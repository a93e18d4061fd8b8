//! One build, told several times, by several feeds, in any order.

use super::kind::severity;
use crate::jenkins::inbound::BuildReport;
use crate::jenkins::inbound::event::Details;

/// What is known of a build after another report of it. How far it is never goes back, and its result
/// only gets worse, whatever the order.
#[must_use]
pub fn merge(known: &BuildReport, news: &BuildReport) -> BuildReport {
    let phase = known.phase.max(news.phase);
    let results = [known, news].into_iter().filter_map(|report| report.result);
    BuildReport {
        job: known.job.clone(),
        number: known.number,
        phase,
        result: results.max_by_key(|result| severity(*result)),
        queue_id: known.queue_id.or(news.queue_id),
        started_at: earliest(known.started_at, news.started_at),
        duration: known.duration.max(news.duration),
        expected: known.expected.max(news.expected),
        stage: stage(known, news).filter(|_| !phase.is_over()),
        waits_for_input: !phase.is_over() && latest(known, news).waits_for_input,
        details: merge_details(&known.details, &news.details),
    }
}

/// The one that says more of now: reports of one phase are believed in their order.
fn latest<'a>(known: &'a BuildReport, news: &'a BuildReport) -> &'a BuildReport {
    if news.phase >= known.phase {
        news
    } else {
        known
    }
}

/// Most senders know of no stages: what is known stands until somebody knows better.
fn stage(known: &BuildReport, news: &BuildReport) -> Option<String> {
    let latest = latest(known, news).stage.as_ref();
    let any = news.stage.as_ref().or(known.stage.as_ref());
    latest.or(any).cloned()
}

fn earliest(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn merge_details(known: &Details, news: &Details) -> Details {
    Details {
        cause: known.cause.clone().or_else(|| news.cause.clone()),
        branch: known.branch.clone().or_else(|| news.branch.clone()),
        commit: known.commit.clone().or_else(|| news.commit.clone()),
        changes: longer(&known.changes, &news.changes),
        culprits: longer(&known.culprits, &news.culprits),
        parameters: longer(&known.parameters, &news.parameters),
        artifacts: longer(&known.artifacts, &news.artifacts),
        tests: [&known.tests, &news.tests]
            .into_iter()
            .flatten()
            .max_by_key(|tests| (tests.total, tests.failed))
            .cloned(),
    }
}

fn longer<T: Clone>(known: &[T], news: &[T]) -> Vec<T> {
    if news.len() > known.len() {
        news
    } else {
        known
    }
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jenkins::JobPath;
    use crate::jenkins::inbound::Phase;
    use crate::jenkins::watch::state::Verdict;
    use proptest::prelude::*;

    fn report() -> impl Strategy<Value = BuildReport> {
        let phase = prop::sample::select(vec![
            Phase::Queued,
            Phase::Started,
            Phase::Completed,
            Phase::Finalized,
        ]);
        let result = prop::option::of(prop::sample::select(vec![
            Verdict::Success,
            Verdict::Unstable,
            Verdict::Failure,
            Verdict::NotBuilt,
            Verdict::Aborted,
        ]));
        let numbers = (
            prop::option::of(0_i64..3),
            prop::option::of(0_u64..3),
            any::<bool>(),
            prop::option::of(0_u64..3),
            prop::option::of("[ab]"),
        );
        (phase, result, numbers).prop_map(|(phase, result, numbers)| {
            let (started_at, duration, input, expected, stage) = numbers;
            BuildReport {
                result,
                started_at,
                duration,
                waits_for_input: input,
                expected,
                stage,
                ..BuildReport::new(JobPath::new(vec!["a".to_owned()]).unwrap(), 1, phase)
            }
        })
    }

    fn all(reports: &[BuildReport]) -> BuildReport {
        let (first, rest) = reports.split_first().unwrap();
        let mut known = rest
            .iter()
            .fold(first.clone(), |known, news| merge(&known, news));
        // While a build runs, the order decides whether it waits, and where it is.
        known.waits_for_input = false;
        known.stage = None;
        known
    }

    proptest! {
        #[test]
        fn the_order_does_not_matter(
            reports in prop::collection::vec(report(), 1..6),
            seed in any::<prop::sample::Index>(),
        ) {
            let mut others = reports.clone();
            others.rotate_left(seed.index(reports.len()));
            others.reverse();
            prop_assert_eq!(all(&reports), all(&others));
        }

        #[test]
        fn what_comes_twice_counts_once(known in report(), news in report()) {
            let once = merge(&known, &news);
            prop_assert_eq!(merge(&once, &news), once);
        }

        #[test]
        fn nothing_goes_back(known in report(), news in report()) {
            let merged = merge(&known, &news);
            prop_assert!(merged.phase >= known.phase && merged.phase >= news.phase);
            if let Some(result) = known.result {
                prop_assert!(severity(merged.result.unwrap()) >= severity(result));
            }
        }
    }
}
