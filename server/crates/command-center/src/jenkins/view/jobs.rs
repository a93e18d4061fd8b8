//! Jobs and folders.

use super::listing::{self, listing};
use super::words::{short, state_mark, state_word};
use super::{JOB_RUNES, View};
use crate::jenkins::JobPath;
use crate::jenkins::log_text::html_to_text;
use crate::jenkins::model::{BuildSummary, CatalogEntry, CatalogKind, JobState, JobStatus};
use crate::jenkins::parameters::{Parameter, ParameterKind};
use crate::jenkins::render::count;
use crate::text;

/// So many jobs are listed.
const SHOWN: usize = 50;
/// So many parameters are described.
const PARAMETERS: usize = 30;
/// So many choices of a parameter are named.
const CHOICES: usize = 10;
/// Runes of an explanation.
const RUNES: usize = 200;
/// Runes of what a job's author wrote about it.
const DESCRIPTION_RUNES: usize = 600;

/// Which jobs are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// All that lie directly in a folder, and its folders.
    Here,
    /// Those below it whose newest result is bad.
    Failed,
    /// Those below it that are being built.
    Running,
}

impl Only {
    fn wants(self, entry: &CatalogEntry) -> bool {
        match (self, entry.kind) {
            (Self::Here, _) => true,
            (_, CatalogKind::Folder(_)) => false,
            (Self::Failed, CatalogKind::Job(color)) => {
                matches!(color.state, JobState::Failure | JobState::Unstable)
            }
            (Self::Running, CatalogKind::Job(color)) => color.building,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Here => "Jobs",
            Self::Failed => "Jobs that failed",
            Self::Running => "Jobs that are being built",
        }
    }
}

impl View<'_> {
    /// How a job is doing.
    #[must_use]
    pub fn status(&self, job: &JobPath, status: &JobStatus) -> String {
        let mut lines = vec![format!(
            "{} **Job '{}':** {}",
            state_mark(status.color),
            self.job(job),
            state_word(status.color)
        )];
        let mut tell = |title: &str, words: String| lines.push(format!("- {title}: {words}"));
        let build = |build: &BuildSummary| self.summary(job, build);
        if !status.buildable {
            tell(
                "Disabled",
                "`/jenkins enable` lets it be built again".to_owned(),
            );
        }
        if let Some((_, why)) = &status.queued {
            let why = why.as_deref().unwrap_or("Jenkins does not say why");
            tell("In queue", format!(":hourglass: {}", short(why, RUNES)));
        }
        match &status.last {
            Some(last) if last.running => tell("Running", build(last)),
            Some(_) => {}
            None => tell("Builds", "none so far".to_owned()),
        }
        let completed = status.last_completed.as_ref();
        if let Some(completed) = completed {
            tell("Last result", build(completed));
        }
        let is_told = |other: &BuildSummary| completed.is_some_and(|c| c.number == other.number);
        let others = [
            ("Last success", &status.last_successful),
            ("Last failure", &status.last_failed),
        ];
        for (title, other) in others {
            if let Some(other) = other.as_ref().filter(|other| !is_told(other)) {
                tell(title, build(other));
            }
        }
        for health in status.health.iter().take(5) {
            let words = short(&health.words, RUNES);
            tell("Health", format!("{} % – {words}", health.score));
        }
        lines.join("\n")
    }

    /// What a job is: what its author says, and what it asks for.
    #[must_use]
    pub fn info(&self, job: &JobPath, status: &JobStatus) -> String {
        let mut lines = vec![format!("**Job '{}'**", self.job(job))];
        let description = html_to_text(&status.description);
        if !description.trim().is_empty() {
            lines.push(format!("> {}", short(&description, DESCRIPTION_RUNES)));
        }
        if status.display_name != job.to_string()
            && !job.to_string().ends_with(&status.display_name)
        {
            lines.push(format!(
                "- Shown as: {}",
                short(&status.display_name, JOB_RUNES)
            ));
        }
        let state = match status.buildable {
            true => state_word(status.color).to_owned(),
            false => "Disabled: `/jenkins enable` lets it be built again".to_owned(),
        };
        lines.push(format!("- State: {} {state}", state_mark(status.color)));
        if let Some(next) = status.next_build {
            lines.push(format!("- Next build: #{next}"));
        }
        let page = self.job_page(job);
        let mut links = vec![text::link("Page", &page)];
        if !status.parameters.is_empty() {
            links.push(text::link(
                "Build with parameters",
                &format!("{page}build?delay=0sec"),
            ));
        }
        links.push(text::link(
            "Workspace and configuration",
            &format!("{page}configure"),
        ));
        lines.push(format!("- Links: {}", links.join(", ")));
        if status.parameters.is_empty() {
            lines.push("- Parameters: none".to_owned());
            return lines.join("\n");
        }
        lines.push("- Parameters:".to_owned());
        let head = lines.join("\n");
        listing::lines(
            &head,
            &status.parameters,
            PARAMETERS,
            &page,
            |_, declared| format!("    - {}", parameter(declared)),
        )
    }

    /// What is in a folder, or at the top.
    #[must_use]
    pub fn jobs(&self, folder: Option<&JobPath>, entries: &[CatalogEntry], only: Only) -> String {
        let place = match folder {
            Some(folder) => format!("'{}'", self.job(folder)),
            None => text::link("Jenkins", self.address.public_root().as_str()),
        };
        let mut wanted: Vec<&CatalogEntry> =
            entries.iter().filter(|entry| only.wants(entry)).collect();
        let title = only.title();
        if wanted.is_empty() {
            let whose = match only {
                Only::Here => "nothing that you may see",
                Only::Failed => "no job that failed",
                Only::Running => "no job that is being built",
            };
            return format!("There is {whose} in {place}.");
        }
        // What needs somebody comes first, folders last.
        wanted.sort_by_key(|entry| (rank(entry), entry.full_name().to_lowercase()));
        let head = format!("**{title} in {place}:** {}", totals(&wanted));
        let page = match folder {
            Some(folder) => self.job_page(folder),
            None => self.address.public_root().as_str().to_owned(),
        };
        let depth = folder.map_or(0, |folder| folder.names().len());
        listing(&head, &wanted, SHOWN, &page, |entry| {
            self.entry(entry, depth)
        })
    }

    /// One job or folder, named from a folder `depth` levels below the top.
    fn entry(&self, entry: &CatalogEntry, depth: usize) -> String {
        let Some(path) = entry.path() else {
            return short(entry.full_name(), JOB_RUNES);
        };
        let name = match JobPath::new(path.names()[depth.min(path.names().len() - 1)..].to_vec()) {
            Ok(below) => below.to_string(),
            Err(_) => path.to_string(),
        };
        let name = text::link(
            &text::truncate_middle(&name, JOB_RUNES),
            &self.job_page(&path),
        );
        let shown = entry.display_name();
        let shown = match path.to_string().ends_with(&*shown) {
            true => String::new(),
            false => format!(" ({})", short(&shown, JOB_RUNES)),
        };
        match entry.kind {
            CatalogKind::Folder(_) => format!(":file_folder: {name}{shown}"),
            CatalogKind::Job(color) => {
                let building = if color.building { ", running" } else { "" };
                format!(
                    "{} {name}{shown} {}{building}",
                    state_mark(color),
                    state_word(color)
                )
            }
        }
    }
}

fn rank(entry: &CatalogEntry) -> u8 {
    match entry.kind {
        CatalogKind::Folder(_) => 3,
        CatalogKind::Job(color) if color.building => 0,
        CatalogKind::Job(color) => match color.state {
            JobState::Failure | JobState::Unstable => 1,
            _ => 2,
        },
    }
}

/// `12 jobs, 3 failed, 1 running, 2 folders`.
fn totals(entries: &[&CatalogEntry]) -> String {
    let (mut jobs, mut failed, mut running, mut folders) = (0, 0, 0, 0);
    for entry in entries {
        match entry.kind {
            CatalogKind::Folder(_) => folders += 1,
            CatalogKind::Job(color) => {
                jobs += 1;
                running += usize::from(color.building);
                let is_bad = matches!(color.state, JobState::Failure | JobState::Unstable);
                failed += usize::from(is_bad);
            }
        }
    }
    let mut parts = vec![count(jobs, "job", "jobs")];
    parts.extend((failed > 0).then(|| format!("{failed} failed")));
    parts.extend((running > 0).then(|| format!("{running} running")));
    parts.extend((folders > 0).then(|| count(folders, "folder", "folders")));
    parts.join(", ")
}

/// One parameter on a line: its name, kind, default and description.
fn parameter(parameter: &Parameter) -> String {
    let name = text::code_span(&text::truncate_middle(&parameter.name, JOB_RUNES));
    let mut about = vec![kind(&parameter.kind)];
    if let Some(default) = parameter.default.as_ref().filter(|text| !text.is_empty()) {
        let default = text::truncate(&text::one_line(default), 100);
        about.push(format!("default {}", text::code_span(&default)));
    }
    let description = short(&html_to_text(&parameter.description), RUNES);
    let description = match description.is_empty() {
        true => String::new(),
        false => format!(": {description}"),
    };
    format!("{name} ({}){description}", about.join(", "))
}

fn kind(kind: &ParameterKind) -> String {
    match kind {
        ParameterKind::String => "text".to_owned(),
        ParameterKind::Text => "lines of text".to_owned(),
        ParameterKind::Boolean => "true or false".to_owned(),
        ParameterKind::Choice(choices) => {
            let named = choices.iter().take(CHOICES);
            let named = named.map(|choice| text::code_span(&text::truncate(choice, 60)));
            let named: Vec<String> = named.collect();
            let more = choices.len().saturating_sub(CHOICES);
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            format!("one of {}{more}", named.join(" "))
        }
        ParameterKind::Password => "password".to_owned(),
        ParameterKind::Run { project } => {
            format!(
                "build of {}",
                text::code_span(&text::truncate_middle(project, JOB_RUNES))
            )
        }
        ParameterKind::File => "file".to_owned(),
        ParameterKind::Credentials => "credentials".to_owned(),
        ParameterKind::Other { kind } => text::code_span(&text::truncate(kind, JOB_RUNES)),
    }
}
