//! Addresses: what is wrong with them, and the form in which they are used.

use url::Url;

use super::problem::Problem;

const EXAMPLE: &str = "https://jenkins.example.com";

/// Why an address cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Empty,
    NoScheme,
    OtherScheme,
    NoHost,
    Credentials,
    Unreadable,
}

/// The address without query and fragment, its path ending in `/`.
pub(super) fn root(text: &str) -> Result<Url, Fault> {
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err(Fault::NoScheme);
    };
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Err(Fault::OtherScheme);
    }
    // `Url` would take the first part of the path of `https:///path` for the host.
    if rest.is_empty() || rest.starts_with(['/', '?', '#']) {
        return Err(Fault::NoHost);
    }
    let mut url = Url::parse(text).map_err(|error| match error {
        url::ParseError::EmptyHost => Fault::NoHost,
        _ => Fault::Unreadable,
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Fault::Credentials);
    }
    url.set_query(None);
    url.set_fragment(None);
    let path = format!("{}/", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

pub(super) fn problems_of_jenkins_url(text: &str) -> Vec<Problem> {
    if text.is_empty() {
        return vec![Problem::unset(
            "JenkinsURL",
            "The address of Jenkins is not set.",
            EXAMPLE,
        )];
    }
    problems_of_address("JenkinsURL", text)
}

pub(super) fn problems_of_address(setting: &'static str, text: &str) -> Vec<Problem> {
    let what = match root(text) {
        Ok(_) => return Vec::new(),
        Err(Fault::Empty) => "It is empty.",
        Err(Fault::NoScheme) => "It does not start with https:// or http://.",
        Err(Fault::OtherScheme) => "Only addresses with https:// or http:// can be used.",
        Err(Fault::NoHost) => "It names no host.",
        Err(Fault::Credentials) => {
            "It contains a user name or a password. Every user connects with an API token of their own instead."
        }
        Err(Fault::Unreadable) => "It is not a valid address.",
    };
    vec![Problem::unset(setting, what, EXAMPLE)]
}

/// The address of a proxy may hold credentials, so it is never shown.
pub(super) fn problems_of_proxy(text: &str) -> Vec<Problem> {
    let what = match Url::parse(text) {
        Ok(url) if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") => {
            "The proxy's address must start with http://, https://, socks5:// or socks5h://."
        }
        Ok(url) if !url.has_host() => "The proxy's address names no host.",
        Ok(_) => return Vec::new(),
        Err(_) => "The proxy's address is not a valid address.",
    };
    vec![Problem::unset(
        "JenkinsProxyURL",
        what,
        "http://proxy.example.com:3128",
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots() {
        for (text, expected) in [
            ("https://ci", Ok("https://ci/")),
            (
                "HTTPS://CI.example.com:443/jenkins//",
                Ok("https://ci.example.com/jenkins/"),
            ),
            (
                "http://[::1]:8080/a%20b?x#y",
                Ok("http://[::1]:8080/a%20b/"),
            ),
            ("", Err(Fault::Empty)),
            ("ci.example.com", Err(Fault::NoScheme)),
            ("ci.example.com:8080/x", Err(Fault::NoScheme)),
            ("ftp://ci", Err(Fault::OtherScheme)),
            ("https://", Err(Fault::NoHost)),
            ("https:///jenkins", Err(Fault::NoHost)),
            ("https://user@ci", Err(Fault::Credentials)),
            ("https://user:pass@ci", Err(Fault::Credentials)),
            ("https://a b/", Err(Fault::Unreadable)),
        ] {
            let found = root(text).map(String::from);
            assert_eq!(found.as_deref().map_err(|fault| *fault), expected, "{text}");
        }
    }

    #[test]
    fn proxies() {
        assert_eq!(problems_of_proxy("http://user:pass@proxy:3128"), []);
        assert_eq!(problems_of_proxy("socks5h://127.0.0.1:1080"), []);
        for bad in ["proxy:3128", "ftp://proxy", "http://", "direkt"] {
            assert_eq!(problems_of_proxy(bad).len(), 1, "{bad}");
        }
    }
}
