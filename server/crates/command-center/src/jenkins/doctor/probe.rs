//! Whether Jenkins answers at its address, without anybody's account.

use std::time::Duration;

use http::StatusCode;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::http_client::{Call, Fetched, HttpClient};
use crate::jenkins::client::refusal_of;
use crate::jenkins::error::NotJenkinsHint;
use crate::jenkins::{JenkinsAddress, JenkinsError};

/// A Jenkins that answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    /// Its version.
    pub(super) version: String,
    /// How long its answer took.
    pub(super) took: Duration,
    /// How far its clock is from ours.
    pub(super) clocks_apart: Option<Duration>,
}

/// `whoAmI` is there for everybody (`hudson.security.WhoAmI` is an `UnprotectedRootAction`).
pub(super) async fn reach(
    http: &HttpClient,
    address: &JenkinsAddress,
) -> Result<Reached, JenkinsError> {
    let began = Instant::now();
    let call = Call::get(address.endpoint(["whoAmI", "api", "json"])).accept_json();
    let fetched = http.fetch(call).await?;
    let took = began.elapsed();
    let version = fetched
        .headers
        .get("x-jenkins")
        .and_then(|version| version.to_str().ok());
    match version {
        Some(_)
            if matches!(
                fetched.status,
                StatusCode::NOT_FOUND | StatusCode::FORBIDDEN
            ) =>
        {
            Err(JenkinsError::NotJenkins {
                status: fetched.status,
                hint: NotJenkinsHint::Below,
            })
        }
        Some(_) if fetched.status.is_server_error() => Err(refusal_of(&fetched)),
        Some(version) => Ok(Reached {
            version: version.to_owned(),
            took,
            clocks_apart: clocks_apart(&fetched, Timestamp::now()),
        }),
        None if fetched.status.is_success() => Err(JenkinsError::NotJenkins {
            status: fetched.status,
            hint: NotJenkinsHint::WebPage,
        }),
        None => Err(refusal_of(&fetched)),
    }
}

fn clocks_apart(fetched: &Fetched, now: Timestamp) -> Option<Duration> {
    let date = fetched.headers.get(http::header::DATE)?.to_str().ok()?;
    let theirs = jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(date)
        .ok()?;
    Some(now.duration_since(theirs).unsigned_abs())
}
