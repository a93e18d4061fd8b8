use super::*;
use crate::jenkins::JobPath;
use proptest::prelude::*;

fn build(phase: Phase, result: Verdict) -> BuildReport {
    let job = JobPath::new(vec!["a".to_owned()]).unwrap();
    BuildReport {
        result: Some(result),
        ..BuildReport::new(job, 5, phase)
    }
}

#[test]
fn kinds_follow_from_two_results() {
    use Verdict::{Aborted, Failure, NotBuilt, Success, Unstable};
    for (result, previous, kinds) in [
        (Success, None, "start,success"),
        (Success, Some(Success), "start,success"),
        (Success, Some(Unstable), "start,success,fixed"),
        (Success, Some(Aborted), "start,success"),
        (Failure, None, "start,failure"),
        (Failure, Some(Success), "start,failure,regression"),
        (Failure, Some(Unstable), "start,failure,regression"),
        (Failure, Some(Failure), "start,failure,still-failing"),
        (Unstable, Some(Success), "start,unstable,regression"),
        (Unstable, Some(Failure), "start,unstable,still-failing"),
        (Aborted, Some(Success), "start,aborted"),
        (NotBuilt, Some(Failure), "start,aborted"),
    ] {
        let happened = of_build(&build(Phase::Completed, result), previous);
        assert_eq!(happened.to_string(), kinds, "{result:?} after {previous:?}");
    }
}

#[test]
fn a_result_counts_when_the_build_is_over() {
    let mut build = build(Phase::Started, Verdict::Failure);
    build.waits_for_input = true;
    assert_eq!(of_build(&build, None).to_string(), "start,input");
    build.phase = Phase::Queued;
    build.waits_for_input = false;
    assert!(of_build(&build, None).is_empty());
}

#[test]
fn names_are_read_as_people_write_them() {
    let kinds = EventKinds::parse("Failure, still_failing").unwrap();
    assert_eq!(kinds.to_string(), "failure,still-failing");
    assert_eq!(EventKinds::parse("all").unwrap(), EventKinds::ALL);
    let error = EventKinds::parse("failed").unwrap_err().to_string();
    assert!(
        error.starts_with("`failed` is no event. There are: start,success"),
        "{error}"
    );
    let most = EventKinds::parse("fixed,failure").unwrap().most_telling();
    assert_eq!(most, Some(EventKind::Fixed));
}

proptest! {
    #[test]
    fn shown_and_read_again(bits in 0_u16..(1 << 11)) {
        let kinds = EventKinds(bits);
        prop_assert_eq!(EventKinds::parse(&kinds.to_string()).unwrap(), kinds);
    }
}
