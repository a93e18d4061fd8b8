//! Showing a build's log.

use std::time::Duration;

use mattermost_plugin::api::Upload;
use mattermost_plugin::http::Body;

use super::target::FoundBuild;
use super::{Caller, JenkinsService, Reply};
use crate::jenkins::client::{LogWindow, TailRequest};
use crate::jenkins::command::log::{Part, Request};
use crate::jenkins::{BuildSelector, JenkinsError};
use crate::text;

/// Longest code block in a post, in runes: half of what a post may have, so that it is still read.
pub(super) const BLOCK_RUNES: usize = 8_000;
/// How long a log may be looked through.
pub(super) const SEARCH_LIMIT: Duration = Duration::from_secs(120);
/// Largest file where the server does not say what it allows, in bytes.
const DEFAULT_FILE_LIMIT: u64 = 100 << 20;

impl JenkinsService {
    pub(super) async fn get_log(&self, caller: &Caller, request: Request) -> Reply {
        let found = self.find_build(caller, &request.build).await?;
        self.show_log(caller, &found, &request.part).await
    }

    /// Shows a part of the log of a build that is known to be there.
    pub(super) async fn show_log(&self, caller: &Caller, found: &FoundBuild, part: &Part) -> Reply {
        match part {
            Part::End(lines) => self.show_tail(caller, found, *lines).await,
            Part::Whole => self.attach_log(caller, found).await,
            Part::Matches { pattern, context } => {
                self.show_matches(caller, found, pattern, *context).await
            }
            Part::Stage { name, lines } => self.show_stage(caller, found, name, *lines).await,
            Part::Live => self.follow_log(caller, found).await,
        }
    }

    pub(super) async fn show_tail(&self, caller: &Caller, found: &FoundBuild, lines: u32) -> Reply {
        let request = TailRequest {
            lines: lines as usize,
            time_limit: SEARCH_LIMIT,
        };
        let tail = found
            .client
            .log_tail(&found.path, BuildSelector::Number(found.number), request)
            .await?;
        let title = self.log_title(found);
        if tail.text.trim().is_empty() {
            return Ok(Some(empty(&title, tail.running)));
        }
        let (block, is_cut) = text::code_block_within("", &tail.text, BLOCK_RUNES);
        let mut file_ids = Vec::new();
        let extent = if is_cut {
            file_ids.push(self.attach_text(caller, found, tail.text.clone()).await?);
            format!("the end of it; the last {} lines are attached", tail.lines)
        } else if tail.cut {
            format!("the last {} lines", tail.lines)
        } else {
            "all of it".to_owned()
        };
        let running = if tail.running { ", still running" } else { "" };
        let message = format!("{title} ({extent}{running})\n{block}");
        self.post(caller, message, file_ids).await
    }

    /// The log as a file, or its end where it is larger than files may be.
    async fn attach_log(&self, caller: &Caller, found: &FoundBuild) -> Reply {
        let limit = self.file_limit().await?;
        let build = BuildSelector::Number(found.number);
        let window = found.client.log_window(&found.path, build, limit).await?;
        // Read once to count and once to send: an upload has to say its size first, and nothing of
        // the log is held.
        let size = count(found, window).await?;
        let title = self.log_title(found);
        if size == 0 {
            return Ok(Some(empty(&title, window.running)));
        }
        let stream = found
            .client
            .stream_log(&found.path, build, window)
            .await?
            .limited_to(size);
        let upload = Upload {
            channel_id: caller.channel_id.clone(),
            user_id: self.bot_user_id.clone(),
            filename: file_name(found),
            size,
        };
        let file = self
            .api
            .files()
            .upload_stream(&upload, Body::from_stream(stream.into_stream()))
            .await?;
        let mut notes = Vec::new();
        if window.start > 0 {
            notes.push(format!(
                "its last {}: the server takes no larger files",
                text::bytes(size)
            ));
        }
        if window.running {
            notes.push("still running".to_owned());
        }
        let notes = if notes.is_empty() {
            String::new()
        } else {
            format!(" ({})", notes.join(", "))
        };
        self.post(caller, format!("{title}{notes}"), vec![file.id])
            .await
    }

    /// Uploads a text that is too long for a post; the id of the file.
    pub(super) async fn attach_text(
        &self,
        caller: &Caller,
        found: &FoundBuild,
        text: String,
    ) -> Result<String, mattermost_plugin::Error> {
        let file = self
            .api
            .files()
            .upload(text.into_bytes(), &caller.channel_id, &file_name(found))
            .await?;
        Ok(file.id)
    }

    /// The largest file that the server takes, in bytes.
    pub(super) async fn file_limit(&self) -> Result<u64, mattermost_plugin::Error> {
        let limit = self.api.files().max_size().await?;
        Ok(limit.unwrap_or(DEFAULT_FILE_LIMIT))
    }

    pub(super) fn log_title(&self, found: &FoundBuild) -> String {
        self.view(&found.client)
            .log_title(&found.path, found.number)
    }
}

async fn count(found: &FoundBuild, window: LogWindow) -> Result<u64, JenkinsError> {
    let mut stream = found
        .client
        .stream_log(&found.path, BuildSelector::Number(found.number), window)
        .await?;
    // The text can be shorter than its raw bytes, never longer.
    let most = window.end - window.start;
    let mut size = 0_u64;
    while let Some(piece) = stream.next().await? {
        size += piece.len() as u64;
        if size >= most {
            return Ok(most);
        }
    }
    Ok(size)
}

fn empty(title: &str, running: bool) -> String {
    format!("{title} is empty{}.", if running { " so far" } else { "" })
}

/// With an extension, so that clients show it as text.
fn file_name(found: &FoundBuild) -> String {
    format!(
        "{}-{}.log",
        text::file_stem(&found.path.to_string()),
        found.number
    )
}
