//! Building again with the parameters of an earlier build.

use tokio::time::Instant;

use super::build::paragraphs;
use super::parameters::{Asking, fields};
use super::target::FoundBuild;
use super::{Caller, JenkinsService, Reply};
use crate::jenkins::action::BuildKey;
use crate::jenkins::client::Job;
use crate::jenkins::command::arguments::BuildArgument;
use crate::jenkins::dialog::parameters::{Field, Values};
use crate::jenkins::error::Thing;
use crate::jenkins::parameters::{self, Parameter, ParameterKind};
use crate::jenkins::{BuildSelector, JenkinsError};
use crate::text;

/// Names that are told.
const NAMES: usize = 20;

/// The parameters of an earlier build, seen from the job as it is now.
#[derive(Debug, Default, PartialEq, Eq)]
struct Former {
    /// What can be given again.
    values: Values,
    /// What has to be asked for: Jenkins does not tell it, or does not take it any more.
    missing: Vec<String>,
    /// What has changed since; full sentences in Markdown.
    changes: Vec<String>,
}

impl JenkinsService {
    pub(super) async fn rebuild_as_typed(&self, caller: &Caller, build: &BuildArgument) -> Reply {
        let since = Instant::now();
        let found = self.find_build(caller, build).await?;
        self.rebuild_found(caller, &found, since).await
    }

    /// Builds again what a button is about, once for a double click.
    pub(super) async fn rebuild(&self, caller: &Caller, key: BuildKey) -> Reply {
        let since = Instant::now();
        let found = self.build_of_key(caller, key).await?;
        let number = found.number.to_string();
        let user = [caller.user_id.as_str(), caller.channel_id.as_str()];
        let build = [found.server.as_str(), number.as_str()];
        let names = found.path.names().iter().map(String::as_str);
        let click = ["rebuild"].into_iter().chain(user).chain(build);
        if !self.is_first_click(click.chain(names)).await? {
            return Ok(None);
        }
        self.rebuild_found(caller, &found, since).await
    }

    async fn rebuild_found(&self, caller: &Caller, found: &FoundBuild, since: Instant) -> Reply {
        let (server, client) = (&found.server, &found.client);
        let selector = BuildSelector::Number(found.number);
        let details = async { Ok(client.details(&found.path, selector).await?) };
        let (job, details) = tokio::try_join!(
            self.resolve_known(caller, (server, client), &found.path),
            details
        )?;
        let details = details.ok_or_else(|| JenkinsError::NotFound {
            thing: Thing::Build,
            name: format!("{} #{}", found.path, found.number),
            suggestions: Vec::new(),
        })?;
        let former = Former::of(&job, details.parameters);
        let changes = (!former.changes.is_empty()).then(|| {
            let changes = former.changes.join(" ");
            format!(
                "The parameters of the job have changed since #{}. {changes}",
                found.number
            )
        });
        if former.missing.is_empty() {
            let said = self
                .start_build(caller, server, client, &job, &former.values)
                .await?;
            return Ok(paragraphs([said, changes]));
        }
        let mut asked: Vec<Field> = fields(client, &job, self.has_menus()).await;
        asked.retain(|field| former.missing.contains(&field.parameter.name));
        let has_secret = asked.iter().any(|field| field.parameter.kind.is_secret());
        let files = self.files(caller, &job).await?.offered(client, &job);
        let asking = Asking {
            fields: asked,
            known: former.values,
            note: paragraphs([
                Some(format!("All else is as in the build #{}.", found.number)),
                has_secret
                    .then(|| "Jenkins tells nobody the former values of passwords.".to_owned()),
                changes,
                files,
            ])
            .unwrap_or_default(),
        };
        self.ask(caller, (server, client), &job, asking, since)
            .await
    }
}

impl Former {
    fn of(job: &Job, given: Vec<(String, Option<String>)>) -> Self {
        let mut former = Self::default();
        let declared = |name: &str| job.parameters.iter().find(|known| known.name == name);
        let mut gone = Vec::new();
        let mut unfit = Vec::new();
        for (name, value) in &given {
            match (declared(name), value) {
                (None, _) => gone.push(text::code_span(name)),
                (Some(Parameter { kind, .. }), _) if *kind == ParameterKind::File => {}
                // As where a plugin tells its secrets, or a text has become one.
                (Some(parameter), _) if parameter.kind.is_secret() => {
                    former.missing.push(name.clone());
                }
                (Some(_), None) => former.missing.push(name.clone()),
                (Some(parameter), Some(value)) => {
                    let pair = (name.clone(), value.clone());
                    let one = std::slice::from_ref(parameter);
                    if parameters::fit(one, std::slice::from_ref(&pair)).is_ok() {
                        former.values.push(pair);
                    } else {
                        unfit.push(format!(
                            "{} was {}",
                            text::code_span(name),
                            text::code_span(&text::truncate(value, 100))
                        ));
                        former.missing.push(name.clone());
                    }
                }
            }
        }
        let new: Vec<String> = job
            .parameters
            .iter()
            .filter(|parameter| parameter.kind != ParameterKind::File)
            .filter(|parameter| given.iter().all(|(name, _)| *name != parameter.name))
            .map(|parameter| text::code_span(&parameter.name))
            .collect();
        let mut say = |names: &[String], words: &str| {
            if !names.is_empty() {
                let shown = names[..names.len().min(NAMES)].join(", ");
                former.changes.push(format!("{words} {shown}."));
            }
        };
        say(&gone, "Left out, as it does not exist any more:");
        say(&new, "New, with its default:");
        say(&unfit, "Not possible any more:");
        former
    }
}

#[cfg(test)]
#[path = "rebuild_tests.rs"]
mod tests;
