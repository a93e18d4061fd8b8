//! Fields that a newer server has.

use std::collections::BTreeMap;

use mattermost_plugin_derive::GoModel;
use serde_json::{Value, json};

use super::super::{Decoder, Encoder, Letters, Unknown};
use super::receive;
use crate::model::Post;

#[derive(Debug, Clone, Default, PartialEq, GoModel)]
#[go(name = "Post")]
struct NewerPost {
    expires: Option<i64>,
    id: String,
    readers: Vec<String>,
    message: String,
    classification: Classification,
    any: Value,
    scores: BTreeMap<String, f64>,
}

#[derive(Debug, Clone, Default, PartialEq, GoModel)]
struct Classification {
    label: String,
    secret: bool,
    parents: Vec<Classification>,
}

fn newer() -> NewerPost {
    NewerPost {
        expires: Some(5),
        id: "p".into(),
        readers: vec!["a".into(), "b".into()],
        message: "before".into(),
        classification: Classification {
            label: "x".into(),
            secret: true,
            parents: vec![Classification {
                label: "y".into(),
                ..Classification::default()
            }],
        },
        any: json!({"k": [1, null]}),
        scores: [("s".to_owned(), 1.5)].into(),
    }
}

#[test]
fn they_come_back() {
    let (mut encoder, mut decoder) = (Encoder::new(), Decoder::new());
    let (mut answers, mut server) = (Encoder::new(), Decoder::new());
    for sent in [
        newer(),
        NewerPost {
            id: "q".into(),
            ..NewerPost::default()
        },
        newer(),
    ] {
        let stream = encoder
            .encode(&Letters((sent.clone(),)))
            .expect("encodable");
        let Letters((mut post,)) =
            receive::<Letters<(Post,)>>(&mut decoder, &stream).expect("decodable");
        assert_eq!(post.id, sent.id);
        assert_eq!(
            post.unknown.get("Readers").is_some(),
            !sent.readers.is_empty()
        );
        post.message = "after".into();

        let stream = answers
            .encode(&Letters((Some(post), String::new())))
            .expect("encodable");
        let Letters((back, _)) =
            receive::<Letters<(Option<NewerPost>, String)>>(&mut server, &stream)
                .expect("decodable");
        assert_eq!(
            back,
            Some(NewerPost {
                message: "after".into(),
                ..sent
            })
        );
    }
}

/// A struct that is a part of something else has the type that all of its kind have.
#[test]
fn elements_of_lists_leave_them_out() {
    let stream = Encoder::new()
        .encode(&Letters((newer(),)))
        .expect("encodable");
    let Letters((post,)) =
        receive::<Letters<(Post,)>>(&mut Decoder::new(), &stream).expect("decodable");
    let stream = Encoder::new()
        .encode(&Letters((vec![post.clone(), Post::default()],)))
        .expect("encodable");
    let Letters((back,)) =
        receive::<Letters<(Vec<Post>,)>>(&mut Decoder::new(), &stream).expect("decodable");
    assert_eq!(
        back,
        [
            Post {
                unknown: Unknown::default(),
                ..post
            },
            Post::default()
        ]
    );
}

#[test]
fn they_are_not_in_json() {
    let stream = Encoder::new().encode(&newer()).expect("encodable");
    let post: Post = receive(&mut Decoder::new(), &stream).expect("decodable");
    let json = serde_json::to_value(&post).expect("JSON");
    assert_eq!((&json["id"], json.get("Readers")), (&json!("p"), None));
}
