//! The dialog that makes a job of its `config.xml`.

use std::collections::BTreeMap;

use mattermost_plugin::model::{
    Dialog, DialogElement, OpenDialogRequest, SubmitDialogRequest, SubmitDialogResponse,
};

use crate::config::PLUGIN_ID;
use crate::text;

/// Where the dialog is answered, below `/plugins/<id>`.
pub const CREATE_JOB_PATH: &str = "/api/v1/jenkins/create-job";

/// Names of fields as the former plugin had them.
const NAME: &str = "JobName";
const XML: &str = "ConfigXml";

/// Most characters of a name with its folders.
const LONGEST_NAME: i64 = 1000;
/// Most characters of a configuration; longer ones are attached as a file.
const LONGEST_XML: i64 = 60_000;
/// Longest default that the server takes, in bytes.
const LONGEST_DEFAULT: usize = 150;

/// What was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// Its name with its folders.
    pub name: String,
    /// Its configuration.
    pub xml: String,
}

/// The dialog. `state` comes back with the answer.
#[must_use]
pub fn open(trigger_id: &str, state: &str, name: &str) -> OpenDialogRequest {
    // A name that is cut would be another one.
    let default = if name.len() <= LONGEST_DEFAULT {
        name
    } else {
        ""
    };
    OpenDialogRequest {
        trigger_id: trigger_id.to_owned(),
        url: format!("/plugins/{PLUGIN_ID}{CREATE_JOB_PATH}"),
        dialog: Dialog {
            callback_id: "jenkins_create_job".to_owned(),
            title: "Create a job".to_owned(),
            introduction_text: "Please paste the contents of config.xml file here. A longer file is attached to a thread and taken by `/jenkins createjob <name> --attached` there; `--from <job>` copies a job.".to_owned(),
            elements: vec![
                DialogElement {
                    name: NAME.to_owned(),
                    display_name: "Job name".to_owned(),
                    r#type: "text".to_owned(),
                    default: default.to_owned(),
                    placeholder: "folder/name".to_owned(),
                    help_text: "With its folders; those that are missing are made.".to_owned(),
                    max_length: LONGEST_NAME,
                    ..DialogElement::default()
                },
                DialogElement {
                    name: XML.to_owned(),
                    display_name: "config.xml".to_owned(),
                    r#type: "textarea".to_owned(),
                    placeholder: "<project>…</project>".to_owned(),
                    max_length: LONGEST_XML,
                    ..DialogElement::default()
                },
            ],
            submit_label: "Create".to_owned(),
            state: state.to_owned(),
            ..Dialog::default()
        },
    }
}

/// What was filled in, or what to say beside each field.
///
/// # Errors
/// The answer that keeps the dialog open.
pub fn filled_in(request: &SubmitDialogRequest) -> Result<NewJob, Box<SubmitDialogResponse>> {
    let value = |name: &str| {
        let value = request.submission.get(name);
        let value = value.and_then(|value| value.as_str());
        value.unwrap_or_default().trim().to_owned()
    };
    let (name, xml) = (value(NAME), value(XML));
    let mut errors = BTreeMap::new();
    if name.is_empty() {
        errors.insert(NAME.to_owned(), "Please fill this in.".to_owned());
    }
    if let Err(problem) = check_xml(&xml) {
        errors.insert(XML.to_owned(), problem);
    }
    if errors.is_empty() {
        return Ok(NewJob { name, xml });
    }
    Err(Box::new(SubmitDialogResponse {
        errors,
        ..SubmitDialogResponse::default()
    }))
}

/// Whether a configuration is XML at all. What is in it is for Jenkins to judge.
///
/// # Errors
/// What is wrong with it, and where: plain text.
pub fn check_xml(xml: &str) -> Result<(), String> {
    if xml.trim().is_empty() {
        return Err("There is no configuration. Paste the job's config.xml.".to_owned());
    }
    match roxmltree::Document::parse(xml.trim()) {
        Ok(_) => Ok(()),
        Err(error) => {
            let problem = text::truncate(&text::one_line(&error.to_string()), 200);
            Err(format!("This is no well-formed XML: {problem}."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_jenkins_writes_is_xml() {
        for xml in [
            "<?xml version='1.1' encoding='UTF-8'?>\n<project><description>a &amp; b &#x1F600;</description></project>",
            "<flow-definition plugin=\"workflow-job@2.40\"><script><![CDATA[if (a < b) {}]]></script></flow-definition>\n",
        ] {
            assert_eq!(check_xml(xml), Ok(()), "{xml}");
        }
    }

    #[test]
    fn what_is_no_xml_is_refused_with_its_place() {
        for xml in [
            "",
            "hello",
            "<project>",
            "<project></projekt>",
            "<a/><b/>",
            "<a>&nope;</a>",
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
        ] {
            assert!(check_xml(xml).is_err(), "{xml}");
        }
        let problem = check_xml("<project>\n</projekt>").unwrap_err();
        assert!(problem.contains("2:1"), "{problem}");
    }

    #[test]
    fn the_dialog_keeps_the_servers_limits() {
        let request = open("t", "s", &"x".repeat(151));
        assert!(request.dialog.title.len() <= 24);
        for element in &request.dialog.elements {
            assert!(element.display_name.len() <= 24 && element.help_text.len() <= 150);
            assert!(element.default.len() <= 150 && element.placeholder.len() <= 150);
        }
    }
}
