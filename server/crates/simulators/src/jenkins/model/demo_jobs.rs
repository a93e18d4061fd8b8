//! The larger jobs of the demo world.

use std::time::Duration;

use super::{
    Artifact, BuildScript, Change, InputStep, Job, LogText, Parameter, ParameterKind, Stage,
    TestCase, TestReport, TestStatus,
};

/// A pipeline that fails in its tests one time and asks for a decision with values the other.
pub(super) fn release() -> Job {
    let decision = InputStep::new("release", "Release this candidate?")
        .proceed_text("Release")
        .parameter(
            Parameter::choice("CHANNEL", ["beta", "stable"]).description("Who gets it first"),
        )
        .parameter(Parameter::boolean("ANNOUNCE", true).description("Tell the customers"))
        .parameter(Parameter::text("NOTES", "").description("What is new"));
    let artifact = |name: &str, bytes| Artifact::of_size(&format!("target/dist/{name}"), bytes);
    let changes = |script: BuildScript| {
        script
            .change(
                Change::new(
                    "c0ffee1d5c2a4b7e9f10a2b3c4d5e6f708192a3b",
                    "Alice Liddell",
                    "alice@example.com",
                    "Stream uploads instead of holding them in memory",
                )
                .path("src/upload.rs"),
            )
            .change(
                Change::new(
                    "9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d1a2b3c4d",
                    "Bob Reader",
                    "bob@example.com",
                    "Close the connection after an error",
                )
                .path("src/network.rs"),
            )
    };
    let good = changes(BuildScript::success())
        .queue_time(Duration::from_secs(2))
        .stage(
            Stage::new("Build", Duration::from_secs(6))
                .log("+ cargo build --release\n    Finished\n"),
        )
        .stage(
            Stage::new("Test", Duration::from_secs(5))
                .log("test result: ok. 128 passed; 0 failed\n"),
        )
        .stage(Stage::new("Release", Duration::from_secs(5)).input(decision))
        .test_report(TestReport::of_size(126, 1000).suite(
            "network",
            [
                TestCase::new("network", "reconnects", TestStatus::Fixed),
                TestCase::new("network", "times_out", TestStatus::Passed),
            ],
        ))
        .artifact(artifact("app-linux-amd64.tar.gz", 3_400_000))
        .artifact(artifact("app-linux-arm64.tar.gz", 3_200_000))
        .artifact(Artifact::new(
            "target/dist/SHA256SUMS",
            "0f343b0931126a20f133d67c2b018a3b  app-linux-amd64.tar.gz\n",
        ))
        .artifact(Artifact::new(
            "reports/coverage.txt",
            "lines: 91.4 %\nbranches: 84.0 %\n",
        ));
    let bad = changes(BuildScript::success())
        .stage(
            Stage::new("Build", Duration::from_secs(6))
                .log("+ cargo build --release\n    Finished\n"),
        )
        .stage(
            Stage::new("Test", Duration::from_secs(5))
                .failing("script returned exit code 101")
                .log(
                    "+ cargo test --release\n\
                     test upload::streams ... FAILED\n\
                     thread 'upload::streams' panicked at src/upload.rs:118:\n\
                     assertion `left == right` failed\n  left: 4096\n right: 8192\n\
                     test result: FAILED. 126 passed; 2 failed\n",
                ),
        )
        .log(LogText::lines([
            "[Pipeline] { (Build)",
            "+ cargo build --release",
            "[Pipeline] { (Test)",
            "+ cargo test --release",
            "test upload::streams ... FAILED",
            "thread 'upload::streams' panicked at src/upload.rs:118:",
            "assertion `left == right` failed",
            "  left: 4096",
            " right: 8192",
            "test result: FAILED. 126 passed; 2 failed",
            "ERROR: script returned exit code 101",
        ]))
        .test_report(
            TestReport::of_size(126, 1000).suite(
                "upload",
                [
                    TestCase::new("upload", "streams", TestStatus::Regression)
                        .error("assertion `left == right` failed: left: 4096, right: 8192"),
                    TestCase::new("network", "reconnects", TestStatus::Failed)
                        .age(3)
                        .error("connection refused after 3 attempts"),
                ],
            ),
        )
        .culprit("Alice Liddell")
        .culprit("Bob Reader");
    Job::pipeline("release")
        .description("Builds, tests and releases a candidate")
        .script(good)
        .past_build(bad)
}

/// A job with a parameter of every kind.
pub(super) fn every_parameter() -> Job {
    let environments = ["dev", "qa", "staging", "production"];
    Job::pipeline("every parameter")
        .description("One parameter of every kind")
        .parameter(Parameter::string("VERSION", "1.0.0").description("What to build"))
        .parameter(Parameter::text("NOTES", "First line\nsecond line").description("For people"))
        .parameter(Parameter::boolean("CLEAN", false).description("Begin in an empty workspace"))
        .parameter(Parameter::choice("ENVIRONMENT", environments).description("Where to"))
        .parameter(Parameter::password("TOKEN", "").description("The deployment's token"))
        .parameter(
            Parameter::new(
                "CANDIDATE",
                ParameterKind::Run {
                    project: "hello-world".to_owned(),
                },
            )
            .description("Which build to promote"),
        )
        .parameter(Parameter::new("CONFIG", ParameterKind::File).description("Settings to use"))
        .parameter(
            Parameter::new("CREDENTIALS", ParameterKind::Credentials)
                .default_value("deploy-key")
                .description("The id of stored credentials"),
        )
        .parameter(
            Parameter::new(
                "REGION",
                ParameterKind::Other {
                    class: "org.biouno.unochoice.ChoiceParameter".to_owned(),
                },
            )
            .description("Computed by a script"),
        )
        .script(
            BuildScript::success()
                .stage(Stage::new("Build", Duration::from_secs(5)))
                .log(LogText::lines(["[Pipeline] { (Build)", "built"])),
        )
}
