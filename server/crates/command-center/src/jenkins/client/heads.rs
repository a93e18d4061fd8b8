//! The newest build of many jobs at once.

use serde::Deserialize;

use super::{JenkinsClient, if_there};
use crate::jenkins::JobPath;
use crate::jenkins::error::JenkinsError;
use crate::jenkins::model::{Build, BuildJson};

/// How deep folders are read with one request. What lies deeper has to be asked for by itself.
const DEPTH: usize = 6;
/// What is read of the newest build.
const BUILD: &str = "number,building,inProgress,result,timestamp,duration,estimatedDuration,queueId,\
    actions[causes[shortDescription,userId],failCount,skipCount,totalCount]";

/// A job and its newest build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobHead {
    /// The job.
    pub job: JobPath,
    /// Its newest build.
    pub last: Build,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct HeadJson {
    name: Option<String>,
    last_build: Option<BuildJson>,
    jobs: Option<Vec<HeadJson>>,
}

impl JenkinsClient {
    /// The newest builds of all jobs in a folder, or of a job, or of all that this user may see. Jobs
    /// that were never built are left out. One request.
    ///
    /// # Errors
    /// [`JenkinsError`]; nothing is there is no error.
    pub async fn heads(&self, place: Option<&JobPath>) -> Result<Vec<JobHead>, JenkinsError> {
        let segments = place.into_iter().flat_map(JobPath::segments);
        let read = self
            .read::<HeadJson>("the newest builds", segments, &tree())
            .await;
        let mut heads = Vec::new();
        match (if_there(read)?, place) {
            (None, _) => {}
            (Some(root), None) => {
                for job in root.jobs.into_iter().flatten() {
                    let path = job.name.clone().map(|name| JobPath::new(vec![name]));
                    collect(job, path.and_then(Result::ok), &mut heads);
                }
            }
            (Some(job), Some(place)) => collect(job, Some(place.clone()), &mut heads),
        }
        Ok(heads)
    }
}

fn collect(json: HeadJson, path: Option<JobPath>, heads: &mut Vec<JobHead>) {
    let Some(path) = path else { return };
    for child in json.jobs.into_iter().flatten() {
        let child_path = child.name.as_ref().and_then(|name| path.child(name).ok());
        collect(child, child_path, heads);
    }
    if let Some(last) = json.last_build.and_then(BuildJson::into_build) {
        heads.push(JobHead { job: path, last });
    }
}

fn tree() -> String {
    let mut tree = format!("name,lastBuild[{BUILD}]");
    for _ in 1..DEPTH {
        tree = format!("name,lastBuild[{BUILD}],jobs[{tree}]");
    }
    tree
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn jobs_are_found_at_any_depth() {
        let build = |number: u64| json!({"number": number, "building": true});
        let json = json!({"name": "a", "jobs": [
            {"name": "b", "lastBuild": build(5)}, {"name": "never", "lastBuild": null},
            {"name": "c", "jobs": [{"name": "d", "lastBuild": build(6)}, {"name": ".."}]}
        ]});
        let mut heads = Vec::new();
        let root = JobPath::new(vec!["a".to_owned()]).ok();
        collect(serde_json::from_value(json).unwrap(), root, &mut heads);
        let found: Vec<(String, u64)> = heads
            .iter()
            .map(|head| (head.job.full_name(), head.last.number))
            .collect();
        assert_eq!(found, [("a/b".to_owned(), 5), ("a/c/d".to_owned(), 6)]);
        assert_eq!(tree().matches("jobs[").count(), DEPTH - 1);
    }
}
