//! The one place where text from elsewhere becomes Mattermost Markdown.
//!
//! A job name, a branch, a commit message or a line of a log may hold anything. Nothing of it may
//! mention people, link, embed an image or break the layout of a post. Every string that was not
//! written in this repository goes through [`plain`], [`code_span`], [`code_block`] or [`link`].
//!
//! Four readers must agree on what the escaped text means: the web client (a fork of marked 0.3.6,
//! then regular expressions for mentions, hashtags and emoji over its HTML), the mobile clients (a
//! fork of commonmark.js), the server's own parser that decides who is notified
//! (`server/public/shared/markdown`, `app/mention_parser_standard.go`), and CommonMark.

mod clean;
mod code;
mod escape;
mod file_name;
mod lines;
mod link;
mod measure;
mod truncate;

pub use clean::{one_line, visible};
pub use code::{code_block, code_block_within, code_span};
pub use escape::plain;
pub use file_name::{file_name, file_stem};
pub use lines::join_lines;
pub use link::{is_web_link, link, web_link};
pub use measure::{bytes, duration, percent, progress_bar, relative_time};
pub use truncate::{CUT_MARK, rune_count, truncate, truncate_bytes, truncate_middle};

#[cfg(test)]
pub(crate) mod oracle;
