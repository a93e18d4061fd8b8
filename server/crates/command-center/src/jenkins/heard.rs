//! What ordinary posts hold for us: a command to the bot, or addresses of Jenkins. Pure.
//!
//! Every post of the server comes by here, so what is not for us must cost next to nothing.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use mattermost_plugin::model::Post;
use url::Url;

use super::command::TRIGGER;

/// What the server writes into posts that no user typed: those of bots, webhooks, other plugins and
/// programs that act for a user (`model/post.go`, `PostPropsFrom…`). A webhook's posts bear the id of
/// the user who made it, and whoever knows its address can send them.
const MACHINE_MADE: [&str; 4] = ["from_bot", "from_webhook", "from_plugin", "from_oauth_app"];

/// So many addresses of one post are looked at.
const ADDRESSES: usize = 20;

/// So many channels can be remembered; a power of two.
const CHANNELS: usize = 4096;

/// Whether a user of this server typed the post.
#[must_use]
pub fn is_typed(post: &Post) -> bool {
    let is_made = |property: &&str| post.props.contains_key(*property);
    post.r#type.is_empty()
        && post.remote_id.as_deref().unwrap_or_default().is_empty()
        && !MACHINE_MADE.iter().any(is_made)
}

/// What stands behind the mention of this user name at the start of a message.
#[must_use]
pub fn after_mention<'a>(message: &'a str, username: &str) -> Option<&'a str> {
    let rest = message.trim_start().strip_prefix('@')?;
    let (name, rest) = rest.split_at_checked(username.len())?;
    let ends = rest
        .chars()
        .next()
        .is_none_or(|next| next.is_whitespace() || matches!(next, ',' | ':'));
    (ends && name.eq_ignore_ascii_case(username)).then(|| rest.trim_start_matches([',', ':']))
}

/// What was said to the bot as a slash command; nothing is a question for help.
#[must_use]
pub fn as_command(said: &str) -> String {
    let said = said.trim();
    let (first, rest) = said.split_once(char::is_whitespace).unwrap_or((said, ""));
    let is_trigger = first.trim_start_matches('/').eq_ignore_ascii_case(TRIGGER);
    let command = if is_trigger { rest.trim() } else { said };
    let command = if command.is_empty() { "help" } else { command };
    format!("/{TRIGGER} {command}")
}

/// Whether a message begins with an address, and so with no command.
#[must_use]
pub fn begins_with_address(message: &str) -> bool {
    let message = message.trim_start().trim_start_matches('<');
    message.starts_with("http://") || message.starts_with("https://")
}

/// The web addresses of a message, those in code left out.
#[must_use]
pub fn addresses(message: &str) -> Vec<Url> {
    if !message.contains("://") {
        return Vec::new();
    }
    let mut is_code = false;
    let prose = message.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    });
    // A backtick is left at its word, which then is no address.
    let words =
        prose.flat_map(|line| line.split(|c: char| c.is_whitespace() || "<>()[]\"|".contains(c)));
    let addresses =
        words.filter(|word| word.starts_with("http://") || word.starts_with("https://"));
    addresses
        .take(ADDRESSES)
        .filter_map(|word| {
            Url::parse(word.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~']))
                .ok()
        })
        .collect()
}

/// Remembers channels, so that the server is not asked about one at each post: those that are known
/// not to be the bot's direct channels. What it forgets is only asked again; its size is fixed.
#[derive(Debug)]
pub struct OtherChannels {
    slots: Box<[AtomicU64]>,
    hasher: RandomState,
}

impl Default for OtherChannels {
    fn default() -> Self {
        Self {
            slots: (0..CHANNELS).map(|_| AtomicU64::new(0)).collect(),
            hasher: RandomState::new(),
        }
    }
}

impl OtherChannels {
    /// Whether it is one of them.
    #[must_use]
    pub fn knows(&self, channel_id: &str) -> bool {
        let (slot, mark) = self.place(channel_id);
        slot.load(Ordering::Relaxed) == mark
    }

    /// From now on it is, as far as there is room.
    pub fn remember(&self, channel_id: &str) {
        let (slot, mark) = self.place(channel_id);
        slot.store(mark, Ordering::Relaxed);
    }

    fn place(&self, channel_id: &str) -> (&AtomicU64, u64) {
        let hash = self.hasher.hash_one(channel_id);
        let index = usize::try_from(hash % self.slots.len() as u64).unwrap_or(0);
        // Zero is an empty place.
        (&self.slots[index], hash | 1 << 63)
    }
}

#[cfg(test)]
#[path = "heard_tests.rs"]
mod tests;
