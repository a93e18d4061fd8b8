//! Values that need a look of their own.

use mattermost_plugin::model::{AppError, BotPatch, Config, Post};
use mattermost_plugin::transport::netrpc::gob::{Bare, Decoder, Encoder, GoError, Letters};
use serde_json::{Value, json};

use super::fixture::{Fixture, fill};

/// What only Rust can write: pointers to zero and lists that are empty and not nil.
pub(crate) fn streams() -> Vec<(&'static str, Vec<u8>)> {
    let patch = BotPatch {
        display_name: Some(String::new()),
        ..BotPatch::default()
    };
    vec![
        (
            "rust_bot_patch",
            Encoder::new().encode(&patch).expect("encodable"),
        ),
        ("rust_config_zeros", config_zeros()),
    ]
}

/// A configuration with the types that Go described and the settings of the fixture.
fn config_zeros() -> Vec<u8> {
    let described = Fixture::named("model_Config");
    let mut decoder = Decoder::new();
    fill(&mut decoder, &mut described.messages().into_iter()).expect("a value");
    let Bare(mut config) = decoder.decode::<Bare<Config>>().expect("decodable");
    let fixture = Fixture::named("rust_config_zeros");
    *config.value_mut() = fixture.values[0].expected().clone();
    Encoder::new().encode(&Bare(config)).expect("encodable")
}

fn decoded<T: gobwire::Decode + Default>(name: &str) -> Vec<T> {
    let fixture = Fixture::named(name);
    let mut decoder = Decoder::new();
    let mut messages = fixture.messages().into_iter();
    let mut values = Vec::new();
    for _ in &fixture.values {
        fill(&mut decoder, &mut messages).expect("a value");
        values.push(decoder.decode().expect("decodable"));
    }
    values
}

#[test]
fn attachments_of_other_plugins_are_read() {
    let posts: Vec<Post> = decoded("any_attachments");
    let attachments = posts[0].attachments();
    assert_eq!(
        attachments.len(),
        posts[0].props["attachments"].as_array().map_or(0, Vec::len)
    );
    assert_eq!(attachments[0].color, "#2d7d46");
    assert_eq!(attachments[0].fields[0].value, json!("main"));
    let action = &attachments[0].actions[0];
    assert_eq!(action.options[0].value, "1");
    let integration = action.integration.as_ref().expect("an integration");
    assert_eq!(
        (integration.url.as_str(), &integration.context["k"]),
        ("/plugins/x/rebuild", &json!({"k": "deep"}))
    );
    assert!(posts[1].attachments().is_empty());
    // They come back from a post that was made anew, numbers as the text that Go would print.
    let again = Post::default().with_attachments(&attachments).attachments();
    assert_eq!(attachments[0].fields[1].value, json!(17));
    assert_eq!(again[0].fields[1].value, json!("17"));
    assert_eq!(again[0].actions, attachments[0].actions);
    assert_eq!(again[1..], attachments[1..]);
}

#[test]
fn log_pairs_of_every_type_are_read() {
    let lines: Vec<Letters<(String, Vec<Value>)>> = decoded("any_list");
    let error = json!({"id": "app.error.id", "message": "it failed", "detailed_error": "in detail", "request_id": "req", "status_code": 404});
    assert_eq!(
        lines[2].0.1,
        [
            json!("k"),
            json!(1),
            json!("f"),
            json!(1.5),
            json!("n"),
            json!(null),
            json!("b"),
            json!("eA=="),
            json!("m"),
            json!({"k": "v"}),
            json!("e"),
            error
        ]
    );
}

#[test]
fn errors_of_every_type_are_read() {
    let errors: Vec<GoError> = decoded::<Letters<(GoError,)>>("error_results")
        .into_iter()
        .map(|Letters((error,))| error)
        .collect();
    let text = |code, text: &str| GoError::Text {
        code,
        text: text.to_owned(),
    };
    assert_eq!(errors[0], GoError::None);
    assert!(
        matches!(&errors[1], GoError::Text { code: 0, text } if text.starts_with("plain Grüße"))
    );
    assert_eq!(errors[2], text(0, ""));
    assert_eq!(errors[3], text(1, "EOF"));
    assert_eq!(errors[4], text(2, "sql: no rows in result set"));
    assert!(
        matches!(&errors[5], GoError::App(AppError { status_code: 404, skip_translation: true, detailed_error, .. }) if detailed_error.contains('\u{fffd}'))
    );
    assert_eq!(errors[6], GoError::App(AppError::default()));
    assert_eq!(
        errors[7],
        text(0, "pq: duplicate key: Key exists (ERROR 23505)")
    );
}

/// Reading all settings and sending them back costs milliseconds at most (this is a debug build).
#[test]
fn a_whole_configuration_goes_back() {
    let configs: Vec<Bare<Config>> = decoded("model_Config");
    for Bare(config) in configs {
        let stream = Encoder::new()
            .encode(&Bare(config.clone()))
            .expect("encodable");
        let mut decoder = Decoder::new();
        fill(
            &mut decoder,
            &mut super::fixture::messages(&stream).into_iter(),
        )
        .expect("a value");
        let Bare(again) = decoder.decode::<Bare<Config>>().expect("decodable");
        assert_eq!(again.value(), config.value());
        assert!(config.get("/ServiceSettings/EnableDeveloper").is_some());
    }
}
