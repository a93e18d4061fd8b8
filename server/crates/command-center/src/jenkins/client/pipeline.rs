//! The stages of a pipeline's build (pipeline-rest-api).

use super::{JenkinsClient, answer, if_there};
use crate::jenkins::JobPath;
use crate::jenkins::error::JenkinsError;
use crate::jenkins::log_text::{LogCleaner, html_to_text};
use crate::jenkins::model::{NodeLogJson, Stage, StageLog, StageNodeJson, StagesJson};

/// How many steps of a stage are asked for their text.
const STEPS: usize = 4;

/// The most bytes of text that are given back: what Jenkins gives of one step.
const LONGEST_TEXT: usize = 10 << 10;

impl JenkinsClient {
    /// The stages of a pipeline's build; `None` if it is no pipeline, or Jenkins lacks the plugin
    /// `pipeline-rest-api`.
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn stages(
        &self,
        job: &JobPath,
        number: u64,
    ) -> Result<Option<Vec<Stage>>, JenkinsError> {
        let number = number.to_string();
        let page = job.build_segments(&number).chain(["wfapi", "describe"]);
        let fetched = self.get(self.url(page, &[])).await?;
        let json: Option<StagesJson> = if_there(answer::json("the stages", &fetched, self.user()))?;
        Ok(json.map(StagesJson::into_stages))
    }

    /// What a stage printed last: of its failed steps, or else of the last one that printed anything.
    /// `None` if there is no such stage, or Jenkins lacks the plugin `pipeline-rest-api`.
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn stage_log(
        &self,
        job: &JobPath,
        number: u64,
        stage_id: &str,
    ) -> Result<Option<StageLog>, JenkinsError> {
        let Some(stage) = self.flow_node(job, number, stage_id, "describe").await? else {
            return Ok(None);
        };
        let stage: StageNodeJson = stage;
        let error = stage.error();
        let mut log = StageLog {
            status: stage.status(),
            steps: Vec::new(),
            text: String::new(),
            cut: false,
            error,
            stage: stage.name.clone(),
        };
        for step in stage.telling_steps(STEPS) {
            let printed: Option<NodeLogJson> = self.flow_node(job, number, &step.id, "log").await?;
            let printed = printed.unwrap_or_default();
            let text = visible(printed.text.as_deref().unwrap_or_default());
            if text.trim().is_empty() {
                continue;
            }
            log.steps.push(step.name);
            (log.text, log.cut) = end_of(text);
            log.cut |= printed.has_more;
            break;
        }
        Ok(Some(log))
    }

    async fn flow_node<T: serde::de::DeserializeOwned>(
        &self,
        job: &JobPath,
        number: u64,
        node: &str,
        what: &str,
    ) -> Result<Option<T>, JenkinsError> {
        let number = number.to_string();
        let page = job
            .build_segments(&number)
            .chain(["execution", "node", node, "wfapi", what]);
        let fetched = self.get(self.url(page, &[])).await?;
        if_there(answer::json("a stage", &fetched, self.user()))
    }
}

/// `FlowNodeLogExt` writes annotated HTML.
fn visible(html: &str) -> String {
    let cleaned = LogCleaner::default().push(html_to_text(html).as_bytes());
    String::from_utf8_lossy(&cleaned).into_owned()
}

/// The last whole lines that fit, and whether something was left out.
fn end_of(text: String) -> (String, bool) {
    let text = text.trim_end_matches(['\n', '\r']);
    let Some(mut start) = text
        .len()
        .checked_sub(LONGEST_TEXT)
        .filter(|start| *start > 0)
    else {
        return (text.to_owned(), false);
    };
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let end = &text[start..];
    let whole = end.split_once('\n').map_or(end, |(_, whole)| whole);
    (whole.to_owned(), true)
}
