//! Questions that a pipeline asks (pipeline-input-step-plugin).

use serde::Deserialize;

use super::parameter::InputParameterJson;
use crate::jenkins::parameters::Parameter;

/// A question that waits for an answer. Jenkins tells programs what it asks, but not who may answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingInput {
    /// Its id, unique in its build.
    pub id: String,
    /// What it asks.
    pub message: String,
    /// The word on the button that goes on.
    pub proceed_text: String,
    /// What it wants to know.
    pub parameters: Vec<Parameter>,
}

/// One of `wfapi/pendingInputActions` (pipeline-rest-api, `PendingInputActionsExt`).
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct PendingInputJson {
    id: String,
    message: Option<String>,
    proceed_text: Option<String>,
    inputs: Vec<InputParameterJson>,
}

impl PendingInputJson {
    /// `None` if the answer is about something else.
    pub(crate) fn into_input(self) -> Option<PendingInput> {
        if self.id.is_empty() {
            return None;
        }
        let parameters = self.inputs.into_iter();
        Some(PendingInput {
            id: self.id,
            message: self.message.unwrap_or_default(),
            proceed_text: self
                .proceed_text
                .filter(|text| !text.is_empty())
                .unwrap_or_else(|| "Proceed".to_owned()),
            parameters: parameters.map(InputParameterJson::into_parameter).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jenkins::parameters::ParameterKind;

    #[test]
    fn a_question_with_parameters() {
        let json = r#"{"id":"Approve","proceedText":"Go","message":"Deploy?","inputs":[
            {"type":"ChoiceParameterDefinition","name":"A","description":null,"definition":{"defaultVal":"x","choices":["x","y"]}},
            {"type":"ChoiceParameterDefinition","name":"L","definition":{"choices":"x\ny"}},
            {"type":"BooleanParameterDefinition","name":"B","definition":{"defaultVal":true}},
            {"type":"PasswordParameterDefinition","name":"C","definition":{"defaultVal":"hunter2"}},
            {"type":"NonStoredPasswordParameterDefinition","name":"D","definition":{"defaultVal":"hunter2"}}]}"#;
        let json: PendingInputJson = serde_json::from_str(json).unwrap();
        let input = json.into_input().unwrap();
        assert_eq!(
            (input.id.as_str(), input.proceed_text.as_str()),
            ("Approve", "Go")
        );
        let choice = ParameterKind::Choice(vec!["x".into(), "y".into()]);
        assert_eq!(input.parameters[0].kind, choice);
        assert_eq!(input.parameters[1].kind, choice);
        assert_eq!(input.parameters[2].default.as_deref(), Some("true"));
        assert_eq!(input.parameters[3].kind, ParameterKind::Password);
        assert!(!format!("{input:?}").contains("hunter2"));
        assert_eq!(PendingInputJson::default().into_input(), None);
    }
}
