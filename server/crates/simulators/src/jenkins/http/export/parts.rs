//! Parameters, causes and changes.

use serde_json::{Value, json};

use super::View;
use super::select::{Bean, Select};
use crate::jenkins::model::{
    Cause, Change, JobKind, Parameter, ParameterKind, ParameterValue, User,
};
use crate::jenkins::world::Build;

impl View<'_> {
    /// One of `parameterDefinitions[]`.
    pub(crate) fn parameter_definition(&self, parameter: &Parameter, select: Select<'_>) -> Value {
        let class = parameter.class();
        let mut bean = Bean::new(class, select);
        bean.object(3, "defaultParameterValue", |select| {
            match parameter.value(None) {
                Ok(Some(value)) => parameter_value(&value, select),
                _ => Value::Null,
            }
        });
        bean.visible(3, "description", || parameter.description.as_str());
        bean.visible(3, "name", || parameter.name.as_str());
        // ParameterDefinition.getType: the class's simple name.
        bean.visible(3, "type", || class.rsplit('.').next().unwrap_or(class));
        match &parameter.kind {
            ParameterKind::Choice(choices) => bean.visible(3, "choices", || choices.clone()),
            ParameterKind::Run { project } => {
                bean.visible(3, "projectName", || project.as_str());
                bean.visible(3, "filter", || "ALL");
            }
            _ => {}
        }
        bean.finish()
    }

    /// `actions[]` of a build or queue item: its causes and parameters.
    pub(crate) fn start_actions(
        &self,
        bean: &mut Bean<'_>,
        visibility: i32,
        causes: &[Cause],
        parameters: &[ParameterValue],
        more: Vec<Value>,
    ) {
        let has_parameters = !parameters.is_empty();
        let actions = [StartAction::Causes]
            .into_iter()
            .chain(has_parameters.then_some(StartAction::Parameters))
            .chain(more.into_iter().map(StartAction::Other));
        bean.list(
            visibility,
            "actions",
            actions,
            |action, select| match action {
                StartAction::Causes => {
                    let mut bean = Bean::new("hudson.model.CauseAction", select);
                    bean.list(3, "causes", causes, |cause, select| {
                        self.cause(cause, select)
                    });
                    bean.finish()
                }
                StartAction::Parameters => {
                    let mut bean = Bean::new("hudson.model.ParametersAction", select);
                    bean.list(3, "parameters", parameters, parameter_value);
                    bean.finish()
                }
                StartAction::Other(Value::Object(fields)) => {
                    let mut bean = Bean::new(
                        fields
                            .get("_class")
                            .and_then(Value::as_str)
                            .unwrap_or_default(),
                        select,
                    );
                    for (name, value) in fields.iter().filter(|(name, _)| *name != "_class") {
                        bean.visible(3, name, || value.clone());
                    }
                    bean.finish()
                }
                StartAction::Other(other) => other,
            },
        );
    }

    fn cause(&self, cause: &Cause, select: Select<'_>) -> Value {
        let (class, fields) = match cause {
            Cause::User(Some(id)) => {
                let name = self
                    .world
                    .user(id)
                    .map_or(id.as_str(), |user| &user.full_name);
                let text = format!("Started by user {name}");
                (
                    "hudson.model.Cause$UserIdCause",
                    json!({"shortDescription": text, "userId": id, "userName": name}),
                )
            }
            Cause::User(None) => {
                let fields = json!({"shortDescription": "Started by anonymous user", "userId": null, "userName": "anonymous"});
                ("hudson.model.Cause$UserIdCause", fields)
            }
            Cause::Timer => (
                "hudson.triggers.TimerTrigger$TimerTriggerCause",
                json!({"shortDescription": "Started by timer"}),
            ),
            Cause::ScmChange => (
                "hudson.triggers.SCMTrigger$SCMTriggerCause",
                json!({"shortDescription": "Started by an SCM change"}),
            ),
            Cause::Upstream { project, build } => {
                let text =
                    format!("Started by upstream project \"{project}\" build number {build}");
                let url = super::item_path(project);
                let fields = json!({"shortDescription": text, "upstreamProject": project, "upstreamBuild": build, "upstreamUrl": url});
                ("hudson.model.Cause$UpstreamCause", fields)
            }
        };
        leaf_bean(class, &fields, select)
    }

    /// `changeSet` of a freestyle build or `changeSets` of a pipeline.
    pub(crate) fn changes(&self, bean: &mut Bean<'_>, build: &Build) {
        let change_set = |select: Select<'_>| {
            let class = if build.script.changes.is_empty() {
                "hudson.scm.EmptyChangeLogSet"
            } else {
                "hudson.plugins.git.GitChangeSetList"
            };
            let mut set = Bean::new(class, select);
            set.list(2, "items", &build.script.changes, |change, select| {
                self.change(build, change, select)
            });
            set.visible(2, "kind", || {
                if build.script.changes.is_empty() {
                    Value::Null
                } else {
                    "git".into()
                }
            });
            set.finish()
        };
        match build.kind {
            JobKind::Freestyle => bean.object(1, "changeSet", change_set),
            JobKind::Pipeline => {
                let sets = (!build.script.changes.is_empty()).then_some(());
                bean.list(1, "changeSets", sets, |(), select| change_set(select));
            }
        }
    }

    fn change(&self, build: &Build, change: &Change, select: Select<'_>) -> Value {
        let mut bean = Bean::new("hudson.plugins.git.GitChangeSet", select);
        bean.visible(3, "affectedPaths", || change.paths.clone());
        bean.visible(3, "commitId", || change.commit.as_str());
        bean.visible(3, "id", || change.commit.as_str());
        bean.visible(3, "timestamp", || build.started);
        bean.object(3, "author", |select| self.person(&change.author, select));
        bean.visible(3, "authorEmail", || change.email.as_str());
        bean.visible(3, "comment", || format!("{}\n", change.message));
        bean.visible(3, "msg", || change.message.as_str());
        bean.list(3, "paths", &change.paths, |path, select| {
            leaf_bean(
                "hudson.plugins.git.GitChangeSet$Path",
                &json!({"editType": "edit", "file": path}),
                select,
            )
        });
        bean.finish()
    }

    /// `/user/<id>`.
    pub(crate) fn user_page(&self, user: &User, select: Select<'_>) -> Value {
        let id = crate::jenkins::model::encode_segment(&user.id);
        let mut bean = Bean::new("hudson.model.User", select);
        bean.visible(999, "absoluteUrl", || format!("{}/user/{id}", self.root));
        bean.value("description", || Value::Null);
        bean.visible(999, "fullName", || user.full_name.as_str());
        bean.value("id", || user.id.as_str());
        bean.list(1, "property", &user.email, |address, select| {
            leaf_bean(
                "hudson.tasks.Mailer$UserProperty",
                &json!({"address": address}),
                select,
            )
        });
        bean.finish()
    }

    /// A user as mentioned by a build (`hudson.model.User`).
    pub(crate) fn person(&self, full_name: &str, select: Select<'_>) -> Value {
        let known = self
            .world
            .users
            .iter()
            .find(|user| user.full_name == full_name);
        let id = known.map_or_else(|| full_name.to_lowercase(), |user| user.id.clone());
        let url = format!(
            "{}/user/{}",
            self.root,
            crate::jenkins::model::encode_segment(&id)
        );
        let mut bean = Bean::plain(select);
        bean.visible(999, "absoluteUrl", || url);
        bean.visible(999, "fullName", || full_name);
        bean.value("id", || id);
        bean.finish()
    }
}

enum StartAction {
    Causes,
    Parameters,
    Other(Value),
}

/// A value; a password's is never exported.
fn parameter_value(value: &ParameterValue, select: Select<'_>) -> Value {
    let mut bean = Bean::new(value.class, select);
    bean.visible(4, "name", || value.name.as_str());
    if !value.secret && value.class != "hudson.model.FileParameterValue" {
        bean.visible(4, "value", || {
            if value.flag {
                json!(value.value == "true")
            } else {
                json!(value.value)
            }
        });
    }
    bean.finish()
}

/// An object of plain values that is shown wherever it is mentioned.
pub(crate) fn leaf_bean(class: &str, fields: &Value, select: Select<'_>) -> Value {
    let mut bean = Bean::new(class, select);
    for (name, value) in fields.as_object().into_iter().flatten() {
        bean.visible(999, name, || value.clone());
    }
    bean.finish()
}
