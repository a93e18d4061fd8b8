//! The world of `make run`.

use std::time::Duration;

use super::{
    Artifact, BuildResult, BuildScript, Cause, Change, Folder, InputStep, JenkinsConfig, Job,
    LogText, Multibranch, Node, Parameter, Plugin, Stage, TestCase, TestReport, TestStatus, User,
};

impl JenkinsConfig {
    /// A small software factory: something of every kind that a user of the plugin meets.
    ///
    /// Users (all with an API token): `alice`/`alice-token` may build, `admin`/`admin-token` may do everything,
    /// `bob`/`bob-token` may only look.
    pub fn demo() -> Self {
        Self::new()
            .user(
                User::developer("alice")
                    .full_name("Alice Liddell")
                    .email("alice@example.com")
                    .token("alice-token")
                    .password("alice-password"),
            )
            .user(
                User::administrator("admin")
                    .full_name("Administrator")
                    .token("admin-token")
                    .password("admin-password"),
            )
            .user(
                User::reader("bob")
                    .full_name("Bob Reader")
                    .email("bob@example.com")
                    .token("bob-token"),
            )
            .item(Folder::new("articles").item(articles()))
            .item(
                Job::freestyle("hello-world")
                    .script(hello_world())
                    .past_build(hello_world()),
            )
            .item(deploy())
            .item(flaky())
            .item(super::demo_jobs::release())
            .item(super::demo_jobs::every_parameter())
            .item(
                Job::freestyle("nightly build")
                    .script(nightly())
                    .past_build(nightly().cause(Cause::Timer)),
            )
            .item(
                Job::freestyle("сборка")
                    .description("Имя не из ASCII")
                    .script(hello_world()),
            )
            .item(
                Job::freestyle("legacy")
                    .description("Replaced by deploy")
                    .disabled(),
            )
            .plugin(Plugin::new(
                "workflow-aggregator",
                "Pipeline",
                "608.v67378e9d3db_1",
            ))
            .plugin(Plugin::new("git", "Git plugin", "5.8.0").with_update())
            .plugin(Plugin::new("cvs", "Jenkins CVS Plug-in", "2.19.1").disabled())
            .node(Node::new("linux-1").executors(4))
            .node(Node::new("windows-1").taken_offline("Disk is being replaced"))
    }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn articles() -> Multibranch {
    let build = BuildScript::success()
        .queue_time(seconds(3))
        .stage(Stage::new("Checkout", seconds(3)))
        .stage(Stage::new("Build", seconds(8)))
        .stage(Stage::new("Test", seconds(6)))
        .log(LogText::lines([
            "[Pipeline] { (Checkout)",
            " > git fetch --no-tags --force --progress",
            "[Pipeline] { (Build)",
            "+ cargo build --release",
            "   Compiling std_lib_http_client v0.4.0",
            "    Finished `release` profile [optimized] target(s) in 7.81s",
            "[Pipeline] { (Test)",
            "+ cargo test --release",
            "test result: ok. 3 passed; 0 failed; 0 ignored",
        ]))
        .test_report(
            TestReport::new().suite(
                "std_lib_http_client",
                ["parses_status_line", "follows_redirects", "times_out"]
                    .map(|name| TestCase::new("http_client", name, TestStatus::Passed)),
            ),
        )
        .artifact(Artifact::new(
            "target/release/http-client.sha256",
            "0f343b0931126a20f133d67c2b018a3b  http-client\n",
        ))
        .change(
            Change::new(
                "4f1c2d9",
                "Alice Liddell",
                "alice@example.com",
                "Read the status line",
            )
            .path("src/lib.rs"),
        );
    Multibranch::new("0004_std_lib_http_client")
        .branch_job(
            Job::branch("main")
                .script(build.clone())
                .past_build(build.clone()),
        )
        .branch_job(Job::branch("feature/login").script(build.clone()))
        .branch_job(Job::branch("fix 100%").script(build))
}

fn hello_world() -> BuildScript {
    BuildScript::success()
        .queue_time(seconds(2))
        .duration(seconds(8))
        .log(LogText::lines([
            "[hello-world] $ /bin/sh -xe /tmp/jenkins1.sh",
            "+ echo Hello, world",
            "Hello, world",
        ]))
}

fn nightly() -> BuildScript {
    BuildScript::success()
        .duration(seconds(30))
        .log(LogText::of_size(256 * 1024))
        .artifact(Artifact::new(
            "dist/nightly build.txt",
            "built in the night\n",
        ))
}

fn deploy() -> Job {
    let approval = InputStep::new("approve", "Deploy to production?").proceed_text("Deploy");
    let script = BuildScript::success()
        .stage(Stage::new("Prepare", seconds(4)))
        .stage(Stage::new("Deploy", seconds(6)).input(approval))
        .stage(Stage::new("Verify", seconds(4)))
        .log(LogText::lines([
            "[Pipeline] { (Prepare)",
            "[Pipeline] { (Deploy)",
            "deployed",
            "[Pipeline] { (Verify)",
            "healthy",
        ]));
    Job::pipeline("deploy")
        .description("Rolls a version out")
        .parameter(Parameter::choice("TARGET", ["staging", "production"]).description("Where to"))
        .parameter(Parameter::boolean("DRY_RUN", true).description("Only say what would be done"))
        .parameter(Parameter::string("VERSION", "1.0.0").description("What to deploy"))
        .parameter(Parameter::password("SECRET", "").description("The vault's password"))
        .parameter(Parameter::text("NOTES", "").description("For the release notes"))
        .script(script)
}

fn flaky() -> Job {
    let failure = BuildScript::failure()
        .duration(seconds(12))
        .log(LogText::lines([
            "+ cargo test",
            "test clock::ticks ... ok",
            "test network::reconnects ... FAILED",
            "thread 'network::reconnects' panicked at src/network.rs:42:",
            "assertion `left == right` failed: left: 2, right: 3",
            "test result: FAILED. 1 passed; 1 failed",
            "Build step 'Execute shell' marked build as failure",
        ]))
        .test_report(
            TestReport::new().suite(
                "flaky",
                [
                    TestCase::new("clock", "ticks", TestStatus::Passed),
                    TestCase::new("network", "reconnects", TestStatus::Regression)
                        .error("assertion failed: left: 2, right: 3"),
                ],
            ),
        )
        .change(
            Change::new("9b1deb4", "Bob Reader", "bob@example.com", "Retry twice")
                .path("src/network.rs"),
        )
        .culprit("Bob Reader");
    Job::freestyle("flaky")
        .script(failure.clone())
        .past_build(BuildScript::new(BuildResult::Success))
        .past_build(failure)
}
