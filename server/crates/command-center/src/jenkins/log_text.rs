//! Console logs: what is hidden in them, their last lines and lines that match, in bounded memory.

mod clean;
mod html;
mod search;
mod tail;

pub use clean::LogCleaner;
pub use html::html_to_text;
pub use search::{Found, LinePattern, LineSearch, NotALinePattern};
pub use tail::{LastLines, TailBuffer, last_lines};
