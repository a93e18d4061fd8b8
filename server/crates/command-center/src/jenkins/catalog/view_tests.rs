use std::sync::Arc;

use super::*;
use crate::config::ServerAlias;
use crate::http_client::HttpClient;
use crate::jenkins::{JenkinsAddress, JobPath};
use crate::text::rune_count;

fn server(alias: &str) -> Server {
    let root: url::Url = "https://ci.example.com/jenkins/".parse().unwrap();
    Server {
        alias: ServerAlias::parse(alias).unwrap(),
        address: Arc::new(JenkinsAddress::new(root.clone(), root)),
        http: HttpClient::new(&crate::http_client::ClientSetup::default()).unwrap(),
    }
}

fn hit(name: &str, kind: CatalogKind) -> Hit {
    Hit {
        path: JobPath::new(name.split('/').map(str::to_owned).collect()).unwrap(),
        kind,
    }
}

fn job(state: JobState, building: bool) -> CatalogKind {
    CatalogKind::Job(JobColor { state, building })
}

#[test]
fn what_was_found() {
    let hits = vec![
        hit("shop/feature%2Flogin", job(JobState::Failure, false)),
        hit("shop", CatalogKind::Folder(FolderKind::Multibranch)),
        hit("nightly build", job(JobState::Success, true)),
        hit(
            "@channel *x* [a](http:evil) `b`",
            job(JobState::NotBuilt, false),
        ),
        hit("![x](evil.png) <b>", job(JobState::Disabled, false)),
    ];
    insta::assert_snapshot!(results("sho`p", &(hits, 70), 10_000, &server("legacy")));
}

#[test]
fn nothing_was_found() {
    let none = (Vec::new(), 0);
    insta::assert_snapshot!(
        [
            results("@all", &none, 12, &server("main")),
            results("x", &none, 0, &server("legacy"))
        ]
        .join("\n")
    );
}

#[test]
fn long_names_stay_below_the_limit() {
    let long = "ä".repeat(900);
    let hits: Vec<Hit> = (0..20)
        .map(|number| hit(&format!("{long}/{number}"), job(JobState::Success, false)))
        .collect();
    let shown = results(&long, &(hits, 20), 20, &server("main"));
    assert!(rune_count(&shown) < 16_383, "{}", rune_count(&shown));
    assert!(shown.contains("more."));
}
