//! Jobs and folders.

use serde_json::{Value, json};

use super::View;
use super::select::{Bean, Select};
use crate::jenkins::model::BuildResult;
use crate::jenkins::world::{Build, ItemKind, ItemState, JobState, Scans};

/// `builds[]` of a job shows this many (`Job/_api.jelly`).
const NEWEST_BUILDS: usize = 100;

/// A name for the newest build of which something holds.
type Permalink = (&'static str, fn(&Build) -> bool);

/// The permalinks of a job and which builds they mean (`hudson.model.PermalinkProjectAction.Permalink`).
const PERMALINKS: [Permalink; 8] = [
    ("lastBuild", |_| true),
    ("lastCompletedBuild", |build| build.result().is_some()),
    ("lastFailedBuild", |build| {
        build.result() == Some(BuildResult::Failure)
    }),
    ("lastStableBuild", |build| {
        build.result() == Some(BuildResult::Success)
    }),
    ("lastSuccessfulBuild", |build| {
        matches!(
            build.result(),
            Some(BuildResult::Success | BuildResult::Unstable)
        )
    }),
    ("lastUnstableBuild", |build| {
        build.result() == Some(BuildResult::Unstable)
    }),
    ("lastUnsuccessfulBuild", |build| {
        build
            .result()
            .is_some_and(|result| result != BuildResult::Success)
    }),
    ("firstBuild", |_| true),
];

impl JobState {
    /// The build a permalink or number in a path means.
    pub(crate) fn resolve_build(&self, name: &str) -> Option<&Build> {
        if let Ok(number) = name.parse() {
            return self.builds.get(&number);
        }
        let (_, wanted) = PERMALINKS
            .iter()
            .find(|(permalink, _)| *permalink == name)?;
        if name == "firstBuild" {
            self.builds.values().next()
        } else {
            self.builds.values().rev().find(|build| wanted(build))
        }
    }

    /// `Job.getIconColor`.
    pub(crate) fn color(&self) -> String {
        let latest = self.builds.values().rev().find_map(Build::result);
        let color = if self.disabled {
            "disabled"
        } else {
            match latest {
                None => "notbuilt",
                Some(BuildResult::Success) => "blue",
                Some(BuildResult::Unstable) => "yellow",
                Some(BuildResult::Failure) => "red",
                Some(BuildResult::NotBuilt) => "notbuilt",
                Some(BuildResult::Aborted) => "aborted",
            }
        };
        if self.is_running() {
            format!("{color}_anime")
        } else {
            color.to_owned()
        }
    }
}

impl<'w> View<'w> {
    /// An item, as `api/json` of itself or as mentioned by another.
    pub(crate) fn item(&self, item: &'w ItemState, select: Select<'_>) -> Value {
        let mut bean = Bean::new(item.class(), select);
        bean.list(1, "actions", self.item_actions(item), |class, select| {
            Bean::new(class, select).finish()
        });
        bean.value("description", || item.description.as_str());
        bean.value("displayName", || item.display_name.as_str());
        bean.value("fullDisplayName", || self.full_display_name(item));
        bean.value("fullName", || item.full_name.as_str());
        bean.visible(3, "name", || item.name());
        bean.visible(2, "url", || self.item_url(&item.full_name));
        match &item.kind {
            ItemKind::Folder => self.folder(&mut bean, item),
            ItemKind::Multibranch(scans) | ItemKind::Organization(scans) => {
                self.folder(&mut bean, item);
                self.scans(&mut bean, scans);
            }
            ItemKind::Job(job) => self.job(&mut bean, item, job),
        }
        bean.finish()
    }

    fn item_actions(&self, item: &ItemState) -> Vec<&'static str> {
        match &item.kind {
            ItemKind::Job(job) if !job.parameters.is_empty() => {
                vec!["hudson.model.ParametersDefinitionProperty"]
            }
            _ => vec!["com.cloudbees.plugins.credentials.ViewCredentialsAction"],
        }
    }

    fn full_display_name(&self, item: &ItemState) -> String {
        let mut names = vec![item.display_name.as_str()];
        let mut parent = item.parent();
        while let Some(folder) = self.world.item(parent) {
            names.push(&folder.display_name);
            parent = folder.parent();
        }
        names.reverse();
        names.join(" » ")
    }

    fn folder(&self, bean: &mut Bean<'_>, item: &'w ItemState) {
        bean.list(1, "healthReport", [(); 0], |(), _| Value::Null);
        bean.list(
            1,
            "jobs",
            self.readable_children(&item.full_name),
            |child, select| self.item(child, select),
        );
        bean.object(1, "primaryView", |select| {
            self.view(&item.full_name, select)
        });
        bean.list(1, "views", [()], |(), select| {
            self.view(&item.full_name, select)
        });
    }

    fn scans(&self, bean: &mut Bean<'_>, scans: &Scans) {
        bean.value("disabled", || scans.disabled);
        bean.value("buildable", || !scans.disabled);
        bean.list(1, "sources", [()], |(), select| {
            Bean::new("jenkins.branch.BranchSource", select).finish()
        });
    }

    /// The children the viewer may see.
    pub(crate) fn readable_children<'a>(
        &'a self,
        parent: &'a str,
    ) -> impl Iterator<Item = &'w ItemState> {
        let world = self.world;
        world
            .children(parent)
            .filter(move |item| self.sees(&item.full_name))
    }

    /// A folder's only view, “All”.
    pub(crate) fn view(&self, folder: &str, select: Select<'_>) -> Value {
        let url = if folder.is_empty() {
            format!("{}/", self.root)
        } else {
            self.item_url(folder)
        };
        let mut bean = Bean::new("hudson.model.AllView", select);
        bean.value("description", || Value::Null);
        bean.list(
            1,
            "jobs",
            self.readable_children(folder),
            |child, select| self.item(child, select),
        );
        bean.visible(3, "name", || "all");
        bean.visible(3, "url", || url.as_str());
        bean.finish()
    }

    fn job(&self, bean: &mut Bean<'_>, item: &'w ItemState, job: &'w JobState) {
        let name = item.full_name.as_str();
        let newest = || job.builds.values().rev();
        bean.value("buildable", || job.is_buildable());
        bean.visible(2, "color", || job.color());
        bean.list(
            1,
            "builds",
            newest().take(NEWEST_BUILDS),
            |build, select| self.build(name, build, select),
        );
        // `allBuilds` has visibility -2: only a deep or named request gets it.
        bean.list(-2, "allBuilds", newest(), |build, select| {
            self.build(name, build, select)
        });
        for (permalink, _) in PERMALINKS {
            bean.object(1, permalink, |select| {
                job.resolve_build(permalink)
                    .map_or(Value::Null, |build| self.build(name, build, select))
            });
        }
        let failures = newest()
            .filter_map(Build::result)
            .take(5)
            .filter(|result| *result == BuildResult::Failure)
            .count();
        bean.list(
            1,
            "healthReport",
            newest().find_map(Build::result),
            |_, select| {
                let mut report = Bean::plain(select);
                report.visible(2, "description", || {
                    format!("Build stability: {failures} out of the last 5 builds failed.")
                });
                report.visible(2, "score", || 100 - 20 * failures);
                report.finish()
            },
        );
        let waiting = self.world.waiting_item(name);
        bean.value("inQueue", || waiting.is_some());
        bean.object(1, "queueItem", |select| {
            waiting.map_or(Value::Null, |item| self.queue_item(item, select))
        });
        bean.value("keepDependencies", || false);
        bean.value("nextBuildNumber", || job.next_number);
        bean.value("concurrentBuild", || job.concurrent);
        bean.value("disabled", || job.disabled);
        bean.list(
            1,
            "property",
            (!job.parameters.is_empty()).then_some(()),
            |(), select| {
                let mut property = Bean::new("hudson.model.ParametersDefinitionProperty", select);
                property.list(
                    2,
                    "parameterDefinitions",
                    &job.parameters,
                    |parameter, select| self.parameter_definition(parameter, select),
                );
                property.finish()
            },
        );
    }

    /// A job as a queue item's `task` shows it.
    pub(crate) fn task(&self, item: &ItemState, select: Select<'_>) -> Value {
        let mut bean = Bean::new(item.class(), select);
        bean.visible(3, "name", || item.name());
        bean.visible(3, "url", || self.item_url(&item.full_name));
        bean.visible(3, "color", || {
            item.job().map_or(json!(null), |job| job.color().into())
        });
        bean.finish()
    }
}
