use super::*;
use proptest::prelude::*;

/// Names, hint of a branch, build.
type Parsed = (Vec<String>, Option<String>, Option<String>);

fn parse(text: &str) -> Result<Parsed, ReferenceError> {
    let address = JenkinsAddress::new(
        "http://jenkins:8080/ci/".parse().unwrap(),
        "https://ci.example.com/jenkins/".parse().unwrap(),
    );
    let reference = JobReference::parse(text, &address)?;
    Ok((
        reference.names,
        reference.branch_hint,
        reference.build.map(BuildSelector::to_segment),
    ))
}

#[track_caller]
fn check(text: &str, names: &[&str], build: Option<&str>) {
    let expected = (
        names.iter().map(|name| (*name).to_owned()).collect(),
        None,
        build.map(str::to_owned),
    );
    assert_eq!(parse(text), Ok(expected), "{text}");
}

#[test]
fn typed_names() {
    check("a", &["a"], None);
    check(
        " a/b c//feature/foo/ ",
        &["a", "b c", "feature", "foo"],
        None,
    );
    check(
        "folder » my job » main",
        &["folder", "my job", "main"],
        None,
    );
    check("repo/feature%252Ffoo", &["repo", "feature%252Ffoo"], None);
    check("job", &["job"], None);
    check("100% ключ", &["100% ключ"], None);
    assert_eq!(parse(" / "), Err(ReferenceError::Empty));
    assert_eq!(parse("a/../b"), Err(ReferenceError::Dots));
}

#[test]
fn pasted_addresses() {
    check(
        "https://ci.example.com/jenkins/job/a/job/b%20c/",
        &["a", "b c"],
        None,
    );
    check(
        "<https://ci.example.com/jenkins/job/a/12/console>",
        &["a"],
        Some("12"),
    );
    check(
        "http://jenkins:8080/ci/job/a/job/feature%252Ffoo/lastBuild/",
        &["a", "feature%2Ffoo"],
        Some("lastBuild"),
    );
    check(
        "https://ci.example.com/jenkins/view/all/job/a/view/x/job/b/7/",
        &["a", "b"],
        Some("7"),
    );
    check(
        "https://ci.example.com/jenkins/user/bob/my-views/view/v/job/a/configure",
        &["a"],
        None,
    );
    check(
        "HTTPS://ci.example.com/jenkins/job/job/job/job/3/",
        &["job", "job"],
        Some("3"),
    );
    check("/job/a/job/b/", &["a", "b"], None);
    assert_eq!(
        parse("https://ci.example.com/jenkins/computer/"),
        Err(ReferenceError::NoJob)
    );
    let other = |host: &str| ReferenceError::OtherServer {
        host: host.into(),
        expected: "ci.example.com".into(),
    };
    assert_eq!(
        parse("https://evil.example.com/job/a"),
        Err(other("evil.example.com"))
    );
    assert_eq!(
        parse("https://ci.example.com/job/a"),
        Err(other("ci.example.com"))
    );
    assert_eq!(
        parse("https://ci.example.com/jenkins/job/%2E%2E/job/b"),
        Ok((vec!["b".into()], None, None))
    );
    assert_eq!(parse("/job/%2E%2E/job/b"), Err(ReferenceError::Dots));
}

#[test]
fn blue_ocean_addresses() {
    let blue = "https://ci.example.com/jenkins/blue/organizations/jenkins";
    check(
        &format!("{blue}/folder%2Fjob/activity"),
        &["folder", "job"],
        None,
    );
    check(
        &format!("{blue}/job/detail/job/5/pipeline"),
        &["job"],
        Some("5"),
    );
    let branch = parse(&format!(
        "{blue}/f%2Frepo/detail/feature%252Ffoo/12/pipeline/34"
    ));
    let names = vec!["f".to_owned(), "repo".to_owned()];
    assert_eq!(
        branch,
        Ok((names, Some("feature%2Ffoo".into()), Some("12".into())))
    );
}

#[test]
fn builds() {
    assert_eq!(BuildSelector::parse("12"), Some(BuildSelector::Number(12)));
    assert_eq!(
        BuildSelector::parse(" #12"),
        Some(BuildSelector::Number(12))
    );
    assert_eq!(BuildSelector::parse("last"), Some(BuildSelector::LAST));
    assert_eq!(
        BuildSelector::parse("lastSuccessfulBuild"),
        BuildSelector::parse("last-successful")
    );
    assert_eq!(BuildSelector::parse("LASTBUILD"), Some(BuildSelector::LAST));
    for bad in [
        "",
        "0",
        "-1",
        "+1",
        "3.5",
        "abc",
        "#",
        "build",
        "99999999999999999999",
    ] {
        assert_eq!(BuildSelector::parse(bad), None, "{bad}");
    }
}

proptest! {
    #[test]
    fn never_panics(text in "\\PC{0,40}|(https?://)?[a-z/%0-9:.<>#?\\[\\]-]{0,40}") {
        if let Ok((names, ..)) = parse(&text) {
            prop_assert!(!names.is_empty());
            prop_assert!(names.iter().all(|name| !matches!(name.as_str(), "" | "." | "..")));
        }
    }
}
