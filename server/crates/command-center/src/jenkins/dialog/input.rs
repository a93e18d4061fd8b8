//! The dialog that asks for the values of a pipeline's question.

use std::collections::BTreeMap;

use mattermost_plugin::model::{Dialog, OpenDialogRequest};
use serde_json::{Map, Value};

use super::parameters::{Field, Form, Values};
use super::words;
use crate::config::PLUGIN_ID;
use crate::text;

/// Where the dialog is answered, below `/plugins/<id>`.
pub const INPUT_PATH: &str = "/api/v1/jenkins/input";

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The job as people know it.
    pub job: &'a str,
    /// The build's page for people.
    pub url: &'a str,
    /// What the pipeline asks.
    pub message: &'a str,
    /// The word on the button that goes on.
    pub proceed: &'a str,
    /// What it wants to know.
    pub fields: &'a [Field],
}

/// The dialog. `state` comes back with the answer.
#[must_use]
pub fn open(trigger_id: &str, state: &str, question: &Question<'_>) -> OpenDialogRequest {
    let link = text::link(&text::truncate_middle(question.job, 200), question.url);
    let message = text::plain(&text::truncate(question.message, 500));
    let proceed = text::truncate_bytes(&text::one_line(question.proceed), words::TITLE);
    let elements = pages(question.fields).flat_map(|form| form.elements());
    OpenDialogRequest {
        trigger_id: trigger_id.to_owned(),
        url: format!("/plugins/{PLUGIN_ID}{INPUT_PATH}"),
        dialog: Dialog {
            callback_id: "jenkins_input".to_owned(),
            title: "Answer the pipeline".to_owned(),
            introduction_text: format!("{link} asks: {message}"),
            elements: elements.collect(),
            submit_label: if proceed.is_empty() {
                "Approve".to_owned()
            } else {
                proceed
            },
            state: state.to_owned(),
            ..Dialog::default()
        },
    }
}

/// The values that were filled in. What is not among them takes its default.
///
/// # Errors
/// What to say beside which field.
pub fn filled_in(
    fields: &[Field],
    submission: &Map<String, Value>,
) -> Result<Values, BTreeMap<String, String>> {
    let mut values = Values::new();
    let mut errors = BTreeMap::new();
    for form in pages(fields) {
        match form.read(submission) {
            Ok(found) => values.extend(found),
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() {
        Ok(values)
    } else {
        Err(errors)
    }
}

/// All fields stand in one dialog: an answer is given at once.
fn pages(fields: &[Field]) -> impl Iterator<Item = Form<'_>> {
    let form = move |page| Form {
        fields,
        page,
        known: &[],
    };
    (0..form(0).pages()).map(form)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jenkins::parameters::{Parameter, ParameterKind};
    use serde_json::json;

    fn fields() -> Vec<Field> {
        let text = (1..=6).map(|number| Parameter {
            name: format!("NAME_{number}"),
            description: String::new(),
            kind: ParameterKind::String,
            default: Some("x".to_owned()),
        });
        let flag = Parameter {
            name: "FLAG".to_owned(),
            description: "Really?".to_owned(),
            kind: ParameterKind::Boolean,
            default: None,
        };
        text.chain([flag])
            .map(|parameter| Field::new(parameter, true))
            .collect()
    }

    #[test]
    fn all_fields_stand_in_one_dialog() {
        let fields = fields();
        let request = open(
            "t",
            "s",
            &Question {
                job: "a/b",
                url: "https://ci.example.com/job/a/job/b/3/",
                message: "Deploy *now*? @all",
                proceed: "Ship it to everybody right now",
                fields: &fields,
            },
        );
        assert_eq!(request.dialog.elements.len(), 7);
        assert!(request.dialog.title.len() <= words::TITLE);
        insta::assert_snapshot!(request.dialog.introduction_text);
        let mut submission = Map::new();
        for element in &request.dialog.elements {
            let value = match element.r#type.as_str() {
                "bool" => json!(true),
                _ => json!("y"),
            };
            submission.insert(element.name.clone(), value);
        }
        let values = filled_in(&fields, &submission).unwrap();
        assert_eq!(values.len(), 7);
        assert_eq!(values[6], ("FLAG".to_owned(), "true".to_owned()));
    }
}
