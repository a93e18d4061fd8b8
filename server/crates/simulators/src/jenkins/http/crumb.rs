//! Crumbs: protection against forged requests (`hudson.security.csrf`).

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, Method};
use serde_json::json;

use super::auth::Login;
use super::call::{Call, NetworkCall};
use super::replies::{Refusal, Reply, json as json_reply};
use crate::jenkins::model::CrumbMode;
use crate::jenkins::world::World;

/// What a POST without a crumb is told (`CrumbFilter`).
pub(crate) const MESSAGE: &str = "No valid crumb was included in the request";

const FIELD: &str = "Jenkins-Crumb";
const COOKIE_NAME: &str = "JSESSIONID.5f1c0a7e";

/// The POST has no crumb, or one of another session.
#[derive(Debug)]
pub(crate) struct NoValidCrumb;

/// `CrumbFilter`: every POST needs one, in a header or a form field, bound to the session since 2.176.2.
pub(crate) fn check(world: &World, call: &NetworkCall, login: &Login) -> Result<(), NoValidCrumb> {
    if world.crumbs == CrumbMode::Off || call.method != Method::POST || login.by_token {
        return Ok(());
    }
    let form = call.form();
    let sent = call
        .header(FIELD)
        .or_else(|| form.get(FIELD))
        .ok_or(NoValidCrumb)?;
    let session = session(&call.headers).ok_or(NoValidCrumb)?;
    if world.sessions.crumb(&session) == Some(sent) {
        Ok(())
    } else {
        Err(NoValidCrumb)
    }
}

/// `/crumbIssuer/api/json`: a crumb, and the session it belongs to.
pub(crate) fn issue(world: &mut World, call: &Call) -> Reply {
    if world.crumbs == CrumbMode::Off {
        return Err(Refusal::NotFound);
    }
    let known = session(&call.network.headers).filter(|session| world.sessions.exists(session));
    let is_new = known.is_none();
    let session = known.unwrap_or_else(|| world.sessions.open(call.login.name()));
    let body = json!({
        "_class": "hudson.security.csrf.DefaultCrumbIssuer",
        "crumb": world.sessions.crumb(&session),
        "crumbRequestField": FIELD,
    });
    let mut response = json_reply(&body);
    if is_new {
        let cookie = format!("{COOKIE_NAME}={session}; Path=/; HttpOnly");
        if let Ok(cookie) = cookie.parse() {
            response.headers_mut().insert(SET_COOKIE, cookie);
        }
    }
    Ok(response)
}

fn session(headers: &HeaderMap) -> Option<String> {
    let cookies = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    cookies.flat_map(|line| line.split(';')).find_map(|cookie| {
        let (name, value) = cookie.trim().split_once('=')?;
        (name == COOKIE_NAME).then(|| value.to_owned())
    })
}
