//! A CommonMark parser with every extension switched on, as the judge of escaped text.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// What a reader of the Markdown sees.
pub(super) struct Rendered {
    /// The visible text.
    pub(super) text: String,
    /// True if there is nothing but paragraphs of text.
    pub(super) only_text: bool,
    /// What was parsed, for messages of failed tests.
    pub(super) events: Vec<String>,
}

pub(super) fn render(markdown: &str) -> Rendered {
    let mut rendered = Rendered {
        text: String::new(),
        only_text: true,
        events: Vec::new(),
    };
    for event in Parser::new_ext(markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
        rendered.events.push(format!("{event:?}"));
        match event {
            Event::Text(text) => rendered.text.push_str(&text),
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
            Event::Code(text) => {
                rendered.text.push_str(&text);
                rendered.only_text = false;
            }
            _ => rendered.only_text = false,
        }
    }
    rendered
}

/// The contents of code spans and code blocks, and whether there was anything else.
pub(super) fn code_in(markdown: &str) -> (Vec<String>, bool) {
    let mut codes = Vec::new();
    let mut block: Option<String> = None;
    let mut other = false;
    for event in Parser::new_ext(markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
        match event {
            Event::Code(text) => codes.push(text.into_string()),
            Event::Start(Tag::CodeBlock(_)) => block = Some(String::new()),
            Event::End(TagEnd::CodeBlock) => codes.extend(block.take()),
            Event::Text(text) => match &mut block {
                Some(code) => code.push_str(&text),
                None => other = true,
            },
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
            _ => other = true,
        }
    }
    (codes, other)
}

/// Links, images, HTML and everything else that is more than text and code, and `@` outside of code
/// that the server could take for a mention.
pub(crate) fn markup_in(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    for event in Parser::new_ext(markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
        match event {
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) | Event::Code(_) => {}
            Event::Text(text) => {
                let mentions = text
                    .match_indices('@')
                    .any(|(at, _)| !text[at + 1..].starts_with('\u{200B}'));
                if mentions {
                    found.push(text.into_string());
                }
            }
            other => found.push(format!("{other:?}")),
        }
    }
    found
}
