//! Showing what matters of a log: lines that match, or one stage.

use tokio::time::Instant;

use super::inspect::no_stages;
use super::log::{BLOCK_RUNES, SEARCH_LIMIT};
use super::target::FoundBuild;
use super::{Caller, JenkinsService, Reply};
use crate::jenkins::BuildSelector;
use crate::jenkins::access::AccessError;
use crate::jenkins::log_text::{LinePattern, LineSearch, last_lines};
use crate::jenkins::model::{Stage, StageStatus};
use crate::text;

/// So many stages are named in place of one that is not there.
const NAMED: usize = 20;
/// Runes of a name or a pattern.
const RUNES: usize = 120;

impl JenkinsService {
    /// Shows the lines that match. Nothing but these is held of the log.
    pub(super) async fn show_matches(
        &self,
        caller: &Caller,
        found: &FoundBuild,
        pattern: &LinePattern,
        context: u32,
    ) -> Reply {
        let deadline = Instant::now() + SEARCH_LIMIT;
        let (client, path) = (&found.client, &found.path);
        let build = BuildSelector::Number(found.number);
        let window = client.log_window(path, build, u64::MAX).await?;
        let stream = client.stream_log(path, build, window).await?;
        let mut stream = stream.limited_to(window.end);
        let mut search = LineSearch::new(pattern.clone(), context as usize);
        let mut is_cut = false;
        while let Some(piece) = stream.next().await? {
            search.push(&piece);
            if Instant::now() > deadline {
                is_cut = true;
                break;
            }
            // A log that comes fast would keep everything else waiting.
            tokio::task::yield_now().await;
        }
        let result = search.finish();
        let title = self.log_title(found);
        let mut notes = Vec::new();
        if is_cut {
            notes.push(format!(
                "only its first {} lines, in two minutes",
                result.lines
            ));
        }
        notes.extend(window.running.then(|| "still running".to_owned()));
        let shown = text::code_span(&text::truncate(&pattern.to_string(), RUNES));
        if result.matches == 0 {
            let notes = match notes.is_empty() {
                true => String::new(),
                false => format!(" ({})", notes.join(", ")),
            };
            return Ok(Some(format!(
                "{title} has no line that matches {shown}{notes}."
            )));
        }
        let (head, is_part) = first_lines(&result.text, BLOCK_RUNES);
        let mut file_ids = Vec::new();
        if is_part {
            notes.push("the first of them; more are attached".to_owned());
            let text = result.text.clone();
            file_ids.push(self.attach_text(caller, found, text).await?);
        }
        if result.shown < result.matches {
            notes.push(format!("only {} fit into the file", result.shown));
        }
        notes.insert(
            0,
            match result.matches {
                1 => format!("1 line matches {shown}"),
                matches => format!("{matches} lines match {shown}"),
            },
        );
        let message = format!(
            "{title} ({})\n{}",
            notes.join(", "),
            text::code_block("", head)
        );
        self.post(caller, message, file_ids).await
    }

    /// Shows the end of what a stage printed.
    pub(super) async fn show_stage(
        &self,
        caller: &Caller,
        found: &FoundBuild,
        name: &str,
        lines: u32,
    ) -> Reply {
        let (client, path, number) = (&found.client, &found.path, found.number);
        let stages = client.stages(path, number).await?;
        let stages = stages.ok_or_else(|| no_stages(path, number))?;
        let stage = pick(&stages, name).ok_or_else(|| no_such_stage(&stages, name))?;
        let log = client.stage_log(path, number, &stage.id).await?;
        let log = log.ok_or_else(|| no_such_stage(&stages, name))?;
        let title = format!(
            "{}, stage {}",
            self.log_title(found),
            text::code_span(&text::truncate(&stage.name, RUNES))
        );
        let error = log.error.as_deref().map(|error| {
            let error = text::plain(&text::truncate(&text::one_line(error), 300));
            format!("\n:x: {error}")
        });
        let error = error.unwrap_or_default();
        let tail = last_lines(log.text.as_bytes(), log.cut, lines as usize);
        if tail.text.trim().is_empty() {
            return Ok(Some(format!(
                "{title}: Jenkins tells nothing that it printed.{error}"
            )));
        }
        let (block, is_cut) = text::code_block_within("", &tail.text, BLOCK_RUNES);
        let extent = match (is_cut, tail.cut) {
            (true, _) => "the end of it".to_owned(),
            (false, true) => format!("the last {} lines", tail.count),
            (false, false) => "all of its last step".to_owned(),
        };
        let running = match stage.status {
            StageStatus::InProgress | StageStatus::PausedPendingInput => ", still running",
            _ => "",
        };
        let message = format!("{title} ({extent}{running}){error}\n{block}");
        self.post(caller, message, Vec::new()).await
    }
}

/// The stage of that name, else the only one that is like it. Of several in parallel, one that failed.
fn pick<'a>(stages: &'a [Stage], name: &str) -> Option<&'a Stage> {
    let name = name.trim().to_lowercase();
    let is_named = |stage: &&Stage| stage.name.trim().to_lowercase() == name;
    let failed = |stage: &&Stage| stage.status == StageStatus::Failed;
    let named = || stages.iter().filter(is_named);
    named()
        .find(failed)
        .or_else(|| named().next_back())
        .or_else(|| {
            let mut like = stages
                .iter()
                .filter(|stage| !name.is_empty() && stage.name.to_lowercase().contains(&name));
            like.next().filter(|_| like.next().is_none())
        })
}

fn no_such_stage(stages: &[Stage], name: &str) -> AccessError {
    let quoted = |name: &str| text::code_span(&text::truncate(name, RUNES));
    let names: Vec<String> = stages
        .iter()
        .take(NAMED)
        .map(|stage| quoted(&stage.name))
        .collect();
    let more = stages.len().saturating_sub(NAMED);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let known = match names.is_empty() {
        true => "It has none.".to_owned(),
        false => format!("There are: {}{more}.", names.join(", ")),
    };
    AccessError::Refused(format!("The build has no stage {}. {known}", quoted(name)))
}

/// The first lines that fit, and whether there are more. At least a part of the first one.
fn first_lines(text: &str, runes: usize) -> (&str, bool) {
    let mut used = 0;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        used += text::rune_count(line);
        if used > runes {
            break;
        }
        end += line.len();
    }
    if end == 0 {
        end = text
            .char_indices()
            .nth(runes)
            .map_or(text.len(), |(at, _)| at);
    }
    (&text[..end], end < text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn stage(name: &str, status: StageStatus) -> Stage {
        Stage {
            id: format!("{name}{status:?}"),
            name: name.to_owned(),
            status,
            duration: Duration::ZERO,
        }
    }

    #[test]
    fn stages_are_found_as_people_type_them() {
        use StageStatus::{Failed, Success};
        let stages = [
            stage("Build", Success),
            stage("Unit tests", Success),
            stage("Unit tests", Failed),
            stage("Unit tests", Success),
            stage("Integration tests", Success),
        ];
        let picked = |name: &str| pick(&stages, name).map(|stage| stage.id.as_str());
        assert_eq!(picked("build"), Some("BuildSuccess"));
        assert_eq!(picked("unit TESTS"), Some("Unit testsFailed"));
        assert_eq!(picked("integr"), Some("Integration testsSuccess"));
        assert_eq!(picked("tests"), None);
        assert_eq!(picked(""), None);
    }

    #[test]
    fn the_first_lines_that_fit() {
        assert_eq!(first_lines("ab\ncd\n", 6), ("ab\ncd\n", false));
        assert_eq!(first_lines("ab\ncd\n", 5), ("ab\n", true));
        assert_eq!(first_lines("ключ", 2), ("кл", true));
        assert_eq!(first_lines("", 5), ("", false));
    }
}
