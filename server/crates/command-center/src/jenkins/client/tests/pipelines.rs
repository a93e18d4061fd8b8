use simulators::jenkins::{
    Fault, InputStep, Parameter as SimulatedParameter, Stage as SimulatedStage,
};

use super::*;
use crate::jenkins::error::ErrorKind;
use crate::jenkins::model::StageStatus;
use crate::jenkins::parameters::{ParameterKind, ParameterValue};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A Jenkins with a pipeline `p` whose first build is this far.
async fn running(script: BuildScript, for_seconds: u64) -> JenkinsSimulator {
    let jenkins = start(world().item(SimulatedJob::pipeline("p").script(script))).await;
    let client = alice(&jenkins);
    let p = job(&client, "p").await.unwrap();
    client.trigger(&p, &[]).await.unwrap();
    jenkins.wait_for_build("p", 1).await;
    jenkins.advance(seconds(for_seconds));
    jenkins
}

fn asking(question: InputStep) -> BuildScript {
    BuildScript::success().stage(SimulatedStage::new("Ship", seconds(5)).input(question))
}

fn question() -> InputStep {
    InputStep::new("ship it", "Ship <b>it</b> @all?")
        .proceed_text("Ship")
        .parameter(SimulatedParameter::choice("WHERE", ["a", "b"]))
        .parameter(SimulatedParameter::boolean("DRY", true))
        .parameter(SimulatedParameter::password("TOKEN", "hunter2"))
}

#[tokio::test]
async fn a_stage_tells_why_it_failed() {
    let script = BuildScript::success()
        .stage(SimulatedStage::new("Build", seconds(5)).log("compiled"))
        .stage(
            SimulatedStage::new("Test", seconds(5))
                .failing("script returned exit code 1")
                .log("\u{1b}[31m<T> & U failed\u{1b}[0m\nlast line\n"),
        );
    let jenkins = running(script, 60).await;
    let client = alice(&jenkins);
    let stages = client.stages(&path("p"), 1).await.unwrap().unwrap();
    assert_eq!(stages[1].status, StageStatus::Failed);
    let log = client
        .stage_log(&path("p"), 1, &stages[1].id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(log.text, "<T> & U failed\nlast line");
    assert_eq!(log.error.as_deref(), Some("script returned exit code 1"));
    assert_eq!((log.stage.as_str(), log.cut), ("Test", false));
    assert_eq!(log.steps, ["Shell Script"]);
    let first = client
        .stage_log(&path("p"), 1, &stages[0].id)
        .await
        .unwrap();
    assert_eq!(first.unwrap().text, "compiled");
    assert_eq!(client.stage_log(&path("p"), 1, "999").await, Ok(None));
    assert_eq!(client.stage_log(&path("hello"), 1, "6").await, Ok(None));
}

#[tokio::test]
async fn only_the_end_of_a_long_stage_is_told() {
    let text: String = (0..5000).map(|line| format!("line {line} <&>\n")).collect();
    let script = BuildScript::success().stage(SimulatedStage::new("Long", seconds(5)).log(&text));
    let jenkins = running(script, 60).await;
    let client = alice(&jenkins);
    let id = client
        .stages(&path("p"), 1)
        .await
        .unwrap()
        .unwrap()
        .remove(0)
        .id;
    let log = client.stage_log(&path("p"), 1, &id).await.unwrap().unwrap();
    assert!(log.cut && log.text.len() <= 10 << 10, "{}", log.text.len());
    assert!(log.text.ends_with("line 4999 <&>"), "{}", log.text);
}

#[tokio::test]
async fn a_question_is_read_without_its_secret() {
    let jenkins = running(asking(question()), 0).await;
    let client = alice(&jenkins);
    let inputs = client.pending_inputs(&path("p"), 1).await.unwrap();
    let [input] = &inputs[..] else {
        panic!("{inputs:?}")
    };
    assert_eq!(
        (
            input.id.as_str(),
            input.message.as_str(),
            input.proceed_text.as_str()
        ),
        ("Ship it", "Ship <b>it</b> @all?", "Ship")
    );
    assert_eq!(
        input.parameters[0].kind,
        ParameterKind::Choice(vec!["a".into(), "b".into()])
    );
    assert_eq!(input.parameters[1].default.as_deref(), Some("true"));
    assert!(!format!("{inputs:?}").contains("hunter2"));
    assert_eq!(client.pending_inputs(&path("hello"), 1).await, Ok(vec![]));
}

#[tokio::test]
async fn what_is_not_given_takes_its_default() {
    let jenkins = running(asking(question()), 0).await;
    let client = alice(&jenkins);
    let input = client
        .pending_inputs(&path("p"), 1)
        .await
        .unwrap()
        .remove(0);
    let given = ParameterValue {
        name: "WHERE".into(),
        value: "b".into(),
        is_secret: false,
    };
    let proceed = InputAnswer::Proceed(vec![given]);
    assert_eq!(
        client.answer_input(&path("p"), 1, &input, &proceed).await,
        Ok(InputOutcome::Settled)
    );
    let expected = [("WHERE", "b"), ("DRY", "true"), ("TOKEN", "hunter2")];
    let expected = expected.map(|(n, v)| (n.to_owned(), v.to_owned()));
    assert_eq!(jenkins.input_values("p", 1), expected);
    assert_eq!(
        client.answer_input(&path("p"), 1, &input, &proceed).await,
        Ok(InputOutcome::AlreadySettled)
    );
    assert_eq!(
        client
            .answer_input(&path("p"), 1, &input, &InputAnswer::Abort)
            .await,
        Ok(InputOutcome::AlreadySettled)
    );
    assert_eq!(
        jenkins.is_running("p", 1),
        Some(true),
        "the second answer did nothing"
    );
}

#[tokio::test]
async fn a_question_is_refused() {
    let jenkins = running(asking(InputStep::new("go", "Go?")), 0).await;
    let client = alice(&jenkins);
    let input = client
        .pending_inputs(&path("p"), 1)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(
        client
            .answer_input(&path("p"), 1, &input, &InputAnswer::Abort)
            .await,
        Ok(InputOutcome::Settled)
    );
    let result = jenkins.wait_for_result("p", 1).await;
    assert_eq!(result, simulators::jenkins::BuildResult::Aborted);
}

#[tokio::test]
async fn somebody_else_has_to_answer() {
    let jenkins = running(
        asking(InputStep::new("go", "Go?").submitter("carol,ops")),
        0,
    )
    .await;
    let client = alice(&jenkins);
    let input = client
        .pending_inputs(&path("p"), 1)
        .await
        .unwrap()
        .remove(0);
    let proceed = InputAnswer::Proceed(Vec::new());
    let error = client
        .answer_input(&path("p"), 1, &input, &proceed)
        .await
        .unwrap_err();
    let not_submitter = |user: &str| JenkinsError::NotSubmitter {
        user: user.into(),
        submitter: "carol,ops".into(),
    };
    assert_eq!(error, not_submitter("alice"));
    assert_eq!(error.kind(), ErrorKind::Access);
    let bob = client_as(&jenkins, "bob", "bob-token");
    let error = bob
        .answer_input(&path("p"), 1, &input, &InputAnswer::Abort)
        .await;
    assert_eq!(error, Err(not_submitter("bob")));

    let jenkins = running(asking(InputStep::new("go", "Go?")), 0).await;
    let bob = client_as(&jenkins, "bob", "bob-token");
    for (given, permission) in [(proceed, "Job/Build"), (InputAnswer::Abort, "Job/Cancel")] {
        assert_eq!(
            bob.answer_input(&path("p"), 1, &input, &given).await,
            Err(JenkinsError::Forbidden {
                user: "bob".into(),
                permission: Some(permission.into())
            })
        );
    }
}

#[tokio::test]
async fn an_answered_question_has_no_page_any_more() {
    let jenkins = running(asking(InputStep::new("go", "Go?")), 0).await;
    let client = alice(&jenkins);
    let mut input = client
        .pending_inputs(&path("p"), 1)
        .await
        .unwrap()
        .remove(0);
    input.id = "Gone".into();
    let proceed = InputAnswer::Proceed(Vec::new());
    assert_eq!(
        client.answer_input(&path("p"), 1, &input, &proceed).await,
        Ok(InputOutcome::AlreadySettled)
    );
    assert!(matches!(
        client.answer_input(&path("p"), 9, &input, &proceed).await,
        Err(JenkinsError::NotFound {
            thing: Thing::Build,
            ..
        })
    ));
}

#[tokio::test]
async fn an_answer_is_sent_once() {
    let jenkins = running(asking(InputStep::new("go", "Go?")), 0).await;
    let client = alice(&jenkins);
    let input = client
        .pending_inputs(&path("p"), 1)
        .await
        .unwrap()
        .remove(0);
    jenkins.inject(Fault::lose_response().on("POST /job/p/1/input/*"));
    let error = client
        .answer_input(&path("p"), 1, &input, &InputAnswer::Proceed(Vec::new()))
        .await
        .unwrap_err();
    assert!(matches!(error, JenkinsError::Http(_)), "{error:?}");
    assert_eq!(jenkins.requests_to("POST /job/p/1/input/*").len(), 1);
    assert_eq!(client.pending_inputs(&path("p"), 1).await, Ok(vec![]));
}
