//! Parameters of a job: what it declares, what was given, and whether they fit.
//!
//! Jenkins itself ignores unknown names and answers an illegal choice with an error page that hides
//! the reason (`ParametersDefinitionProperty`, `ChoiceParameterDefinition`), so both are checked here.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::explain::{Ink, sentence};
use super::suggest;

/// One declared parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it is for; plain text or HTML, as the job's author wrote it.
    pub description: String,
    /// What it may hold.
    pub kind: ParameterKind,
    /// The value that it takes if none is given. Never that of a password.
    pub default: Option<String>,
}

/// The kinds of `parameterDefinitions[].type` (`hudson.model.ParameterDefinition.getType`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParameterKind {
    /// One line.
    String,
    /// Several lines.
    Text,
    /// `true` or `false`.
    Boolean,
    /// One of these.
    Choice(Vec<String>),
    /// A secret.
    Password,
    /// A build of a project, as `job#number`.
    Run {
        /// The project.
        project: String,
    },
    /// A file; cannot be given as text.
    File,
    /// The id of stored credentials.
    Credentials,
    /// A kind of some plugin: taken as text. Its choices, if any, are not told to programs.
    Other {
        /// The class's short name.
        kind: String,
    },
}

impl ParameterKind {
    /// Whether its values are secrets: also of plugins, as `NonStoredPasswordParameterDefinition` of
    /// mask-passwords.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        match self {
            Self::Password => true,
            Self::Other { kind } => kind.to_ascii_lowercase().contains("password"),
            _ => false,
        }
    }
}

/// A value to build with.
#[derive(Clone, PartialEq, Eq)]
pub struct ParameterValue {
    /// The parameter's name.
    pub name: String,
    /// The value as Jenkins takes it.
    pub value: String,
    /// True for a password: the value is in no `Debug`.
    pub is_secret: bool,
}

impl fmt::Debug for ParameterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if self.is_secret { "****" } else { &self.value };
        write!(f, "{}={value:?}", self.name)
    }
}

/// Why a given parameter does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterProblem {
    /// The job takes none at all.
    NotParameterized,
    /// The job has no parameter of that name.
    Unknown {
        /// The name.
        name: String,
        /// Names like it, or else all names.
        known: Vec<String>,
    },
    /// It was given more than once.
    Twice {
        /// The name.
        name: String,
    },
    /// Not one of the choices.
    NotAChoice {
        /// The parameter's name.
        name: String,
        /// What was given.
        value: String,
        /// What is allowed.
        choices: Vec<String>,
    },
    /// Neither true nor false.
    NotABoolean {
        /// The parameter's name.
        name: String,
        /// What was given.
        value: String,
    },
    /// A file cannot be given as text.
    File {
        /// The parameter's name.
        name: String,
    },
    /// Jenkins says so, although everything was checked: the job has just changed.
    Refused {
        /// Jenkins' words.
        message: String,
    },
}

/// Fits given names and values to what a job declares. Names are compared exactly first, then
/// without case; choices as well. What is not given keeps its default at Jenkins.
///
/// # Errors
/// All problems at once.
pub fn fit(
    declared: &[Parameter],
    given: &[(String, String)],
) -> Result<Vec<ParameterValue>, Vec<ParameterProblem>> {
    if declared.is_empty() && !given.is_empty() {
        return Err(vec![ParameterProblem::NotParameterized]);
    }
    let mut values: Vec<ParameterValue> = Vec::new();
    let mut problems = Vec::new();
    for (name, value) in given {
        match fit_one(declared, name, value) {
            Ok(fitted) if values.iter().any(|earlier| earlier.name == fitted.name) => {
                problems.push(ParameterProblem::Twice { name: fitted.name });
            }
            Ok(fitted) => values.push(fitted),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(values)
    } else {
        Err(problems)
    }
}

fn fit_one(
    declared: &[Parameter],
    name: &str,
    value: &str,
) -> Result<ParameterValue, ParameterProblem> {
    let parameter = find(declared, name).ok_or_else(|| unknown(declared, name))?;
    let name = parameter.name.clone();
    let is_secret = parameter.kind.is_secret();
    let value = match &parameter.kind {
        // Without any, only Jenkins knows them.
        ParameterKind::Choice(choices) if !choices.is_empty() => match pick(choices, value) {
            Some(choice) => choice.clone(),
            None => {
                let (value, choices) = (value.to_owned(), choices.clone());
                return Err(ParameterProblem::NotAChoice {
                    name,
                    value,
                    choices,
                });
            }
        },
        ParameterKind::Boolean => match value.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => "true".to_owned(),
            "false" | "no" | "off" | "0" => "false".to_owned(),
            _ => {
                return Err(ParameterProblem::NotABoolean {
                    name,
                    value: value.to_owned(),
                });
            }
        },
        ParameterKind::File => return Err(ParameterProblem::File { name }),
        _ => value.to_owned(),
    };
    Ok(ParameterValue {
        name,
        value,
        is_secret,
    })
}

/// The declared parameter that is meant by a name.
pub(crate) fn find<'a>(declared: &'a [Parameter], name: &str) -> Option<&'a Parameter> {
    let exact = declared.iter().find(|parameter| parameter.name == name);
    exact.or_else(|| {
        let mut same = declared
            .iter()
            .filter(|parameter| parameter.name.to_lowercase() == name.to_lowercase());
        same.next().filter(|_| same.next().is_none())
    })
}

fn pick<'a>(choices: &'a [String], value: &str) -> Option<&'a String> {
    let exact = choices.iter().find(|choice| *choice == value);
    exact.or_else(|| {
        let mut same = choices
            .iter()
            .filter(|choice| choice.to_lowercase() == value.to_lowercase());
        same.next().filter(|_| same.next().is_none())
    })
}

fn unknown(declared: &[Parameter], name: &str) -> ParameterProblem {
    let names = || declared.iter().map(|parameter| parameter.name.as_str());
    let mut known = suggest::similar(name, names(), 3);
    if known.is_empty() {
        known = names().map(str::to_owned).collect();
    }
    ParameterProblem::Unknown {
        name: name.to_owned(),
        known,
    }
}

impl ParameterProblem {
    pub(crate) fn explain(&self, ink: &Ink) -> String {
        let Ink {
            name: quoted, said, ..
        } = ink;
        let list = |names: &[String]| {
            names
                .iter()
                .take(20)
                .map(|name| quoted(name))
                .collect::<Vec<_>>()
                .join(", ")
        };
        match self {
            Self::NotParameterized => "It takes no parameters.".to_owned(),
            Self::Unknown { name, known } => format!(
                "It has no parameter {}; there is {}.",
                quoted(name),
                list(known)
            ),
            Self::Twice { name } => format!("{} is given twice.", quoted(name)),
            Self::NotAChoice {
                name,
                value,
                choices,
            } => {
                format!(
                    "{} cannot be {}; it is one of {}.",
                    quoted(name),
                    quoted(value),
                    list(choices)
                )
            }
            Self::NotABoolean { name, value } => {
                format!(
                    "{} cannot be {}; it is true or false.",
                    quoted(name),
                    quoted(value)
                )
            }
            Self::File { name } => format!(
                "{} is a file, which can only be given in Jenkins.",
                quoted(name)
            ),
            Self::Refused { message } => sentence(&said(message)),
        }
    }
}

#[cfg(test)]
#[path = "parameters_tests.rs"]
mod tests;
