//! The dialogs that ask for parameters: of builds, and of questions that pipelines ask.
//!
//! A field's value is never the name, choice or default that Jenkins gave: fields and choices are
//! numbered, so nothing is too long, twice there or empty for the server.

use std::collections::BTreeMap;

use mattermost_plugin::model::{Dialog, DialogElement, OpenDialogRequest, PostActionOption};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::words;
use crate::config::PLUGIN_ID;
use crate::jenkins::error::explain::Ink;
use crate::jenkins::parameters::{self, Parameter, ParameterKind};
use crate::text;

/// Where the dialog is answered, below `/plugins/<id>`.
pub const PARAMETERS_PATH: &str = "/api/v1/jenkins/parameters";

/// Fields of one dialog: more do not fit on a phone.
pub const FIELDS_ON_A_PAGE: usize = 5;
/// Most entries of a menu; above, the value is typed.
const MOST_OPTIONS: usize = 1000;
/// Most choices that are named where there can be no menu.
const SHOWN_CHOICES: usize = 20;
/// Runes of an entry that are shown.
const OPTION_RUNES: usize = 100;
/// Longest text that the server takes as the default of a line and of an area, in bytes.
const LINE_DEFAULT: usize = 150;
const AREA_DEFAULT: usize = 3000;
/// Most characters that can be typed. A client's own limit, when none is given, would be 150 and 3000
/// (`dialog_element.tsx` of the web client).
const LINE_LENGTH: i64 = 3000;
const AREA_LENGTH: i64 = 10_000;

/// One parameter that somebody is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// As Jenkins declares it.
    pub parameter: Parameter,
    /// For a parameter that is a build: those to choose from. Without any, the value is typed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub builds: Vec<BuildOption>,
    /// Whether the server can show menus (`Capability::DialogChoices`); without, a choice is typed.
    pub menus: bool,
}

/// A build to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildOption {
    /// The value for Jenkins: `project#number`.
    pub value: String,
    /// The words for people.
    pub text: String,
}

/// Values by the names of their parameters.
pub type Values = Vec<(String, String)>;

/// All fields, page by page, and what is known so far.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    /// All fields, of all pages.
    pub fields: &'a [Field],
    /// The page, from 0.
    pub page: usize,
    /// Values that take the place of defaults: given before, or those of another build.
    pub known: &'a [(String, String)],
}

/// How a field is shown.
enum Widget {
    Check,
    /// Texts and values.
    Menu(Vec<(String, String)>),
    Line,
    Area,
    Secret,
}

impl Field {
    /// A field for this parameter, on a server that can show menus or not.
    #[must_use]
    pub fn new(parameter: Parameter, menus: bool) -> Self {
        Self {
            parameter,
            builds: Vec::new(),
            menus,
        }
    }

    fn widget(&self, shown: &str) -> Widget {
        match &self.parameter.kind {
            kind if kind.is_secret() => Widget::Secret,
            ParameterKind::Boolean => Widget::Check,
            ParameterKind::Choice(choices)
                if self.menus && (1..=MOST_OPTIONS).contains(&choices.len()) =>
            {
                let option = |choice: &String| (option_text(choice), choice.clone());
                Widget::Menu(choices.iter().map(option).collect())
            }
            ParameterKind::Run { .. } if self.menus && !self.builds.is_empty() => {
                let option = |build: &BuildOption| (option_text(&build.text), build.value.clone());
                let mut options: Vec<_> = self.builds.iter().map(option).collect();
                // An older build that was chosen before.
                if !shown.is_empty() && options.iter().all(|(_, value)| value != shown) {
                    options.push((option_text(shown), shown.to_owned()));
                }
                Widget::Menu(options)
            }
            ParameterKind::Text => Widget::Area,
            _ if shown.len() > LINE_DEFAULT || shown.contains('\n') => Widget::Area,
            _ => Widget::Line,
        }
    }

    /// What the plugin itself has to say of it.
    fn hint(&self, current: &Current) -> String {
        let kind = &self.parameter.kind;
        if kind.is_secret() {
            return if current.is_known {
                "Empty keeps what was typed before.".to_owned()
            } else {
                "Empty takes the job's default.".to_owned()
            };
        }
        if current.is_hidden {
            let length = text::rune_count(&current.value);
            return format!(
                "Empty keeps the present value, which is too long to show ({length} characters)."
            );
        }
        match kind {
            ParameterKind::Run { project } if self.builds.is_empty() || !self.menus => format!(
                "A build, as in {}#7. Empty takes the default.",
                text::truncate_bytes(&words::unmarked(project), 60)
            ),
            ParameterKind::Run { .. } => "Empty takes the default.".to_owned(),
            ParameterKind::Credentials => "The id of credentials in Jenkins.".to_owned(),
            ParameterKind::Choice(choices) if choices.len() > MOST_OPTIONS => {
                format!("One of {} values; type it.", choices.len())
            }
            ParameterKind::Choice(choices) if !self.menus => {
                let choices: Vec<_> = choices.iter().take(SHOWN_CHOICES).collect();
                let choices = choices.into_iter().map(|choice| option_text(choice));
                let choices = format!("One of: {}", choices.collect::<Vec<_>>().join(", "));
                text::truncate_bytes(&words::unmarked(&choices), 110)
            }
            ParameterKind::Other { kind } => format!(
                "{}: Jenkins tells programs no choices of it; type the value.",
                text::truncate_bytes(&words::unmarked(kind), 50)
            ),
            _ => String::new(),
        }
    }
}

/// The value that a field begins with.
struct Current {
    value: String,
    /// True if it was given before; otherwise it is the default.
    is_known: bool,
    /// True if the server takes no default of this length.
    is_hidden: bool,
}

impl Form<'_> {
    /// How many dialogs it takes.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.fields.len().div_ceil(FIELDS_ON_A_PAGE)
    }

    /// Whether this page is the last.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.page + 1 >= self.pages()
    }

    /// The names of this page's fields in a dialog, and the fields.
    fn on_page(&self) -> impl Iterator<Item = (String, &Field)> {
        self.fields
            .iter()
            .enumerate()
            .skip(self.page * FIELDS_ON_A_PAGE)
            .take(FIELDS_ON_A_PAGE)
            .map(|(index, field)| (element_name(index), field))
    }

    fn current(&self, field: &Field) -> Current {
        let parameter = &field.parameter;
        let known = self.known.iter().find(|(name, _)| *name == parameter.name);
        let value = known.map(|(_, value)| value).or(parameter.default.as_ref());
        let value = value.cloned().unwrap_or_default();
        let is_chosen = matches!(field.widget(&value), Widget::Menu(_));
        Current {
            is_known: known.is_some(),
            is_hidden: !is_chosen && value.len() > AREA_DEFAULT,
            value,
        }
    }

    /// The fields of this page.
    #[must_use]
    pub fn elements(&self) -> Vec<DialogElement> {
        let names = self
            .fields
            .iter()
            .map(|field| field.parameter.name.as_str());
        let labels = words::labels(names);
        let labels = labels.into_iter().skip(self.page * FIELDS_ON_A_PAGE);
        self.on_page()
            .zip(labels)
            .map(|((name, field), label)| self.element(name, field, label))
            .collect()
    }

    fn element(&self, name: String, field: &Field, label: String) -> DialogElement {
        let parameter = &field.parameter;
        let current = self.current(field);
        let mut description = words::unmarked(&parameter.description);
        let whole_name = text::one_line(&parameter.name);
        if !whole_name.is_empty() && whole_name != label {
            let name = text::truncate_bytes(&words::unmarked(&whole_name), 80);
            description = match description.as_str() {
                "" => name,
                description => format!("{name}: {description}"),
            };
        }
        let element = DialogElement {
            name,
            display_name: label,
            help_text: words::help(&description, &field.hint(&current)),
            optional: true,
            ..DialogElement::default()
        };
        let shown = match current.is_hidden {
            true => String::new(),
            false => current.value.clone(),
        };
        let of_type = |kind: &str| DialogElement {
            r#type: kind.to_owned(),
            ..element.clone()
        };
        match field.widget(&current.value) {
            Widget::Check => DialogElement {
                default: shown.trim().eq_ignore_ascii_case("true").to_string(),
                ..of_type("bool")
            },
            Widget::Menu(options) => {
                let chosen = options.iter().position(|(_, value)| *value == shown);
                let options = options.into_iter().enumerate();
                let option = |(index, (text, _)): (usize, (String, String))| PostActionOption {
                    text,
                    value: index.to_string(),
                };
                DialogElement {
                    default: chosen.map(|index| index.to_string()).unwrap_or_default(),
                    options: options.map(option).collect(),
                    // One of the choices there must be; a build can be left to Jenkins.
                    optional: !matches!(parameter.kind, ParameterKind::Choice(_)),
                    ..of_type("select")
                }
            }
            Widget::Secret => DialogElement {
                sub_type: "password".to_owned(),
                max_length: LINE_LENGTH,
                ..of_type("text")
            },
            Widget::Line => DialogElement {
                default: shown,
                max_length: LINE_LENGTH,
                ..of_type("text")
            },
            Widget::Area => DialogElement {
                default: shown,
                max_length: AREA_LENGTH,
                ..of_type("textarea")
            },
        }
    }

    /// All values that are known once this page is filled in. What is not among them takes its default
    /// at Jenkins.
    ///
    /// # Errors
    /// What to say beside which field.
    pub fn read(
        &self,
        submission: &Map<String, Value>,
    ) -> Result<Values, BTreeMap<String, String>> {
        let mut values = self.known.to_vec();
        let mut errors = BTreeMap::new();
        for (name, field) in self.on_page() {
            match self.read_field(field, submission.get(&name)) {
                Ok(Entry::Same) => {}
                Ok(Entry::Default) => values.retain(|(known, _)| *known != field.parameter.name),
                Ok(Entry::Value(value)) => {
                    values.retain(|(known, _)| *known != field.parameter.name);
                    values.push((field.parameter.name.clone(), value));
                }
                Err(problem) => _ = errors.insert(name, problem),
            }
        }
        if errors.is_empty() {
            Ok(values)
        } else {
            Err(errors)
        }
    }

    fn read_field(&self, field: &Field, sent: Option<&Value>) -> Result<Entry, String> {
        let parameter = &field.parameter;
        let current = self.current(field);
        let text = match sent {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(value @ (Value::Bool(_) | Value::Number(_))) => value.to_string(),
            Some(_) => return Err("This is not a value.".to_owned()),
        };
        let value = match field.widget(&current.value) {
            Widget::Check if text.is_empty() => "false".to_owned(),
            Widget::Check => text,
            Widget::Menu(_) if text.is_empty() => {
                return match parameter.kind {
                    ParameterKind::Choice(_) => Err("Please choose one.".to_owned()),
                    _ => Ok(Entry::Default),
                };
            }
            Widget::Menu(mut options) => match text.parse::<usize>() {
                Ok(index) if index < options.len() => options.swap_remove(index).1,
                _ => return Err("This is none of the choices.".to_owned()),
            },
            Widget::Secret if text.is_empty() => return Ok(Entry::Same),
            _ if text.is_empty() && current.is_hidden => return Ok(Entry::Same),
            // Jenkins has a default of its own for what declares none, as the newest build.
            Widget::Line if text.is_empty() && current.value.is_empty() => {
                return Ok(Entry::Default);
            }
            Widget::Secret | Widget::Line | Widget::Area => text,
        };
        let given = [(parameter.name.clone(), value)];
        match parameters::fit(std::slice::from_ref(parameter), &given) {
            Ok(fitted) => Ok(fitted
                .into_iter()
                .next()
                .map_or(Entry::Default, |fitted| Entry::Value(fitted.value))),
            Err(problems) => {
                let words = problems.iter().map(|problem| problem.explain(&Ink::PLAIN));
                Err(text::truncate(&words.collect::<Vec<_>>().join(" "), 300))
            }
        }
    }
}

/// What somebody made of a field.
enum Entry {
    /// Nothing: what was known stays.
    Same,
    /// The default.
    Default,
    Value(String),
}

/// Whose parameters a dialog asks for.
#[derive(Clone, Debug)]
pub struct Heading<'a> {
    /// The job as people know it.
    pub job: &'a str,
    /// Its last name, for the title.
    pub name: &'a str,
    /// Its page for people.
    pub url: &'a str,
    /// What else to say; Markdown.
    pub note: &'a str,
}

/// The dialog of a page. `state` comes back with the answer.
#[must_use]
pub fn open(
    trigger_id: &str,
    state: &str,
    heading: &Heading<'_>,
    form: &Form<'_>,
) -> OpenDialogRequest {
    let (page, pages) = (form.page + 1, form.pages());
    let (title_end, position) = match pages {
        0 | 1 => (String::new(), String::new()),
        _ => (
            format!(" ({page}/{pages})"),
            format!(" Page {page} of {pages}."),
        ),
    };
    let job = text::link(&text::truncate_middle(heading.job, 200), heading.url);
    let note = match heading.note {
        "" => String::new(),
        note => format!("\n\n{note}"),
    };
    OpenDialogRequest {
        trigger_id: trigger_id.to_owned(),
        url: format!("/plugins/{PLUGIN_ID}{PARAMETERS_PATH}"),
        dialog: Dialog {
            callback_id: "jenkins_parameters".to_owned(),
            title: words::title("Build", heading.name, &title_end),
            introduction_text: format!("Parameters of the job {job}.{position}{note}"),
            elements: form.elements(),
            submit_label: if form.is_last() { "Build" } else { "Next" }.to_owned(),
            state: state.to_owned(),
            ..Dialog::default()
        },
    }
}

fn element_name(index: usize) -> String {
    format!("p{index}")
}

fn option_text(choice: &str) -> String {
    match text::truncate(&text::one_line(choice), OPTION_RUNES) {
        empty if empty.is_empty() => "(empty)".to_owned(),
        shown => shown,
    }
}

#[cfg(test)]
#[path = "parameters_tests.rs"]
mod tests;
