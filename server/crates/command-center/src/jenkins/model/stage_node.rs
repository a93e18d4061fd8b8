//! The steps of a stage and what they print (pipeline-rest-api, `StageNodeExt` and `FlowNodeLogExt`).

use serde::Deserialize;

use super::stage::StageStatus;

/// What a stage printed last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageLog {
    /// The name of the stage.
    pub stage: String,
    /// Where the stage stands.
    pub status: StageStatus,
    /// The names of the steps whose text this is.
    pub steps: Vec<String>,
    /// The end of what they printed, without control sequences, not escaped. At most 10 KiB; Jenkins
    /// gives no more.
    pub text: String,
    /// True if there is more before it.
    pub cut: bool,
    /// Why the stage failed, in Jenkins' words.
    pub error: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct StageNodeJson {
    pub(crate) name: String,
    status: String,
    error: Option<ErrorJson>,
    stage_flow_nodes: Vec<FlowNodeJson>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct FlowNodeJson {
    pub(crate) id: String,
    pub(crate) name: String,
    status: String,
    error: Option<ErrorJson>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct ErrorJson {
    message: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct NodeLogJson {
    /// HTML.
    pub(crate) text: Option<String>,
    pub(crate) has_more: bool,
}

impl StageNodeJson {
    pub(crate) fn status(&self) -> StageStatus {
        StageStatus::parse(&self.status)
    }

    /// Jenkins' words for the failure: of the stage, or of the last step that failed.
    pub(crate) fn error(&self) -> Option<String> {
        let steps = self.stage_flow_nodes.iter().rev();
        let mut errors = steps.filter_map(|step| step.error.as_ref());
        let error = errors.next().or(self.error.as_ref())?;
        let words = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        words(&error.message).or_else(|| words(&error.kind))
    }

    /// The steps whose text tells most, best first: those that failed, else those that ran last.
    pub(crate) fn telling_steps(&self, limit: usize) -> Vec<FlowNodeJson> {
        let failed = |step: &&FlowNodeJson| {
            step.error.is_some() || StageStatus::parse(&step.status) == StageStatus::Failed
        };
        let backwards = || self.stage_flow_nodes.iter().rev();
        let mut steps: Vec<FlowNodeJson> = backwards().filter(failed).cloned().collect();
        steps.extend(backwards().filter(|step| !failed(step)).cloned());
        steps.truncate(limit);
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_failed_come_first() {
        let stage: StageNodeJson = serde_json::from_str(
            r#"{"name":"Test","status":"FAILED","error":{"message":"","type":"hudson.AbortException"},"stageFlowNodes":[
            {"id":"7","name":"Shell Script","status":"SUCCESS"},
            {"id":"8","name":"Shell Script","status":"FAILED","error":{"message":"script returned exit code 1"}},
            {"id":"9","name":"Print Message","status":"SUCCESS"}]}"#,
        )
        .unwrap();
        let ids: Vec<_> = stage
            .telling_steps(2)
            .into_iter()
            .map(|step| step.id)
            .collect();
        assert_eq!(ids, ["8", "9"]);
        assert_eq!(
            stage.error().as_deref(),
            Some("script returned exit code 1")
        );
        let bare: StageNodeJson =
            serde_json::from_str(r#"{"error":{"message":"","type":"hudson.AbortException"}}"#)
                .unwrap();
        assert_eq!(bare.error().as_deref(), Some("hudson.AbortException"));
    }
}
