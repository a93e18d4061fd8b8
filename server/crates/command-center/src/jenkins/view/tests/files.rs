//! Files of builds.

use insta::assert_snapshot;

use super::*;
use crate::jenkins::model::Artifact;

fn artifact(path: &str, size: Option<u64>) -> Artifact {
    Artifact {
        file_name: path.rsplit('/').next().unwrap().to_owned(),
        relative_path: path.to_owned(),
        size,
    }
}

#[test]
fn files_of_a_build() {
    let artifacts = [
        artifact("target/my app.jar", Some(3_400_000)),
        artifact("../../etc/passwd", None),
        artifact(HOSTILE, None),
    ];
    assert_snapshot!(shown(|view| view.artifacts(&hello(), 12, &artifacts)));
    assert_snapshot!(shown(|view| view.artifacts(&hello(), 12, &[])));
    assert_snapshot!(shown(|view| view.no_artifact_fits(
        &hello(),
        12,
        HOSTILE,
        3
    )));
    let many = vec![artifacts[2].clone(); 1_000];
    assert!(shown(|view| view.artifacts(&hello(), 12, &many)).contains("more: "));
}

#[test]
fn files_that_are_attached() {
    let fates = [
        Fate::Attached(2_048),
        Fate::TooLarge {
            size: Some(200 << 20),
            limit: 100 << 20,
        },
        Fate::TooLarge {
            size: None,
            limit: 100 << 20,
        },
        Fate::Empty,
        Fate::Failed("the download broke off".to_owned()),
    ];
    let files: Vec<Attached> = fates
        .into_iter()
        .map(|fate| Attached {
            artifact: artifact("a/b.txt", None),
            fate,
        })
        .collect();
    assert_snapshot!(shown(|view| view.attached(&hello(), 12, &files, 3)));
}
