//! Which redirects are followed.

use http::StatusCode;
use http::header::LOCATION;
use url::Url;

use super::answer::Answer;
use super::call::Call;
use super::failure::HttpFailure;
use super::is_safe;

/// Where to ask next; `None` if this answer is the last one.
///
/// A GET follows within its host, also from http to https: the credentials stay with whom they are
/// for. One that may leave its host goes on without them. A redirect of a POST is an answer: Jenkins tells its result that way, and repeating it as a
/// GET, as HTTP libraries do, makes a refusal look like a success.
pub(super) fn target(call: &Call, answer: &Answer) -> Result<Option<Url>, HttpFailure> {
    let status = answer.status();
    let is_redirect = matches!(
        status,
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    if !is_redirect || !is_safe(&call.method) {
        return Ok(None);
    }
    let Some(location) = answer
        .headers()
        .get(LOCATION)
        .and_then(|location| location.to_str().ok())
    else {
        return Ok(None);
    };
    match call.url.join(location) {
        Ok(target) if keeps_credentials_home(&call.url, &target) => Ok(Some(target)),
        Ok(target) if call.may_leave_host && keeps_secrecy(&call.url, &target) => Ok(Some(target)),
        Ok(target) => Err(HttpFailure::Redirected {
            status,
            to: shown(&target),
        }),
        Err(_) => Err(HttpFailure::Protocol {
            detail: "a redirect to no valid address".to_owned(),
        }),
    }
}

pub(super) fn keeps_credentials_home(from: &Url, to: &Url) -> bool {
    let same_host = from.host() == to.host();
    let same_port = from.port_or_known_default() == to.port_or_known_default();
    let upgrade = from.scheme() == "http" && to.scheme() == "https";
    same_host && (upgrade || (from.scheme() == to.scheme() && same_port))
}

/// The address itself may be a secret, as those that storage services sign are.
fn keeps_secrecy(from: &Url, to: &Url) -> bool {
    to.scheme() == "https" || (to.scheme() == "http" && from.scheme() == "http")
}

/// An address for people: queries of login pages may hold secrets.
pub(super) fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    shown.set_query(None);
    shown.set_fragment(None);
    // Fails only for addresses that cannot have them.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_stay_at_their_host() {
        for (from, to, follows) in [
            ("https://ci/a", "https://ci/b", true),
            ("https://ci/a", "https://CI:443/b", true),
            ("http://ci/a", "https://ci/a", true),
            ("http://ci:8080/a", "https://ci:8443/a", true),
            ("https://ci/a", "http://ci/a", false),
            ("https://ci/a", "https://ci:8443/a", false),
            ("https://ci/a", "https://evil/a", false),
            ("https://ci/a", "https://ci.evil/a", false),
            ("https://ci/a", "ftp://ci/a", false),
        ] {
            let (from_url, to_url) = (from.parse().unwrap(), to.parse().unwrap());
            assert_eq!(
                keeps_credentials_home(&from_url, &to_url),
                follows,
                "{from} {to}"
            );
        }
    }

    #[test]
    fn other_hosts_are_never_asked_in_the_open_about_what_was_secret() {
        for (from, to, follows) in [
            ("https://ci/a", "https://s3/a", true),
            ("http://ci/a", "https://s3/a", true),
            ("http://ci/a", "http://s3/a", true),
            ("https://ci/a", "http://s3/a", false),
            ("https://ci/a", "ftp://s3/a", false),
            ("http://ci/a", "file:///etc/passwd", false),
        ] {
            let (from_url, to_url) = (from.parse().unwrap(), to.parse().unwrap());
            assert_eq!(keeps_secrecy(&from_url, &to_url), follows, "{from} {to}");
        }
    }

    #[test]
    fn no_secret_of_an_address_is_shown() {
        assert_eq!(
            shown(&"https://u:p@idp/login?state=s#f".parse().unwrap()),
            "https://idp/login"
        );
    }
}
