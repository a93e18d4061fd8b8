//! Which job or build an address of Jenkins names, on whatever host.

use serde::Deserialize;
use url::Url;

use crate::jenkins::JobPath;
use crate::jenkins::address::decode_segments;

/// A build that is mentioned somewhere.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LocatedBuildJson {
    url: String,
}

impl LocatedBuildJson {
    /// Its job.
    pub(super) fn job(&self) -> Option<JobPath> {
        build_at(&self.url).map(|(job, _)| job)
    }
}

/// The job whose page has this address.
pub(super) fn job_at(address: &str) -> Option<JobPath> {
    job_of(&segments(address)?)
}

/// The build whose page has this address.
pub(super) fn build_at(address: &str) -> Option<(JobPath, u64)> {
    let segments = segments(address)?;
    let (number, page) = segments.split_last()?;
    Some((job_of(page)?, number.parse().ok()?))
}

/// Some addresses begin at Jenkins' root.
fn segments(address: &str) -> Option<Vec<String>> {
    let path = match Url::parse(address) {
        Ok(url) => url.path().to_owned(),
        Err(url::ParseError::RelativeUrlWithoutBase) => address.to_owned(),
        Err(_) => return None,
    };
    Some(decode_segments(&path))
}

/// The names in the `job/<name>` pairs at the end.
fn job_of(segments: &[String]) -> Option<JobPath> {
    let pairs = segments
        .rchunks_exact(2)
        .take_while(|pair| pair[0] == "job");
    let mut names: Vec<String> = pairs.map(|pair| pair[1].clone()).collect();
    names.reverse();
    JobPath::new(names).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(names: &[&str]) -> Option<JobPath> {
        JobPath::new(names.iter().map(|name| (*name).to_owned()).collect()).ok()
    }

    #[test]
    fn jobs_and_builds_are_known_by_their_addresses() {
        assert_eq!(
            job_at("http://x:1/ctx/job/a/job/b%20c/"),
            path(&["a", "b c"])
        );
        assert_eq!(
            job_at("http://x/job/repo/job/feature%252Ffoo/"),
            path(&["repo", "feature%2Ffoo"])
        );
        assert_eq!(job_at("job/job/"), path(&["job"]));
        assert_eq!(
            build_at("https://x/job/a/7/"),
            Some((path(&["a"]).unwrap(), 7))
        );
        assert_eq!(build_at("job/a/7"), Some((path(&["a"]).unwrap(), 7)));
        for other in [
            "http://x/",
            "",
            "http://x/job/a/",
            "mailto:a@b",
            "http://x/job/../7",
        ] {
            assert_eq!(build_at(other), None, "{other}");
        }
    }
}
