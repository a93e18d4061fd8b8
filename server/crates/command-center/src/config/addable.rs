//! Which servers users may add themselves: the setting `JenkinsAddableServers`, one address on each
//! line, in which `*` stands for one whole part of the host's name.

use url::Url;

use super::problem::Problem;
use super::{Settings, address};

const SETTING: &str = "JenkinsAddableServers";
const EXAMPLE: &str = "https://*.ci.example.com";

/// Addresses that fit: any below this one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern(Url);

impl Pattern {
    fn read(line: &str) -> Result<Self, &'static str> {
        let url = address::root(line).map_err(
            |_| "the address must be https://host/path without a user name, and without * but in the host",
        )?;
        let is_whole = |label: &str| label == "*" || !label.contains('*');
        if !labels(&url).all(is_whole) {
            return Err(
                "* stands for one whole part of the host's name, as in https://*.example.com",
            );
        }
        // It would let users send tokens anywhere.
        if labels(&url).all(|label| label == "*") {
            return Err("a part of the host must be named");
        }
        Ok(Self(url))
    }

    fn fits(&self, root: &Url) -> bool {
        let Self(pattern) = self;
        pattern.scheme() == root.scheme()
            && pattern.port_or_known_default() == root.port_or_known_default()
            && labels(pattern).count() == labels(root).count()
            && labels(pattern)
                .zip(labels(root))
                .all(|(expected, label)| expected == "*" || expected == label)
            && root.path().starts_with(pattern.path())
    }
}

fn labels(url: &Url) -> impl Iterator<Item = &str> {
    url.host_str().unwrap_or_default().split('.')
}

fn parse(text: &str) -> (Vec<Pattern>, Vec<Problem>) {
    let mut patterns = Vec::new();
    let mut problems = Vec::new();
    for (index, line) in text.lines().map(str::trim).enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match Pattern::read(line) {
            Ok(pattern) => patterns.push(pattern),
            Err(what) => {
                let what = format!("Line {} is not used: {what}.", index + 1);
                problems.push(Problem::unset(SETTING, what, EXAMPLE));
            }
        }
    }
    (patterns, problems)
}

impl Settings {
    /// Whether users may add the server at this address, in the form of [`ServerAddress::root`].
    ///
    /// [`ServerAddress::root`]: super::ServerAddress::root
    #[must_use]
    pub fn may_be_added(&self, root: &Url) -> bool {
        let (patterns, _) = parse(&self.jenkins_addable_servers);
        patterns.iter().any(|pattern| pattern.fits(root))
    }

    /// Whether users may add any server at all.
    #[must_use]
    pub fn lets_users_add_servers(&self) -> bool {
        !parse(&self.jenkins_addable_servers).0.is_empty()
    }

    pub(super) fn problems_of_addable_servers(&self) -> Vec<Problem> {
        parse(&self.jenkins_addable_servers).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(lines: &str) -> Settings {
        Settings {
            jenkins_addable_servers: lines.to_owned(),
            ..Settings::default()
        }
    }

    #[test]
    fn an_address_fits_a_line() {
        let settings = settings(
            "# teams\nhttps://*.CI.example.com\nhttp://build:8080/jenkins\nhttp://10.0.0.7",
        );
        assert_eq!(settings.problems_of_addable_servers(), []);
        for (address, fits) in [
            ("https://shop.ci.example.com", true),
            ("https://shop.ci.example.com/jenkins", true),
            ("https://shop.ci.example.com:443", true),
            ("https://shop.ci.example.com:8443", false),
            ("http://shop.ci.example.com", false),
            ("https://ci.example.com", false),
            ("https://a.b.ci.example.com", false),
            ("https://ci.example.com.evil.org", false),
            ("https://shop.ci.example.com.", false),
            ("https://evil.org/shop.ci.example.com", false),
            ("http://build:8080/jenkins", true),
            ("http://build:8080/jenkins/a", true),
            ("http://build:8080/jenkinsfile", false),
            ("http://build:8080/jenkins/../other", false),
            ("http://build:8080", false),
            ("http://10.0.0.7", true),
            ("http://10.0.0.8", false),
            ("http://0x0a000007", true),
        ] {
            let root = address::root(address).unwrap();
            assert_eq!(settings.may_be_added(&root), fits, "{address}");
        }
    }

    #[test]
    fn a_line_that_cannot_be_used_lets_nothing_in() {
        for line in [
            "*",
            "https://*",
            "http://*.*",
            "https://ci*.example.com",
            "ftp://ci.example.com",
            "https://user:hunter2@ci.example.com",
            "ci.example.com",
        ] {
            let settings = settings(line);
            assert!(!settings.lets_users_add_servers(), "{line}");
            let problems = settings.problems_of_addable_servers();
            assert_eq!(problems.len(), 1, "{line}");
            assert!(!problems[0].what.contains("hunter2"), "{problems:?}");
        }
        assert!(!Settings::default().lets_users_add_servers());
    }
}
