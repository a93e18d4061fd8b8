//! Names from Jenkins that are Markdown, mentions or worse.

use std::time::Duration;

use command_center::jenkins::job_path::encode_branch;
use mattermost_plugin::model::Post;
use pulldown_cmark::{Event, Options, Parser, Tag};
use simulators::jenkins::{BuildScript, Job, Multibranch, Parameter};

use crate::harness::{World, jenkins};

/// A name that would like to be more than text.
pub(crate) const HOSTILE: &str =
    "@all ![x](http:..evil) <http:..evil|y> `z` [a](b) *c* :x: @bob ~town-square #tag";

/// Links and images of a text as a Markdown parser finds them.
fn addresses(markdown: &str) -> Vec<String> {
    let events = Parser::new_ext(
        markdown,
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH,
    );
    events
        .filter_map(|event| match event {
            Event::Start(Tag::Image { dest_url, .. }) => Some(format!("image {dest_url}")),
            Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
            _ => None,
        })
        .collect()
}

/// All texts of a post that a client renders.
fn texts(post: &Post) -> Vec<String> {
    let mut texts = vec![post.message.clone()];
    for attachment in post.attachments() {
        texts.extend([
            attachment.pretext,
            attachment.text,
            attachment.fallback,
            attachment.title,
            attachment.footer,
        ]);
        texts.extend(
            attachment
                .fields
                .iter()
                .map(|field| field.value.as_str().unwrap_or_default().to_owned()),
        );
    }
    texts
}

/// What is read as text, outside of code and of addresses: there a mention would count.
fn prose(markdown: &str) -> String {
    let mut is_code = false;
    let mut prose = String::new();
    for event in Parser::new_ext(
        markdown,
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH,
    ) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => is_code = false,
            Event::Text(text) if !is_code => prose.push_str(&text),
            Event::SoftBreak | Event::HardBreak => prose.push('\n'),
            _ => {}
        }
    }
    prose
}

/// Fails if a text links to elsewhere, shows an image or mentions anybody.
#[track_caller]
pub(crate) fn assert_harmless(text: &str, root: &str) {
    for address in addresses(text) {
        assert!(address.starts_with(root), "{address} in {text}");
    }
    let prose = prose(text);
    for mention in ["@all", "@bob", "@channel"] {
        assert!(!prose.contains(mention), "{mention} in {text}");
    }
}

#[tokio::test]
async fn names_are_only_names() {
    let script = BuildScript::success()
        .why(HOSTILE)
        .queue_time(Duration::from_secs(60))
        .duration(Duration::from_secs(5));
    let config = jenkins()
        .item(
            Job::freestyle(HOSTILE)
                .script(script.clone())
                .past_build(BuildScript::failure()),
        )
        .item(
            Job::freestyle("picky")
                .display_name(HOSTILE)
                .parameter(Parameter::choice(HOSTILE, [HOSTILE])),
        )
        .item(Job::freestyle("off @all").disabled())
        .item(Multibranch::new("repo @all").branch(HOSTILE));
    let world = World::with_alice(config).await;
    let root = world.jenkins.url();
    let quoted = HOSTILE.replace('"', "\\\"");
    let said = world
        .say("alice", &format!("/jenkins build \"{quoted}\""))
        .await;
    assert_harmless(&said, &root);
    let queued = world
        .card(|card| card.text().contains("evil") && card.text().contains("hourglass"))
        .await;
    texts(&queued.post)
        .iter()
        .for_each(|text| assert_harmless(text, &root));
    world.jenkins.advance(Duration::from_secs(100));
    let told = world.announced().await;
    assert!(told.message.starts_with("@alice "));
    assert_harmless(&told.message, &root);
    for card in world.cards() {
        texts(&card.post)
            .iter()
            .for_each(|text| assert_harmless(text, &root));
    }
    for command in [
        "/jenkins build \"off @all\"".to_owned(),
        "/jenkins build \"repo @all\"".to_owned(),
        format!("/jenkins build picky \"{quoted}=1\""),
        "/jenkins build picky \"@all=![x](http://evil)\"".to_owned(),
        format!("/jenkins build \"{quoted}x\""),
        "/jenkins build ![x](http://evil)@all".to_owned(),
        "/jenkins get-log \"@all ![x](http://evil)\" 5".to_owned(),
        "/jenkins @all ![x](http://evil)".to_owned(),
        "/jenkins build picky @all".to_owned(),
    ] {
        let said = world.say("alice", &command).await;
        assert!(!said.is_empty(), "{command}");
        assert_harmless(&said, &root);
    }
    let log = world
        .run("alice", &format!("/jenkins get-log \"{quoted}\" 1"))
        .await;
    assert_eq!(log.posts.len(), 1, "{}", log.text());
    assert_harmless(
        log.posts[0].message.lines().next().unwrap_or_default(),
        &root,
    );
    assert!(!encode_branch(HOSTILE).is_empty());
    world.host.assert_no_violations();
}
