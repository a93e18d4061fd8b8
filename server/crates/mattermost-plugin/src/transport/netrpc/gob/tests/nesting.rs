//! Values inside values: refused before a thread's stack (2 MiB for a test) ends.

use std::collections::BTreeMap;

use gobwire::{Describer, TypeTable, ValueDecoder, ValueEncoder, ids};
use mattermost_plugin_derive::GoModel;

use super::super::{Bare, Decoder, Field, MAX_NESTING, Progress, interface};
use super::{bytes_of, messages, receive};
use crate::model::{CommandResponse, Post};

/// Nesting is refused before a thread's stack (2 MiB for a test) ends.
#[test]
fn nesting_is_refused() {
    let deep = |levels: usize| {
        let response = (0..levels).fold(CommandResponse::default(), |inner, _| CommandResponse {
            extra_responses: vec![inner],
            ..CommandResponse::default()
        });
        let bodies = messages(&bytes_of(&response));
        let mut decoder = Decoder::new();
        let mut outcome = Ok(Progress::NeedMore);
        for body in &bodies {
            outcome = decoder.push_message(body);
        }
        outcome.and_then(|_| decoder.decode::<CommandResponse>())
    };
    assert!(deep(100).is_ok());
    assert!(deep(600).is_err());
}

/// A post whose props hold a post whose props …, and the same through previews. None of these may
/// end the stack, whether they are refused or not.
#[test]
fn posts_inside_posts_end() {
    use crate::model::{PostEmbed, PostEmbedData, PostMetadata, PreviewPost};

    let preview = |post: Post| PreviewPost {
        post: Some(Box::new(post)),
        ..PreviewPost::default()
    };
    let in_embeds = |levels: usize| {
        (0..levels).fold(Post::default(), |inner, _| {
            let embed = PostEmbed {
                data: PostEmbedData::Post(Box::new(preview(inner))),
                ..PostEmbed::default()
            };
            Post {
                metadata: Some(PostMetadata {
                    embeds: vec![embed],
                    ..PostMetadata::default()
                }),
                ..Post::default()
            }
        })
    };
    let decode = |post: &Post| {
        let mut decoder = Decoder::new();
        let mut outcome = Ok(Progress::NeedMore);
        for body in messages(&bytes_of(post)) {
            outcome = decoder.push_message(&body);
        }
        outcome.and_then(|_| decoder.decode::<Post>())
    };
    assert_eq!(decode(&in_embeds(20)).expect("not deep"), in_embeds(20));
    assert!(decode(&in_embeds(100)).is_err());
    // Right below the limit of what is read at all.
    let deepest = (20..100)
        .rev()
        .find_map(|levels| decode(&in_embeds(levels)).ok());
    assert!(deepest.is_some());
}

/// A post's props that hold, behind Go's interface, a preview of a post with props that …
#[derive(Default)]
struct Nested(Option<Box<NestedPreview>>);

#[derive(Default, GoModel)]
struct NestedPreview {
    post: NestedPost,
}

#[derive(Default, GoModel)]
struct NestedPost {
    props: BTreeMap<String, Nested>,
}

impl Field for Nested {
    fn describe(_: &mut Describer<'_>) -> gobwire::Result<i64> {
        Ok(ids::INTERFACE)
    }

    fn compatible(_: &TypeTable, wire: i64) -> bool {
        wire == ids::INTERFACE
    }

    fn is_zero(&self) -> bool {
        self.0.is_none()
    }

    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> gobwire::Result<()> {
        match &self.0 {
            Some(preview) => interface::write_as(encoder, "*model.PreviewPost", preview),
            None => encoder.interface(None),
        }
    }

    fn decode(&mut self, _: &mut ValueDecoder<'_>, _: i64) -> gobwire::Result<()> {
        Ok(())
    }
}

#[test]
fn posts_inside_props_end() {
    let decode = |levels: usize| {
        let innermost = NestedPost::default();
        let post = (0..levels).fold(innermost, |post, _| NestedPost {
            props: [(
                "k".to_owned(),
                Nested(Some(Box::new(NestedPreview { post }))),
            )]
            .into(),
        });
        let mut decoder = Decoder::new();
        let mut outcome = Ok(Progress::NeedMore);
        for body in messages(&bytes_of(&post)) {
            outcome = decoder.push_message(&body);
        }
        outcome.and_then(|_| decoder.decode::<Post>())
    };
    assert!(decode(10).is_ok_and(|post| post.props["k"]["post"]["props"]["k"].is_object()));
    assert!(decode(200).is_err());
    assert!((10..200).rev().any(|levels| decode(levels).is_ok()));
}

/// Lists inside lists, as many as the number says.
#[derive(Default)]
struct Layers(usize);

impl Field for Layers {
    fn describe(_: &mut Describer<'_>) -> gobwire::Result<i64> {
        Ok(ids::INTERFACE)
    }

    fn compatible(_: &TypeTable, wire: i64) -> bool {
        wire == ids::INTERFACE
    }

    fn is_zero(&self) -> bool {
        self.0 == 0
    }

    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> gobwire::Result<()> {
        match self.0.checked_sub(1) {
            Some(inner) => interface::write_as(encoder, "[]interface {}", &vec![Layers(inner)]),
            None => encoder.interface(None),
        }
    }

    fn decode(&mut self, _: &mut ValueDecoder<'_>, _: i64) -> gobwire::Result<()> {
        Ok(())
    }
}

#[test]
fn lists_inside_lists_are_limited() {
    let decode = |layers: usize| {
        receive::<Bare<serde_json::Value>>(&mut Decoder::new(), &bytes_of(&Bare(Layers(layers))))
    };
    assert!(decode(MAX_NESTING).is_ok());
    assert!(decode(MAX_NESTING + 2).is_err());
}
