//! Declared parameters, of jobs and of questions.

use serde::Deserialize;
use serde_json::Value;

use crate::jenkins::parameters::{Parameter, ParameterKind};

/// One of a job's `property[]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct PropertyJson {
    parameter_definitions: Vec<ParameterJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ParameterJson {
    #[serde(rename = "type")]
    kind: String,
    #[serde(rename = "_class")]
    class: String,
    name: String,
    description: Option<String>,
    choices: Option<Vec<Value>>,
    project_name: Option<String>,
    default_parameter_value: Option<DefaultJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DefaultJson {
    value: Option<Value>,
}

/// One of a question's `inputs[]` (pipeline-rest-api, `InputParameterDefExt`).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct InputParameterJson {
    #[serde(rename = "type")]
    kind: String,
    name: String,
    description: Option<String>,
    definition: InputDefinitionJson,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct InputDefinitionJson {
    default_val: Option<Value>,
    choices: Option<Choices>,
}

/// `InputParameterDefExt` passes on what the definition's getter gives: a list or lines.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Choices {
    List(Vec<Value>),
    Lines(String),
}

/// The part of a `tree` that describes what a job declares.
pub(super) const PROPERTY_TREE: &str = "property[parameterDefinitions[_class,type,name,description,choices,\
     projectName,defaultParameterValue[value]]]";

pub(super) fn declared_parameters(properties: Vec<PropertyJson>) -> Vec<Parameter> {
    let definitions = properties
        .into_iter()
        .flat_map(|property| property.parameter_definitions);
    definitions.map(ParameterJson::into_parameter).collect()
}

impl ParameterJson {
    fn into_parameter(self) -> Parameter {
        let class = if self.kind.is_empty() {
            self.class
        } else {
            self.kind
        };
        let default = self
            .default_parameter_value
            .and_then(|default| default.value);
        parameter(
            self.name,
            self.description,
            kind(
                &class,
                self.choices.unwrap_or_default(),
                self.project_name.unwrap_or_default(),
            ),
            default,
        )
    }
}

impl InputParameterJson {
    pub(super) fn into_parameter(self) -> Parameter {
        let choices = match self.definition.choices {
            None => Vec::new(),
            Some(Choices::List(choices)) => choices,
            Some(Choices::Lines(lines)) => lines.lines().map(Value::from).collect(),
        };
        parameter(
            self.name,
            self.description,
            kind(&self.kind, choices, String::new()),
            self.definition.default_val,
        )
    }
}

/// `class` is a class's name, with or without its package.
fn kind(class: &str, choices: Vec<Value>, project: String) -> ParameterKind {
    match class.rsplit('.').next().unwrap_or_default() {
        "StringParameterDefinition" => ParameterKind::String,
        "TextParameterDefinition" => ParameterKind::Text,
        "BooleanParameterDefinition" => ParameterKind::Boolean,
        "ChoiceParameterDefinition" => ParameterKind::Choice(choices.iter().map(as_text).collect()),
        "PasswordParameterDefinition" => ParameterKind::Password,
        "RunParameterDefinition" => ParameterKind::Run { project },
        "FileParameterDefinition" => ParameterKind::File,
        "CredentialsParameterDefinition" => ParameterKind::Credentials,
        other => ParameterKind::Other {
            kind: other.to_owned(),
        },
    }
}

/// Jenkins tells the default of a question's password in clear: it is dropped here, whoever asked.
fn parameter(
    name: String,
    description: Option<String>,
    kind: ParameterKind,
    default: Option<Value>,
) -> Parameter {
    let default = default
        .filter(|_| !kind.is_secret())
        .map(|value| as_text(&value));
    Parameter {
        name,
        description: description.unwrap_or_default(),
        default,
        kind,
    }
}

pub(super) fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
