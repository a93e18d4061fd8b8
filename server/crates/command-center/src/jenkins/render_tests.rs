use std::time::Duration;

use http::StatusCode;
use secrecy::SecretString;

use super::*;
use crate::config::{ServerAlias, Settings};
use crate::connections::{KeyRing, OpenError};
use crate::http_client::{DnsFault, HttpFailure, Phase, SetupError, TlsFault};
use crate::jenkins::error::{FolderKind, NotJenkinsHint, Thing};
use crate::jenkins::parameters::ParameterProblem;
use crate::jenkins::reference::ReferenceError;
use crate::text::oracle::markup_in;

const HOSTILE: &str = "@all ![x](http://evil/) `code` <b>|# ~town :tada: https://evil";

fn every_error(name: &str) -> Vec<JenkinsError> {
    let name = || name.to_owned();
    let status = StatusCode::from_u16(502).unwrap();
    let not_found = |thing, suggestions: &[String]| JenkinsError::NotFound {
        thing,
        name: name(),
        suggestions: suggestions.to_vec(),
    };
    let folder = |kind, children: Vec<String>| JenkinsError::IsFolder {
        name: name(),
        kind,
        children,
    };
    let not_jenkins = |hint| JenkinsError::NotJenkins {
        status: StatusCode::OK,
        hint,
    };
    let key_id = KeyRing::new(&SecretString::from("0123456789abcdef"))
        .unwrap()
        .current_key_id();
    vec![
        JenkinsError::NotConfigured {
            problems: Settings::default().problems(),
        },
        JenkinsError::Setup(SetupError::Certificates),
        JenkinsError::Setup(SetupError::Other(name())),
        JenkinsError::NotConnected {
            server: ServerAlias::default(),
        },
        JenkinsError::NotConnected {
            server: ServerAlias::parse("legacy").unwrap(),
        },
        JenkinsError::UnknownServer {
            name: "lgacy".to_owned(),
            known: vec!["main".to_owned(), "legacy".to_owned()],
        },
        JenkinsError::TokenUnreadable(OpenError::UnknownKey(key_id)),
        JenkinsError::TokenUnreadable(OpenError::Tampered),
        JenkinsError::Reference(ReferenceError::Empty),
        JenkinsError::Reference(ReferenceError::OtherServer {
            host: name(),
            expected: "ci.example.com".into(),
        }),
        JenkinsError::Reference(ReferenceError::NoJob),
        JenkinsError::Reference(ReferenceError::Dots),
        JenkinsError::Unauthorized { user: name() },
        JenkinsError::Forbidden {
            user: name(),
            permission: Some("Job/Build".into()),
        },
        JenkinsError::Forbidden {
            user: name(),
            permission: None,
        },
        not_found(Thing::Job, &[]),
        not_found(Thing::Job, &[name()]),
        not_found(Thing::Job, &["a".into(), "b".into(), name()]),
        not_found(Thing::Build, &[]),
        not_found(Thing::QueueItem, &[]),
        not_found(Thing::Page, &[]),
        folder(FolderKind::Multibranch, vec!["repo/main".into(), name()]),
        folder(
            FolderKind::Folder,
            (0..13).map(|i| format!("folder/job-{i}")).collect(),
        ),
        folder(FolderKind::Organization, vec![]),
        JenkinsError::NotBuildable { name: name() },
        JenkinsError::ScheduleRefused { name: name() },
        JenkinsError::BadParameters {
            name: name(),
            problems: vec![
                ParameterProblem::NotParameterized,
                ParameterProblem::Unknown {
                    name: name(),
                    known: vec![name()],
                },
                ParameterProblem::NotAChoice {
                    name: name(),
                    value: name(),
                    choices: vec!["staging".into(), name()],
                },
                ParameterProblem::Refused { message: name() },
            ],
        },
        JenkinsError::Refused { message: name() },
        JenkinsError::CrumbRefused,
        not_jenkins(NotJenkinsHint::LoginPage),
        not_jenkins(NotJenkinsHint::ProxyCredentials),
        not_jenkins(NotJenkinsHint::WebPage),
        not_jenkins(NotJenkinsHint::Redirect { to: name() }),
        not_jenkins(NotJenkinsHint::Other),
        not_jenkins(NotJenkinsHint::Below),
        JenkinsError::Starting,
        JenkinsError::Unavailable { status },
        JenkinsError::ServerError {
            status: StatusCode::INTERNAL_SERVER_ERROR,
        },
        JenkinsError::Http(HttpFailure::Dns {
            host: name(),
            fault: DnsFault::NoSuchHost,
        }),
        JenkinsError::Http(HttpFailure::Connect {
            address: name(),
            detail: "Connection refused".into(),
        }),
        JenkinsError::Http(HttpFailure::Tls {
            host: name(),
            fault: TlsFault::UnknownIssuer,
        }),
        JenkinsError::Http(HttpFailure::Timeout {
            phase: Phase::Answer,
            after: Duration::from_secs(30),
        }),
        JenkinsError::Http(HttpFailure::TooLarge { limit: 8 << 20 }),
        JenkinsError::Http(HttpFailure::Cut { detail: name() }),
        JenkinsError::Malformed { what: "a job" },
    ]
}

#[test]
fn every_error_says_what_failed_and_what_to_do() {
    let texts: Vec<String> = every_error("my_job").iter().map(error).collect();
    insta::assert_json_snapshot!(texts);
    for text in &texts {
        assert!(text.ends_with(['.', '?']), "{text}");
    }
}

#[test]
fn hostile_names_stay_text() {
    // The first one is a list of our own words.
    for failure in every_error(HOSTILE).into_iter().skip(1) {
        let text = error(&failure);
        assert_eq!(markup_in(&text), Vec::<String>::new(), "{text}");
    }
    assert!(!markup_in(HOSTILE).is_empty(), "the check itself");
    insta::assert_snapshot!(error(&JenkinsError::NotFound {
        thing: Thing::Job,
        name: HOSTILE.into(),
        suggestions: vec![HOSTILE.into()],
    }));
}

#[test]
fn the_plain_text_of_an_error_has_no_markup() {
    let failure = JenkinsError::NotFound {
        thing: Thing::Job,
        name: "a_b".into(),
        suggestions: vec!["a-b".into()],
    };
    assert_eq!(
        failure.to_string(),
        r#"There is no job "a_b", or you may not see it. Did you mean "a-b"?"#
    );
}

#[test]
fn an_examination_begins_with_its_verdict() {
    let good = Finding::new(Health::Good, "Address", "fine");
    let warning = Finding::new(Health::Warning, "Clock", "2 min apart");
    let bad = Finding::new(Health::Bad, "Token", "refused");
    assert!(
        examination(std::slice::from_ref(&good))
            .starts_with("###### Jenkins doctor: Everything works.\n")
    );
    let text = examination(&[good.clone(), warning.clone()]);
    assert!(
        text.starts_with("###### Jenkins doctor: Everything works; 1 thing should be looked at.\n"),
        "{text}"
    );
    insta::assert_snapshot!(examination(&[good, warning, bad]));
}
