//! The demo world.

use std::time::Duration;

use simulators::jenkins::{BuildResult, JenkinsConfig};

use crate::client::Talk;

async fn demo() -> Talk {
    Talk::start(JenkinsConfig::demo().frozen()).await
}

#[tokio::test]
async fn everything_promised_is_there() {
    let talk = demo().await;
    let root = talk.json("/api/json?tree=jobs[name,color]").await;
    let mut names: Vec<&str> = root["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| job["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "articles",
            "deploy",
            "every parameter",
            "flaky",
            "hello-world",
            "legacy",
            "nightly build",
            "release",
            "сборка"
        ]
    );
    let branches = talk
        .json("/job/articles/job/0004_std_lib_http_client/api/json?tree=jobs[displayName]")
        .await;
    let branches: Vec<&str> = branches["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| job["displayName"].as_str().unwrap())
        .collect();
    assert_eq!(branches, ["feature/login", "fix 100%", "main"]);
    assert_eq!(talk.post("/job/legacy/build").await.status(), 409);
    let talk = talk.log_in("bob", "bob-token");
    assert_eq!(talk.post("/job/hello-world/build").await.status(), 403);
    let talk = talk.log_in("admin", "admin-token");
    assert_eq!(
        talk.json("/pluginManager/api/json?tree=plugins[shortName]")
            .await["plugins"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[tokio::test]
async fn every_job_can_be_built_to_its_end() {
    let talk = demo().await;
    let jobs = [
        (
            "articles/0004_std_lib_http_client/fix 100%25",
            BuildResult::Success,
        ),
        ("hello-world", BuildResult::Success),
        ("flaky", BuildResult::Failure),
        ("nightly build", BuildResult::Success),
        ("сборка", BuildResult::Success),
    ];
    for (job, expected) in jobs {
        let number = talk.jenkins.builds_started(job);
        let path: String = job
            .split('/')
            .map(|name| format!("/job/{}", name.replace('%', "%25").replace(' ', "%20")))
            .collect();
        let next = talk.json(&format!("{path}/api/json")).await["nextBuildNumber"]
            .as_u64()
            .unwrap() as u32;
        assert_eq!(
            talk.post(&format!("{path}/build")).await.status(),
            201,
            "{job}"
        );
        talk.jenkins.advance(Duration::from_secs(120));
        assert_eq!(
            talk.jenkins.build_result(job, next),
            Some(expected),
            "{job}"
        );
        assert_eq!(talk.jenkins.builds_started(job), number + 1);
    }
}

#[tokio::test]
async fn the_deployment_asks_first() {
    let talk = demo().await;
    assert_eq!(
        talk.post_form("/job/deploy/buildWithParameters", &[("SECRET", "s3cret")])
            .await
            .status(),
        201
    );
    talk.jenkins.advance(Duration::from_secs(60));
    let action = talk
        .json("/job/deploy/1/wfapi/nextPendingInputAction")
        .await;
    assert_eq!(
        talk.post(action["proceedUrl"].as_str().unwrap())
            .await
            .status(),
        200
    );
    talk.jenkins.advance(Duration::from_secs(60));
    assert_eq!(
        talk.jenkins.build_result("deploy", 1),
        Some(BuildResult::Success)
    );
}

#[tokio::test]
async fn the_release_failed_once_and_asks_for_values_now() {
    let talk = demo().await;
    let failed = talk
        .json("/job/release/1/testReport/api/json?tree=failCount,suites[name,cases[name,status]]")
        .await;
    assert_eq!(failed["failCount"], 2);
    let build = talk.json("/job/release/1/api/json").await;
    assert_eq!(build["result"], "FAILURE");
    assert_eq!(build["culprits"].as_array().unwrap().len(), 2);
    talk.post("/job/release/build").await;
    talk.jenkins.advance(Duration::from_secs(60));
    let action = talk
        .json("/job/release/2/wfapi/nextPendingInputAction")
        .await;
    assert_eq!(action["inputs"].as_array().unwrap().len(), 3);
    let form = [(
        "json",
        r#"{"parameter":[{"name":"CHANNEL","value":"beta"},{"name":"ANNOUNCE","value":true}]}"#,
    )];
    let answer = talk
        .post_form(action["proceedUrl"].as_str().unwrap(), &form)
        .await;
    assert_eq!(answer.status(), 200);
    talk.jenkins.advance(Duration::from_secs(60));
    assert_eq!(
        talk.jenkins.build_result("release", 2),
        Some(BuildResult::Success)
    );
    let artifacts = talk.json("/job/release/2/wfapi/artifacts").await;
    assert_eq!(artifacts[0]["size"], 3_400_000);
}

#[tokio::test]
async fn there_is_a_parameter_of_every_kind() {
    let talk = demo().await;
    let job = talk
        .json("/job/every%20parameter/api/json?tree=property[parameterDefinitions[type]]")
        .await;
    let kinds: Vec<&str> = job["property"][0]["parameterDefinitions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| parameter["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "StringParameterDefinition",
            "TextParameterDefinition",
            "BooleanParameterDefinition",
            "ChoiceParameterDefinition",
            "PasswordParameterDefinition",
            "RunParameterDefinition",
            "FileParameterDefinition",
            "CredentialsParameterDefinition",
            "ChoiceParameter"
        ]
    );
}
