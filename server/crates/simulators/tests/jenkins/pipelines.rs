//! Stages and questions of pipelines.

use std::time::Duration;

use serde_json::Value;
use simulators::jenkins::{BuildResult, BuildScript, InputStep, Job, Parameter, Stage};

use crate::client::{Talk, header, world};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn statuses(run: &Value) -> Vec<(&str, &str)> {
    let stages = run["stages"].as_array().unwrap();
    stages
        .iter()
        .map(|stage| {
            (
                stage["name"].as_str().unwrap(),
                stage["status"].as_str().unwrap(),
            )
        })
        .collect()
}

#[tokio::test]
async fn stages_advance_with_time_and_stop_at_a_failure() {
    let script = BuildScript::success()
        .stage(Stage::new("Build", seconds(10)))
        .stage(Stage::new("Test", seconds(5)).failing("2 tests failed"))
        .stage(Stage::new("Deploy", seconds(5)));
    let talk = Talk::start(
        world()
            .context_path("/ci")
            .item(Job::pipeline("p").script(script)),
    )
    .await;
    talk.post("/job/p/build").await;
    talk.jenkins.advance(seconds(12));
    let run = talk.json("/job/p/1/wfapi/describe").await;
    assert_eq!(run["name"], "#1");
    assert_eq!(run["status"], "IN_PROGRESS");
    assert_eq!(
        statuses(&run),
        [("Build", "SUCCESS"), ("Test", "IN_PROGRESS")]
    );
    assert_eq!(run["stages"][0]["durationMillis"], 10_000);
    assert_eq!(run["stages"][1]["durationMillis"], 2_000);
    assert_eq!(run["_links"]["self"]["href"], "/ci/job/p/1/wfapi/describe");

    talk.jenkins.advance(seconds(60));
    let run = talk.json("/job/p/1/wfapi/describe").await;
    assert_eq!(run["status"], "FAILED");
    assert_eq!(statuses(&run), [("Build", "SUCCESS"), ("Test", "FAILED")]);
    assert_eq!(run["durationMillis"], 15_000);
    assert_eq!(
        talk.jenkins.build_result("p", 1),
        Some(BuildResult::Failure)
    );

    let id = run["stages"][1]["id"].as_str().unwrap();
    let node = talk
        .json(&format!("/job/p/1/execution/node/{id}/wfapi/describe"))
        .await;
    assert_eq!(
        node["stageFlowNodes"][0]["error"]["message"],
        "2 tests failed"
    );
    let step = node["stageFlowNodes"][0]["id"].as_str().unwrap();
    let log = talk
        .json(&format!("/job/p/1/execution/node/{step}/wfapi/log"))
        .await;
    assert_eq!(log["nodeStatus"], "FAILED");
    assert_eq!(log["hasMore"], false);
    assert!(log["text"].as_str().unwrap().contains("Finished: FAILURE"));
}

#[tokio::test]
async fn a_freestyle_build_has_no_stages() {
    let talk =
        Talk::start(world().item(Job::freestyle("x").past_build(BuildScript::success()))).await;
    assert_eq!(talk.get("/job/x/1/wfapi/describe").await.status(), 404);
}

#[tokio::test]
async fn a_question_pauses_the_build_until_it_is_answered() {
    let question = InputStep::new("ship", "Ship it?").proceed_text("Ship");
    let script = BuildScript::success()
        .stage(Stage::new("Build", seconds(5)))
        .stage(Stage::new("Ship", seconds(5)).input(question));
    let talk = Talk::start(world().item(Job::pipeline("p").script(script))).await;
    talk.post("/job/p/build").await;
    assert_eq!(
        talk.json("/job/p/1/wfapi/pendingInputActions").await,
        serde_json::json!([])
    );
    talk.jenkins.advance(seconds(100));
    let run = talk.json("/job/p/1/wfapi/describe").await;
    assert_eq!(run["status"], "PAUSED_PENDING_INPUT");
    assert_eq!(run["pauseDurationMillis"], 95_000);
    let action = talk.json("/job/p/1/wfapi/pendingInputActions").await[0].clone();
    assert_eq!(
        action["id"], "Ship",
        "the first letter of an id is capitalised"
    );
    assert_eq!(action["message"], "Ship it?");
    assert_eq!(action["proceedText"], "Ship");
    assert_eq!(action["proceedUrl"], "/job/p/1/input/Ship/proceedEmpty");

    assert_eq!(
        talk.post(action["proceedUrl"].as_str().unwrap())
            .await
            .status(),
        200
    );
    let again = talk.post("/job/p/1/input/Ship/proceedEmpty").await;
    assert_eq!(again.status(), 400);
    assert_eq!(
        header(&again, "x-error"),
        "This input has been already given"
    );
    assert_eq!(
        talk.post("/job/p/1/input/Nope/proceedEmpty").await.status(),
        404
    );
    talk.jenkins.advance(seconds(4));
    let run = talk.json("/job/p/1/wfapi/describe").await;
    assert_eq!(run["status"], "IN_PROGRESS", "the stage takes its own time");
    assert_eq!(run["pauseDurationMillis"], 95_000);
    talk.jenkins.advance(seconds(1));
    assert_eq!(
        talk.jenkins.build_result("p", 1),
        Some(BuildResult::Success)
    );
    assert!(
        talk.text("/job/p/1/consoleText")
            .await
            .contains("Approved by Alice Liddell\n")
    );
}

#[tokio::test]
async fn a_question_with_values_takes_a_form() {
    let question = InputStep::new("v", "Which?")
        .parameter(Parameter::choice("WHERE", ["a", "b"]))
        .parameter(Parameter::password("P", "leaks"));
    let script = BuildScript::success().stage(Stage::new("S", seconds(5)).input(question));
    let talk = Talk::start(world().item(Job::pipeline("p").script(script))).await;
    talk.post("/job/p/build").await;
    let action = talk.json("/job/p/1/wfapi/nextPendingInputAction").await;
    assert_eq!(action["inputs"][0]["type"], "ChoiceParameterDefinition");
    assert_eq!(
        action["inputs"][0]["definition"]["choices"],
        serde_json::json!(["a", "b"])
    );
    assert_eq!(
        action["inputs"][1]["definition"]["defaultVal"], "leaks",
        "InputParameterDefExt shows it in clear"
    );
    let form = [("json", r#"{"parameter":[{"name":"WHERE","value":"b"}]}"#)];
    assert_eq!(
        talk.post_form(action["proceedUrl"].as_str().unwrap(), &form)
            .await
            .status(),
        200
    );
    assert_eq!(
        talk.jenkins.input_values("p", 1),
        [("WHERE".to_owned(), "b".to_owned())]
    );
}

#[tokio::test]
async fn a_question_can_be_refused_and_has_a_submitter() {
    let question = InputStep::new("go", "Go?").submitter("carol,admin");
    let script = BuildScript::success().stage(Stage::new("S", seconds(5)).input(question));
    let talk = Talk::start(world().item(Job::pipeline("p").script(script))).await;
    talk.post("/job/p/build").await;
    let refused = talk.post("/job/p/1/input/Go/proceedEmpty").await;
    assert_eq!(refused.status(), 400);
    assert_eq!(
        header(&refused, "x-error"),
        "You need to be carol,admin to submit this."
    );
    let talk = talk.log_in("bob", "bob-token");
    let refused = talk.post("/job/p/1/input/Go/abort").await;
    assert_eq!(
        header(&refused, "x-error"),
        "You need to be 'carol,admin' (or have Job/Cancel permissions) to cancel this."
    );
    let talk = talk.log_in("alice", "alice-token");
    assert_eq!(
        talk.post("/job/p/1/input/Go/abort").await.status(),
        200,
        "who may cancel the build may refuse"
    );
    assert_eq!(
        talk.jenkins.build_result("p", 1),
        Some(BuildResult::Aborted)
    );
    assert_eq!(
        talk.json("/job/p/1/wfapi/describe").await["stages"][0]["status"],
        "ABORTED"
    );
}

#[tokio::test]
async fn values_are_checked_and_a_password_may_keep_its_default() {
    let question = InputStep::new("v", "Which?")
        .parameter(Parameter::choice("WHERE", ["a", "b"]))
        .parameter(Parameter::password("P", "leaks"));
    let script = BuildScript::success().stage(Stage::new("S", seconds(5)).input(question));
    let talk = Talk::start(world().item(Job::pipeline("p").script(script))).await;
    talk.post("/job/p/build").await;
    let path = "/job/p/1/wfapi/inputSubmit?inputId=V";
    for wrong in [
        r#"{"parameter":[{"name":"WHERE","value":"c"}]}"#,
        r#"{"parameter":[{"name":"NOPE","value":"c"}]}"#,
    ] {
        assert_eq!(talk.post_form(path, &[("json", wrong)]).await.status(), 500);
    }
    let form = r#"{"parameter":[{"name":"WHERE","value":"a"},{"name":"P","value":"<DEFAULT>"}]}"#;
    assert_eq!(talk.post_form(path, &[("json", form)]).await.status(), 200);
    let expected = [("WHERE", "a"), ("P", "leaks")].map(|(n, v)| (n.to_owned(), v.to_owned()));
    assert_eq!(talk.jenkins.input_values("p", 1), expected);
}

#[tokio::test]
async fn a_stage_prints_through_its_steps() {
    let script = BuildScript::success()
        .stage(Stage::new("Quiet", seconds(5)))
        .stage(Stage::new("Loud", seconds(5)).log(&format!("{}<end> & more", "x".repeat(20_000))));
    let talk = Talk::start(world().item(Job::pipeline("p").script(script))).await;
    talk.post("/job/p/build").await;
    talk.jenkins.advance(seconds(60));
    let run = talk.json("/job/p/1/wfapi/describe").await;
    let id = run["stages"][1]["id"].as_str().unwrap();
    let log = async |node: &str| {
        let path = format!("/job/p/1/execution/node/{node}/wfapi/log");
        talk.json(&path).await
    };
    assert_eq!(
        log(id).await["length"],
        0,
        "the start of a stage prints nothing"
    );
    let step = log(&format!("{id}1")).await;
    assert_eq!(step["hasMore"], true);
    let text = step["text"].as_str().unwrap();
    assert!(text.ends_with("&lt;end&gt; &amp; more"), "{text}");
}

#[tokio::test]
async fn a_rebuild_takes_the_same_parameters() {
    let job = Job::pipeline("p").parameter(Parameter::string("V", "1"));
    let talk = Talk::start(world().item(job)).await;
    talk.post("/job/p/buildWithParameters?V=7").await;
    let response = talk.post("/job/p/1/replay/rebuild").await;
    assert_eq!(response.status(), 302);
    assert_eq!(
        header(&response, "location"),
        format!("{}/job/p/", talk.jenkins.url())
    );
    assert_eq!(talk.jenkins.build_parameters("p", 2)[0].value(), "7");
    talk.post("/job/p/disable").await;
    assert_eq!(talk.post("/job/p/1/replay/rebuild").await.status(), 409);
}
