//! Console logs: what is hidden in them, and their last lines in bounded memory.

mod clean;
mod html;
mod tail;

pub use clean::LogCleaner;
pub use html::html_to_text;
pub use tail::{LastLines, TailBuffer, last_lines};
