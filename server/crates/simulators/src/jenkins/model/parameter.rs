//! Parameter definitions and values.

/// The kinds of parameter, named as `ParameterDefinition.getType` names them (the class's simple name).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterKind {
    /// `StringParameterDefinition`.
    String,
    /// `TextParameterDefinition`: several lines.
    Text,
    /// `BooleanParameterDefinition`.
    Boolean,
    /// `ChoiceParameterDefinition`: one of these.
    Choice(Vec<String>),
    /// `PasswordParameterDefinition`: its value is never exported.
    Password,
    /// `RunParameterDefinition`: a build of this project.
    Run {
        /// The project whose builds can be chosen.
        project: String,
    },
    /// `FileParameterDefinition`: uploaded in a multipart field of the parameter's name.
    File,
    /// `CredentialsParameterDefinition` of credentials-plugin: the value is a credential's id.
    Credentials,
    /// A kind Jenkins core does not know, such as `ChoiceParameter` of active-choices-plugin; exports no choices.
    Other {
        /// The class's full name.
        class: String,
    },
}

/// A parameter a job declares.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub(crate) name: String,
    pub(crate) kind: ParameterKind,
    pub(crate) default: String,
    pub(crate) description: String,
}

impl Parameter {
    /// A parameter of any kind, without a default.
    pub fn new(name: &str, kind: ParameterKind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            default: String::new(),
            description: String::new(),
        }
    }

    /// One line of text.
    pub fn string(name: &str, default: &str) -> Self {
        Self::new(name, ParameterKind::String).default_value(default)
    }

    /// Several lines of text.
    pub fn text(name: &str, default: &str) -> Self {
        Self::new(name, ParameterKind::Text).default_value(default)
    }

    /// A flag.
    pub fn boolean(name: &str, default: bool) -> Self {
        Self::new(name, ParameterKind::Boolean).default_value(if default {
            "true"
        } else {
            "false"
        })
    }

    /// One of `choices`; the first is the default (`ChoiceParameterDefinition`).
    pub fn choice<'a>(name: &str, choices: impl IntoIterator<Item = &'a str>) -> Self {
        let choices: Vec<String> = choices.into_iter().map(str::to_owned).collect();
        let default = choices.first().cloned().unwrap_or_default();
        Self::new(name, ParameterKind::Choice(choices)).default_value(&default)
    }

    /// A secret.
    pub fn password(name: &str, default: &str) -> Self {
        Self::new(name, ParameterKind::Password).default_value(default)
    }

    /// The default value, as text.
    pub fn default_value(mut self, value: &str) -> Self {
        value.clone_into(&mut self.default);
        self
    }

    /// The help shown beside the parameter.
    pub fn description(mut self, text: &str) -> Self {
        text.clone_into(&mut self.description);
        self
    }

    /// The definition's class.
    pub(crate) fn class(&self) -> &str {
        match &self.kind {
            ParameterKind::String => "hudson.model.StringParameterDefinition",
            ParameterKind::Text => "hudson.model.TextParameterDefinition",
            ParameterKind::Boolean => "hudson.model.BooleanParameterDefinition",
            ParameterKind::Choice(_) => "hudson.model.ChoiceParameterDefinition",
            ParameterKind::Password => "hudson.model.PasswordParameterDefinition",
            ParameterKind::Run { .. } => "hudson.model.RunParameterDefinition",
            ParameterKind::File => "hudson.model.FileParameterDefinition",
            ParameterKind::Credentials => {
                "com.cloudbees.plugins.credentials.CredentialsParameterDefinition"
            }
            ParameterKind::Other { class } => class,
        }
    }

    /// The class of the values this parameter makes.
    pub(crate) fn value_class(&self) -> &'static str {
        match &self.kind {
            ParameterKind::Text => "hudson.model.TextParameterValue",
            ParameterKind::Boolean => "hudson.model.BooleanParameterValue",
            ParameterKind::Password => "hudson.model.PasswordParameterValue",
            ParameterKind::Run { .. } => "hudson.model.RunParameterValue",
            ParameterKind::File => "hudson.model.FileParameterValue",
            ParameterKind::Credentials => {
                "com.cloudbees.plugins.credentials.CredentialsParameterValue"
            }
            ParameterKind::String | ParameterKind::Choice(_) | ParameterKind::Other { .. } => {
                "hudson.model.StringParameterValue"
            }
        }
    }

    /// The value for what was submitted, or for the default if nothing was; `Err` carries Jenkins' message.
    pub(crate) fn value(&self, submitted: Option<&str>) -> Result<Option<ParameterValue>, String> {
        let text = match (&self.kind, submitted) {
            // FileParameterDefinition.createValue: no upload, no value.
            (ParameterKind::File, None) => return Ok(None),
            (ParameterKind::Choice(choices), Some(text))
                if !choices.iter().any(|choice| choice == text) =>
            {
                return Err(format!(
                    "Illegal choice for parameter {}: {text}",
                    self.name
                ));
            }
            // BooleanParameterDefinition.createValue: Boolean.parseBoolean.
            (ParameterKind::Boolean, Some(text)) => text.eq_ignore_ascii_case("true").to_string(),
            (_, Some(text)) => text.to_owned(),
            (_, None) => self.default.clone(),
        };
        Ok(Some(ParameterValue {
            name: self.name.clone(),
            value: text,
            class: self.value_class(),
            secret: self.kind == ParameterKind::Password,
            flag: self.kind == ParameterKind::Boolean,
        }))
    }
}

/// A value a build was started with.
#[derive(Clone, PartialEq, Eq)]
pub struct ParameterValue {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) class: &'static str,
    pub(crate) secret: bool,
    pub(crate) flag: bool,
}

impl ParameterValue {
    /// The parameter's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the build received; a secret too, since a test wants to know that it arrived.
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl std::fmt::Debug for ParameterValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = if self.secret { "****" } else { &self.value };
        f.debug_struct("ParameterValue")
            .field("name", &self.name)
            .field("value", &value)
            .finish_non_exhaustive()
    }
}
