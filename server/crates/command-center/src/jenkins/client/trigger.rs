//! Starting a build.

use bytes::Bytes;
use http::StatusCode;
use http::header::LOCATION;

use mattermost_plugin::api::new_id;
use serde_json::json;

use super::inputs::entries;
use super::{JenkinsClient, Job, is_redirect};
use crate::http_client::{Call, Fetched, Multipart};
use crate::jenkins::error::{JenkinsError, Thing};
use crate::jenkins::model::QueueId;
use crate::jenkins::parameters::{Parameter, ParameterKind, ParameterProblem, ParameterValue};

/// A build that Jenkins has queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Triggered {
    /// Its entry in the queue.
    pub queue_id: QueueId,
    /// True if an equal entry was waiting already: no second build will run.
    pub already_queued: bool,
}

/// Where the form of a job's page asks to be led after it. Without such a place Jenkins leads to the
/// job; to another host it never leads, and names the entry of the queue instead
/// (`ParametersDefinitionProperty._doBuild`).
const NOWHERE: &str = "https://invalid/";

/// A file to build with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenFile {
    /// The parameter's name.
    pub parameter: String,
    /// The file's own name.
    pub name: String,
    /// All of it.
    pub content: Bytes,
}

impl JenkinsClient {
    /// Queues a build. `values` come from [`fit`](crate::jenkins::parameters::fit); what is missing takes
    /// its default at Jenkins.
    ///
    /// Sent once: if the connection breaks before the answer, nobody knows whether a build was queued,
    /// and the error says so by being [`JenkinsError::Http`].
    ///
    /// # Errors
    /// [`JenkinsError::NotBuildable`], [`JenkinsError::BadParameters`], [`JenkinsError::ScheduleRefused`],
    /// [`JenkinsError::Forbidden`] and what else can go wrong.
    pub async fn trigger(
        &self,
        job: &Job,
        values: &[ParameterValue],
    ) -> Result<Triggered, JenkinsError> {
        if !job.buildable {
            return Err(JenkinsError::NotBuildable {
                name: job.path.to_string(),
            });
        }
        // `/build` of a job with parameters wants the form of its web page (400 "Nothing is submitted").
        let action = if job.parameters.is_empty() {
            "build"
        } else {
            "buildWithParameters"
        };
        let form: Vec<(String, String)> = values
            .iter()
            .map(|value| (value.name.clone(), value.value.clone()))
            .collect();
        let fetched = self
            .change(
                job.path.segments().chain([action]),
                &[("delay", "0sec")],
                &form,
            )
            .await;
        let fetched = fetched.map_err(|error| explain(error, job))?;
        read(&fetched, job)
    }

    /// The same with files, of [`ParameterKind::File`]. Only the form of the page takes files and values
    /// together, and it wants to be told every default.
    ///
    /// # Errors
    /// As [`trigger`](Self::trigger).
    pub async fn trigger_with_files(
        &self,
        job: &Job,
        values: &[ParameterValue],
        files: &[GivenFile],
    ) -> Result<Triggered, JenkinsError> {
        if files.is_empty() {
            return self.trigger(job, values).await;
        }
        if !job.buildable {
            return Err(JenkinsError::NotBuildable {
                name: job.path.to_string(),
            });
        }
        let known: Vec<Parameter> = job
            .parameters
            .iter()
            .filter(|parameter| !is_left_to_jenkins(parameter, values))
            .cloned()
            .collect();
        let mut entries = entries(&known, values);
        let named = |index: usize| format!("file{index}");
        for (index, file) in files.iter().enumerate() {
            entries.push(json!({"name": file.parameter, "file": named(index)}));
        }
        let submission = json!({"parameter": entries, "redirectTo": NOWHERE});
        let mut form = Multipart::new(new_id()).text("json", &submission.to_string());
        for (index, file) in files.iter().enumerate() {
            form = form.file(&named(index), &file.name, &file.content);
        }
        let url = self.url(job.path.segments().chain(["build"]), &[("delay", "0sec")]);
        let fetched = self.send(Call::post(url).multipart(form)).await;
        let fetched = fetched.map_err(|error| explain(error, job))?;
        read(&fetched, job)
    }
}

/// A form names all values, and for these nobody here knows the default.
fn is_left_to_jenkins(parameter: &Parameter, values: &[ParameterValue]) -> bool {
    let is_given = values.iter().any(|value| value.name == parameter.name);
    let is_told = !matches!(
        parameter.kind,
        ParameterKind::Run { .. } | ParameterKind::Other { .. }
    );
    !is_given && !is_told && parameter.default.is_none()
}

fn read(fetched: &Fetched, job: &Job) -> Result<Triggered, JenkinsError> {
    match queue_id(fetched) {
        Some(queue_id) => Ok(Triggered {
            queue_id,
            already_queued: fetched.status == StatusCode::SEE_OTHER,
        }),
        // ParameterizedJobMixIn.doBuild redirects to "." if nothing was queued.
        None if is_redirect(fetched.status) => Err(JenkinsError::ScheduleRefused {
            name: job.path.to_string(),
        }),
        None => Err(JenkinsError::Malformed {
            what: "the queued build",
        }),
    }
}

fn explain(error: JenkinsError, job: &Job) -> JenkinsError {
    let name = job.path.to_string();
    match error {
        // What did not fit although it was checked: the job has changed since it was read.
        JenkinsError::Refused { message } => JenkinsError::BadParameters {
            name,
            problems: vec![ParameterProblem::Refused { message }],
        },
        other => other.about(Thing::Job, name),
    }
}

/// `Location: <whatever Jenkins calls itself>/queue/item/<id>/`: only the id is read.
fn queue_id(fetched: &Fetched) -> Option<QueueId> {
    if !matches!(
        fetched.status,
        StatusCode::CREATED | StatusCode::SEE_OTHER | StatusCode::FOUND
    ) {
        return None;
    }
    let location = fetched.headers.get(LOCATION)?.to_str().ok()?;
    let path = location.split(['?', '#']).next()?.trim_end_matches('/');
    let (head, id) = path.rsplit_once('/')?;
    if !head.ends_with("/queue/item") && head != "queue/item" {
        return None;
    }
    id.parse().ok().filter(|id| *id > 0).map(QueueId)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, HeaderValue};

    fn id(status: u16, location: &str) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_str(location).unwrap());
        let status = StatusCode::from_u16(status).unwrap();
        let url = "http://ci/".parse().unwrap();
        queue_id(&Fetched {
            status,
            headers,
            url,
            body: bytes::Bytes::new(),
        })
        .map(|id| id.0)
    }

    #[test]
    fn only_the_id_of_a_location_is_read() {
        assert_eq!(id(201, "http://elsewhere:1/x/queue/item/42/"), Some(42));
        assert_eq!(id(303, "/queue/item/42"), Some(42));
        assert_eq!(id(302, "http://ci/job/a/"), None);
        assert_eq!(id(201, "http://ci/queue/item/x/"), None);
        assert_eq!(id(201, "http://ci/queue/item/0/"), None);
        assert_eq!(id(200, "http://ci/queue/item/42/"), None);
    }
}
