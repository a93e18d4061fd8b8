//! Configurations: nothing is lost on the way back.

use mattermost_plugin_derive::GoModel;
use serde_json::{Value, json};

use super::super::{Bare, Decoder, Encoder, Letters};
use super::{carried, receive};
use crate::model::Config;

/// A server's configuration as a server in Rust would declare it: pointers.
#[derive(Debug, Clone, Default, PartialEq, GoModel)]
struct ServerConfig {
    service_settings: ServiceSettings,
    cluster_settings: ClusterSettings,
    sections: Vec<ServiceSettings>,
    by_name: std::collections::BTreeMap<String, ServiceSettings>,
    plugins: std::collections::BTreeMap<String, serde_json::Map<String, Value>>,
}

#[derive(Debug, Clone, Default, PartialEq, GoModel)]
struct ServiceSettings {
    #[go(name = "SiteURL")]
    site_url: Option<String>,
    enable: Option<bool>,
    port: Option<i64>,
    ratio: Option<f64>,
    schemes: Vec<String>,
    raw: Option<bytes::Bytes>,
}

#[derive(Debug, Clone, Default, PartialEq, GoModel)]
struct ClusterSettings {
    enable: Option<bool>,
    enable_experimental_gossip_encryption: Option<bool>,
}

fn settings(url: &str) -> ServiceSettings {
    ServiceSettings {
        site_url: Some(url.into()),
        port: Some(8065),
        ..ServiceSettings::default()
    }
}

fn sent() -> ServerConfig {
    ServerConfig {
        service_settings: settings("https://chat.example.com"),
        sections: vec![settings("a")],
        by_name: [("b".to_owned(), settings("b"))].into(),
        plugins: [(
            "x".to_owned(),
            json!({"n": 1, "list": [1, "a"], "none": null})
                .as_object()
                .cloned()
                .unwrap_or_default(),
        )]
        .into(),
        ..ServerConfig::default()
    }
}

fn arrived() -> Config {
    let stream = Encoder::new()
        .encode(&Letters((sent(),)))
        .expect("encodable");
    let Letters((config,)) =
        receive::<Letters<(Config,)>>(&mut Decoder::new(), &stream).expect("decodable");
    config
}

#[test]
fn zeros_that_were_left_out_are_filled_in() {
    let zeros = |url: &str| json!({"SiteURL": url, "Enable": false, "Port": 8065, "Ratio": 0, "Schemes": []});
    assert_eq!(
        *arrived().value(),
        json!({
            "ServiceSettings": zeros("https://chat.example.com"),
            // Nil by default: this setting stays away.
            "ClusterSettings": {"Enable": false},
            "Sections": [zeros("a")],
            "ByName": {"b": zeros("b")},
            "Plugins": {"x": {"n": 1, "list": [1, "a"], "none": null}},
        })
    );
}

/// What the server gets back: every pointer set, except for the one that is nil by default.
#[test]
fn zeros_are_sent_back() {
    let mut config = arrived();
    config.set("/ServiceSettings/Port", 1);
    config.set("/Plugins/x/n", 2);
    let stream = Encoder::new()
        .encode(&Letters((config,)))
        .expect("encodable");
    let Letters((back,)) =
        receive::<Letters<(ServerConfig,)>>(&mut Decoder::new(), &stream).expect("decodable");
    let full = |url: &str, port: i64| ServiceSettings {
        site_url: Some(url.into()),
        enable: Some(false),
        port: Some(port),
        ratio: Some(0.0),
        schemes: Vec::new(),
        raw: None,
    };
    assert_eq!(back.service_settings, full("https://chat.example.com", 1));
    assert_eq!(
        back.cluster_settings,
        ClusterSettings {
            enable: Some(false),
            enable_experimental_gossip_encryption: None
        }
    );
    assert_eq!(back.sections, [full("a", 8065)]);
    assert_eq!(back.by_name["b"], full("b", 8065));
    assert_eq!(back.plugins["x"]["n"], 2);
}

/// For Go, a list that is empty and not nil needs its field twice: `shape/write.rs`.
#[test]
fn lists_are_described_twice() {
    let name = b"Schemes";
    let fields = |stream: &[u8]| {
        stream
            .windows(name.len())
            .filter(|window| window == name)
            .count()
    };
    let stream = Encoder::new()
        .encode(&Letters((sent(),)))
        .expect("encodable");
    assert_eq!(fields(&stream), 1);
    let stream = Encoder::new()
        .encode(&Letters((arrived(),)))
        .expect("encodable");
    assert_eq!(fields(&stream), 2);
}

/// The second, empty occurrence of a list is what a decoder of ours sees, too.
#[test]
fn lists_arrive_once() {
    let config = arrived();
    let Letters((again,)) = carried(&Letters((config.clone(),)));
    assert_eq!(again, config);
    let Letters((third,)) = carried(&Letters((again,)));
    assert_eq!(third, config);
}

#[test]
fn what_the_server_cannot_take_is_refused_by_name() {
    let refused = |pointer: &str, value: Value| {
        let mut config = arrived();
        config.set(pointer, value);
        Encoder::new()
            .encode(&Letters((config,)))
            .expect_err(pointer)
            .to_string()
    };
    assert!(
        refused("/ServiceSettings/Port", json!("8065"))
            .contains("/ServiceSettings/Port must be a whole number")
    );
    assert!(refused("/ServiceSettings/Port", json!(1.5)).contains("a whole number"));
    assert!(refused("/ServiceSettings/Enable", json!(1)).contains("true or false"));
    assert!(
        refused("/ServiceSettings/SiteUrl", json!("x"))
            .contains("/ServiceSettings/SiteUrl must be one that the server has")
    );
    assert!(refused("/Sections/0/SiteURL", json!(5)).contains("/Sections/[]/SiteURL must be text"));
}

#[test]
fn a_removed_setting_is_not_sent() {
    let mut config = arrived();
    config.set("/ServiceSettings/SiteURL", Value::Null);
    let stream = Encoder::new()
        .encode(&Letters((config,)))
        .expect("encodable");
    let Letters((back,)) =
        receive::<Letters<(ServerConfig,)>>(&mut Decoder::new(), &stream).expect("decodable");
    assert_eq!(back.service_settings.site_url, None);
}

/// Configurations of several shapes, and none, share a stream.
#[test]
fn shapes_are_told_apart() {
    let (mut encoder, mut decoder) = (Encoder::new(), Decoder::new());
    let configs = [
        Some(Config::new(json!({"A": {"B": 1}}))),
        None,
        Some(Config::new(
            json!({"A": {"B": "text", "C": [], "D": {"lower": 1}}, "E": [1, "x", {"y": 2.5}]}),
        )),
        Some(arrived()),
        Some(Config::new(json!({"A": {"B": 2}}))),
    ];
    for config in configs {
        let stream = encoder
            .encode(&Letters((config.clone(), true)))
            .expect("encodable");
        let Letters((back, flag)) =
            receive::<Letters<(Option<Config>, bool)>>(&mut decoder, &stream).expect("decodable");
        assert_eq!(back, config);
        assert!(flag);
    }
    assert_eq!(carried(&Bare(arrived())).0, arrived());
}
