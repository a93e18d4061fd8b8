//! The typed client: one user's questions to one Jenkins.
//!
//! Built for one command or one look of a watch and dropped again; the connections behind it are
//! shared. Everything is asked as the user, so Jenkins itself decides what is allowed.

mod answer;
mod artifacts;
mod builds;
mod catalog;
mod create;
mod heads;
mod inputs;
mod jobs;
mod log;
mod nodes;
mod pipeline;
mod queue;
mod resolve;
mod scan;
mod server;
mod steer;
mod test_report;
mod trigger;
mod user;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use http::StatusCode;
use http::header::{COOKIE, HeaderName, HeaderValue, SET_COOKIE};
use serde::de::DeserializeOwned;
use url::Url;

use super::address::JenkinsAddress;
use super::error::{JenkinsError, Thing};
use super::model::CrumbJson;
use crate::http_client::{Call, Fetched, HttpClient, Login};

pub use artifacts::Download;
pub use create::check_name;
pub use heads::JobHead;
pub use inputs::{InputAnswer, InputOutcome};
pub use jobs::Job;
pub use log::{LogStream, LogTail, LogWindow, TailRequest};
pub use steer::StopKind;
pub use trigger::{GivenFile, Triggered};

/// The longest answer in JSON that is read: 8 MiB. A folder with 10,000 jobs needs about one.
const JSON_LIMIT: u64 = 8 << 20;

/// The longest answer to a change that is read: only its first words matter.
const REFUSAL_LIMIT: u64 = 1 << 20;

/// Asks one Jenkins as one user. Cheap to clone.
#[derive(Clone, Debug)]
pub struct JenkinsClient {
    http: HttpClient,
    address: Arc<JenkinsAddress>,
    login: Login,
}

impl JenkinsClient {
    /// A client for this user. Asks nothing.
    #[must_use]
    pub fn new(http: HttpClient, address: Arc<JenkinsAddress>, login: Login) -> Self {
        Self {
            http,
            address,
            login,
        }
    }

    /// Where this Jenkins is.
    #[must_use]
    pub fn address(&self) -> &JenkinsAddress {
        &self.address
    }

    /// The user id at Jenkins.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.login.user
    }

    fn url<'a>(&self, segments: impl IntoIterator<Item = &'a str>, query: &[(&str, &str)]) -> Url {
        let mut url = self.address.endpoint(segments);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    async fn get(&self, url: Url) -> Result<Fetched, JenkinsError> {
        self.get_within(url, JSON_LIMIT).await
    }

    async fn get_within(&self, url: Url, body_limit: u64) -> Result<Fetched, JenkinsError> {
        let call = Call::get(url)
            .login(&self.login)
            .accept_json()
            .body_limit(body_limit);
        Ok(self.http.fetch(call).await?)
    }

    /// Reads JSON below a page, `tree` saying what of it.
    async fn read<'a, T: DeserializeOwned>(
        &self,
        what: &'static str,
        page: impl IntoIterator<Item = &'a str>,
        tree: &str,
    ) -> Result<T, JenkinsError> {
        let url = self.url(page.into_iter().chain(["api", "json"]), &[("tree", tree)]);
        let fetched = self.get(url).await?;
        answer::json(what, &fetched, self.user())
    }

    /// Sends a change; what is refused is an error, redirects are left to the caller.
    ///
    /// An API token needs no crumb (`jenkins.security.ApiCrumbExclusion`). Somebody who connected
    /// with a password does: Jenkins says so without having done anything, and the crumb is fetched.
    async fn change<'a>(
        &self,
        page: impl IntoIterator<Item = &'a str>,
        query: &[(&str, &str)],
        form: &[(String, String)],
    ) -> Result<Fetched, JenkinsError> {
        let call = Call::post(self.url(page, query));
        let form = form.iter().map(|(name, value)| (name, value));
        self.send(call.form(form)).await
    }

    /// Sends a change of any form; see [`change`](Self::change).
    async fn send(&self, call: Call) -> Result<Fetched, JenkinsError> {
        let call = call
            .login(&self.login)
            .accept_json()
            .body_limit(REFUSAL_LIMIT);
        let fetched = self.http.fetch(call.clone()).await?;
        if !answer::wants_crumb(&fetched) {
            return answer::accepted(fetched, self.user());
        }
        let fetched = self.http.fetch(self.with_crumb(call).await?).await?;
        if answer::wants_crumb(&fetched) {
            return Err(JenkinsError::CrumbRefused);
        }
        answer::accepted(fetched, self.user())
    }

    /// The crumb is bound to the session in which it was given (since 2.176.2), so its cookie goes
    /// with it.
    async fn with_crumb(&self, call: Call) -> Result<Call, JenkinsError> {
        let fetched = self
            .get(self.url(["crumbIssuer", "api", "json"], &[]))
            .await?;
        let crumb: CrumbJson = answer::json("its crumb", &fetched, self.user())?;
        let malformed = JenkinsError::Malformed { what: "its crumb" };
        let name = HeaderName::from_bytes(crumb.crumb_request_field.as_bytes());
        let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&crumb.crumb)) else {
            return Err(malformed);
        };
        let call = call.header(name, value);
        let cookies: Vec<&str> = fetched
            .headers
            .get_all(SET_COOKIE)
            .iter()
            .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
            .map(str::trim)
            .collect();
        match HeaderValue::from_str(&cookies.join("; ")) {
            Ok(mut value) if !cookies.is_empty() => {
                value.set_sensitive(true);
                Ok(call.header(COOKIE, value))
            }
            _ => Ok(call),
        }
    }
}

/// What an answer that is no success means, for a question that nobody in particular asked.
pub(super) fn refusal_of(fetched: &Fetched) -> JenkinsError {
    answer::refusal(fetched.status, &fetched.headers, &fetched.body, "anonymous")
}

/// 404 as "there is none".
fn if_there<T>(result: Result<T, JenkinsError>) -> Result<Option<T>, JenkinsError> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(JenkinsError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn not_found(thing: Thing, name: impl ToString) -> JenkinsError {
    JenkinsError::NotFound {
        thing,
        name: name.to_string(),
        suggestions: Vec::new(),
    }
}

/// A redirect of a POST, which Jenkins uses to say "done".
fn is_redirect(status: StatusCode) -> bool {
    status.is_redirection()
}
