//! Who is asking.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::jenkins::model::User;
use crate::jenkins::world::World;

/// The user of a request and how they proved it; anonymous has no user.
#[derive(Clone, Debug, Default)]
pub(crate) struct Login {
    pub(crate) user: Option<User>,
    /// API tokens need no crumb (`ApiCrumbExclusion`).
    pub(crate) by_token: bool,
}

impl Login {
    /// The name Jenkins uses for the user in headers and cookies.
    pub(crate) fn name(&self) -> &str {
        self.user.as_ref().map_or("anonymous", |user| &user.id)
    }
}

/// The credentials are wrong, which is 401 even where anonymous may read (`BasicHeaderProcessor`).
#[derive(Debug)]
pub(crate) struct BadCredentials;

/// Basic authentication with an API token or a password.
pub(crate) fn authenticate(world: &World, headers: &HeaderMap) -> Result<Login, BadCredentials> {
    let Some(credentials) = basic(headers) else {
        return Ok(Login::default());
    };
    let (id, secret) = credentials.split_once(':').ok_or(BadCredentials)?;
    let user = world.user(id).ok_or(BadCredentials)?;
    let by_token = user.token.as_deref() == Some(secret);
    if by_token || user.password.as_deref() == Some(secret) {
        Ok(Login {
            user: Some(user.clone()),
            by_token,
        })
    } else {
        Err(BadCredentials)
    }
}

/// The user id a request claims, whether or not the secret is right.
pub(crate) fn claimed_user(headers: &HeaderMap) -> Option<String> {
    let credentials = basic(headers)?;
    Some(
        credentials
            .split_once(':')
            .map_or(credentials.as_str(), |(id, _)| id)
            .to_owned(),
    )
}

fn basic(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).unwrap_or_default();
    scheme
        .eq_ignore_ascii_case("basic")
        .then(|| String::from_utf8_lossy(&decoded).into_owned())
}
