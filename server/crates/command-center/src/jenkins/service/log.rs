//! Showing a build's log.

use std::time::Duration;

use mattermost_plugin::api::Upload;
use mattermost_plugin::http::Body;

use super::target::FoundBuild;
use super::{Caller, JenkinsService, Reply};
use crate::jenkins::client::{LogWindow, TailRequest};
use crate::jenkins::command::log::{Extent, Request};
use crate::jenkins::{BuildSelector, JenkinsError};
use crate::text;

/// Longest code block in a post, in runes: half of what a post may have, so that it is still read.
const BLOCK_RUNES: usize = 8_000;
/// How long the end of a log may be looked for.
const SEARCH_LIMIT: Duration = Duration::from_secs(120);
/// Largest file where the server does not say what it allows, in bytes.
const DEFAULT_FILE_LIMIT: u64 = 100 << 20;

impl JenkinsService {
    pub(super) async fn get_log(&self, caller: &Caller, request: Request) -> Reply {
        let found = self.find_build(caller, &request.build).await?;
        self.show_log(caller, &found, request.extent).await
    }

    /// Shows the log of a build that is known to be there.
    pub(super) async fn show_log(
        &self,
        caller: &Caller,
        found: &FoundBuild,
        extent: Extent,
    ) -> Reply {
        match extent {
            Extent::Lines(lines) => self.show_tail(caller, found, lines).await,
            Extent::Full => self.attach_log(caller, found).await,
        }
    }

    async fn show_tail(&self, caller: &Caller, found: &FoundBuild, lines: u32) -> Reply {
        let request = TailRequest {
            lines: lines as usize,
            time_limit: SEARCH_LIMIT,
        };
        let tail = found
            .client
            .log_tail(&found.path, BuildSelector::Number(found.number), request)
            .await?;
        if tail.text.trim().is_empty() {
            return Ok(Some(format!(
                "{} is empty{}.",
                title(found),
                if tail.running { " so far" } else { "" }
            )));
        }
        let (block, is_cut) = text::code_block_within("", &tail.text, BLOCK_RUNES);
        let mut file_ids = Vec::new();
        let extent = if is_cut {
            let file = self
                .api
                .files()
                .upload(
                    tail.text.clone().into_bytes(),
                    &caller.channel_id,
                    &file_name(found),
                )
                .await?;
            file_ids.push(file.id);
            format!("the end of it; the last {} lines are attached", tail.lines)
        } else if tail.cut {
            format!("the last {} lines", tail.lines)
        } else {
            "all of it".to_owned()
        };
        let running = if tail.running { ", still running" } else { "" };
        let message = format!("{} ({extent}{running})\n{block}", title(found));
        self.post(caller, message, file_ids).await
    }

    /// The log as a file, or its end where it is larger than files may be.
    async fn attach_log(&self, caller: &Caller, found: &FoundBuild) -> Reply {
        let limit = self
            .api
            .files()
            .max_size()
            .await?
            .unwrap_or(DEFAULT_FILE_LIMIT);
        let build = BuildSelector::Number(found.number);
        let window = found.client.log_window(&found.path, build, limit).await?;
        // Read once to count and once to send: an upload has to say its size first, and nothing of
        // the log is held.
        let size = count(found, window).await?;
        if size == 0 {
            return Ok(Some(format!(
                "{} is empty{}.",
                title(found),
                if window.running { " so far" } else { "" }
            )));
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
        self.post(caller, format!("{}{notes}", title(found)), vec![file.id])
            .await
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

fn title(found: &FoundBuild) -> String {
    let build = text::link(&format!("#{}", found.number), &found.url);
    format!(
        "Console log of the build {build} of the job '{}'",
        text::plain(&found.path.to_string())
    )
}

/// With an extension, so that clients show it as text.
fn file_name(found: &FoundBuild) -> String {
    format!(
        "{}-{}.log",
        text::file_stem(&found.path.to_string()),
        found.number
    )
}
