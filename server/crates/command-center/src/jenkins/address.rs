//! Where Jenkins is, for us and for people.

use percent_encoding::percent_decode_str;
use url::Url;

/// The two addresses of one Jenkins. Requests go to the internal one; links lead to the public one.
///
/// Jenkins writes addresses of its own into its answers, by a root URL that its administrator typed
/// or by the request's `Host`. They are never followed: only their paths are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JenkinsAddress {
    internal: Url,
    public: Url,
}

impl JenkinsAddress {
    /// Both with a path that ends in `/`, as the settings give them.
    #[must_use]
    pub fn new(internal: Url, public: Url) -> Self {
        Self { internal, public }
    }

    /// The root for requests.
    #[must_use]
    pub fn internal_root(&self) -> &Url {
        &self.internal
    }

    /// The root for people.
    #[must_use]
    pub fn public_root(&self) -> &Url {
        &self.public
    }

    /// Where to send a request. Segments are names as they are; each is encoded once.
    #[must_use]
    pub fn endpoint<S: AsRef<str>>(&self, segments: impl IntoIterator<Item = S>) -> Url {
        below(&self.internal, segments)
    }

    /// A page for people, ending in `/`.
    #[must_use]
    pub fn page<S: AsRef<str>>(&self, segments: impl IntoIterator<Item = S>) -> Url {
        let mut url = below(&self.public, segments);
        let path = format!("{}/", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url
    }

    /// The decoded segments of an address below either root; `None` if it belongs to another server
    /// or lies outside of the context path. `http` and `https` of one host are the same server.
    #[must_use]
    pub fn segments_of(&self, url: &Url) -> Option<Vec<String>> {
        [&self.public, &self.internal]
            .into_iter()
            .find_map(|root| segments_below(root, url))
    }
}

fn below<S: AsRef<str>>(root: &Url, segments: impl IntoIterator<Item = S>) -> Url {
    let mut url = root.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        // Encodes `%`, `/`, `?` and `#` inside a segment.
        path.pop_if_empty().extend(segments);
    }
    url
}

fn segments_below(root: &Url, url: &Url) -> Option<Vec<String>> {
    let default_ports = root.port().is_none() && url.port().is_none();
    let same_port = default_ports || root.port_or_known_default() == url.port_or_known_default();
    if root.host() != url.host() || !same_port || !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let rest = match url.path().strip_prefix(root.path()) {
        Some(rest) => rest,
        None if url.path() == root.path().trim_end_matches('/') => "",
        None => return None,
    };
    Some(decode_segments(rest))
}

/// The names in a path, each decoded once; empty segments do not count.
pub(crate) fn decode_segments(path: &str) -> Vec<String> {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(decode)
        .collect()
}

/// Percent-decodes once; what is no UTF-8 is replaced.
pub(crate) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn address(internal: &str, public: &str) -> JenkinsAddress {
        JenkinsAddress::new(internal.parse().unwrap(), public.parse().unwrap())
    }

    #[test]
    fn names_are_encoded_once() {
        let address = address("http://jenkins:8080/ci/", "https://ci.example.com/");
        let segments = [
            "job",
            "a b",
            "job",
            "feature%2Ffoo",
            "job",
            "100% ключ?#",
            "api",
            "json",
        ];
        assert_eq!(
            address.endpoint(segments).as_str(),
            "http://jenkins:8080/ci/job/a%20b/job/feature%252Ffoo/job/100%25%20%D0%BA%D0%BB%D1%8E%D1%87%3F%23/api/json"
        );
        assert_eq!(
            address.page(["job", "a"]).as_str(),
            "https://ci.example.com/job/a/"
        );
        assert_eq!(address.page::<&str>([]).as_str(), "https://ci.example.com/");
    }

    #[test]
    fn addresses_below_either_root_are_known() {
        let address = address("http://jenkins:8080/ci/", "https://ci.example.com/jenkins/");
        let segments = |url: &str| address.segments_of(&url.parse().unwrap());
        let known = Some(vec!["job".to_owned(), "a b".to_owned()]);
        assert_eq!(segments("https://ci.example.com/jenkins/job/a%20b/"), known);
        assert_eq!(
            segments("http://CI.example.com/jenkins//job/a%20b?x=y#z"),
            known
        );
        assert_eq!(segments("http://jenkins:8080/ci/job/a%20b"), known);
        assert_eq!(segments("http://jenkins:8080/ci"), Some(vec![]));
        for foreign in [
            "https://evil/jenkins/job/a",
            "https://ci.example.com/job/a",
            "https://jenkins/ci/job/a",
            "ftp://jenkins:8080/ci/job/a",
            "http://jenkins:8080/cix",
        ] {
            assert_eq!(segments(foreign), None, "{foreign}");
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(names in prop::collection::vec("\\PC{1,12}", 1..4)) {
            let names: Vec<String> = names.into_iter().filter(|name| !matches!(name.as_str(), "." | "..")).collect();
            let address = address("http://jenkins/ci/", "https://public/");
            prop_assert_eq!(address.segments_of(&address.endpoint(&names)), Some(names.clone()));
            prop_assert_eq!(address.segments_of(&address.page(&names)), Some(names));
        }
    }
}
