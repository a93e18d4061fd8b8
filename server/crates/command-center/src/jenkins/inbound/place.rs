//! Which job and build an address or path is about.
//!
//! The host in what a sender writes is never believed, nor followed: only names are read, and the
//! server is the one that the source was set up for.

use url::Url;

use crate::jenkins::address::decode_segments;
use crate::jenkins::{JenkinsAddress, JobPath};

/// The job and, if there is one, the build's number, from `job/a/job/b/5/` or an address with this
/// below the root of Jenkins.
#[must_use]
pub fn of_path(text: &str, address: Option<&JenkinsAddress>) -> Option<(JobPath, Option<u64>)> {
    let text = text.trim();
    let path = match Url::parse(text) {
        Ok(url) if url.has_host() => below_root(url.path(), address),
        _ => text.split(['?', '#']).next().unwrap_or_default().to_owned(),
    };
    of_segments(&decode_segments(&path))
}

/// A job by its full name, `folder/job`, whose names may be encoded.
#[must_use]
pub fn of_full_name(name: &str) -> Option<JobPath> {
    let names = name
        .split('/')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    JobPath::new(names.map(str::to_owned).collect()).ok()
}

/// A context path may itself contain `/job/`.
fn below_root(path: &str, address: Option<&JenkinsAddress>) -> String {
    let roots = address
        .into_iter()
        .flat_map(|address| [address.public_root().path(), address.internal_root().path()]);
    let longest = roots
        .filter(|root| path.starts_with(root))
        .max_by_key(|root| root.len());
    let below = longest.map_or(path, |root| &path[root.len()..]);
    below.to_owned()
}

fn of_segments(segments: &[String]) -> Option<(JobPath, Option<u64>)> {
    let start = segments.iter().position(|segment| segment == "job")?;
    let mut rest = &segments[start..];
    let mut names = Vec::new();
    while let [job, name, further @ ..] = rest
        && job == "job"
    {
        names.push(name.clone());
        rest = further;
    }
    let number = rest.first().and_then(|segment| segment.parse().ok());
    Some((JobPath::new(names).ok()?, number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn address() -> JenkinsAddress {
        let root = |text: &str| Url::parse(text).unwrap();
        JenkinsAddress::new(
            root("http://ci:8080/job/x/"),
            root("https://ci.example.com/"),
        )
    }

    fn read(text: &str) -> Option<(String, Option<u64>)> {
        let (job, number) = of_path(text, Some(&address()))?;
        Some((job.full_name(), number))
    }

    #[test]
    fn only_names_are_read() {
        let expected = |name: &str, number| Some((name.to_owned(), number));
        assert_eq!(read("job/a/job/b%20c/5/"), expected("a/b c", Some(5)));
        assert_eq!(
            read("/job/repo/job/feature%252Ffoo/12"),
            expected("repo/feature%2Ffoo", Some(12))
        );
        assert_eq!(
            read("https://evil.example.com/jenkins/job/a/7/console?x=/job/b/8"),
            expected("a", Some(7))
        );
        assert_eq!(
            read("http://ci:8080/job/x/job/a/7/"),
            expected("a", Some(7))
        );
        assert_eq!(read("job/a/"), expected("a", None));
        assert_eq!(read("job/matrix/AXIS=1/7/"), expected("matrix", None));
        for text in [
            "",
            "https://ci.example.com/",
            "job",
            "job/",
            "view/all/",
            "job/%2e%2e/5/",
            "\u{0}",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(of_full_name("a/b%2Fc").unwrap().full_name(), "a/b%2Fc");
        assert_eq!(of_full_name("/"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}|(https?://)?[a-z%0-9/:.?#é-]{0,40}") {
            let _ = of_path(&text, Some(&address()));
        }
    }
}
