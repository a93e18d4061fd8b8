//! The client against a simulated Jenkins over real HTTP.

mod builds;
mod details;
mod faults;
mod jobs;
mod logs;
mod pipelines;
mod resolve;
mod server;
mod tests_and_artifacts;
mod trigger;
mod user;

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use simulators::jenkins::{
    BuildScript, Folder, JenkinsConfig, JenkinsSimulator, Job as SimulatedJob, Multibranch,
    OrganizationFolder, Parameter, User,
};

use super::*;
use crate::config::ProxyChoice;
use crate::http_client::{ClientSetup, RetryRule};
use crate::jenkins::{JobPath, JobReference};

fn setup() -> ClientSetup {
    ClientSetup {
        proxy: ProxyChoice::Direct,
        request_timeout: Duration::from_secs(20),
        retry: RetryRule {
            first_pause: Duration::from_millis(1),
            ..RetryRule::default()
        },
        ..ClientSetup::default()
    }
}

/// Everything that a test may want to name.
fn world() -> JenkinsConfig {
    JenkinsConfig::new()
        .frozen()
        .user(
            User::developer("alice")
                .token("alice-token")
                .password("alice-password"),
        )
        .user(User::reader("bob").token("bob-token"))
        .item(
            SimulatedJob::freestyle("hello")
                .script(BuildScript::success().duration(Duration::from_secs(10))),
        )
        .item(SimulatedJob::freestyle("off").disabled())
        .item(SimulatedJob::freestyle("refused").refuses_builds())
        .item(SimulatedJob::freestyle("100% ключ #1"))
        .item(
            SimulatedJob::pipeline("deploy")
                .parameter(Parameter::choice("TARGET", ["staging", "production"]))
                .parameter(Parameter::string("VERSION", "1.0"))
                .parameter(Parameter::password("SECRET", "hunter2")),
        )
        .item(
            Folder::new("articles")
                .item(SimulatedJob::freestyle("my job").display_name("Shown/As"))
                .item(
                    Multibranch::new("repo")
                        .branch("main")
                        .branch("feature/foo")
                        .branch("fix 100%"),
                )
                .item(Folder::new("empty")),
        )
        .item(OrganizationFolder::new("org").repository(Multibranch::new("lib").branch("main")))
}

async fn start(config: JenkinsConfig) -> JenkinsSimulator {
    JenkinsSimulator::start(config).await.expect("a free port")
}

fn client_as(jenkins: &JenkinsSimulator, user: &str, secret: &str) -> JenkinsClient {
    client_at(&jenkins.url(), &jenkins.url(), user, secret)
}

fn client_at(internal: &str, public: &str, user: &str, secret: &str) -> JenkinsClient {
    let root = |url: &str| {
        format!("{}/", url.trim_end_matches('/'))
            .parse()
            .expect("an address")
    };
    let address = Arc::new(JenkinsAddress::new(root(internal), root(public)));
    let login = Login {
        user: user.to_owned(),
        secret: SecretString::from(secret),
    };
    JenkinsClient::new(HttpClient::new(&setup()).expect("a client"), address, login)
}

fn alice(jenkins: &JenkinsSimulator) -> JenkinsClient {
    client_as(jenkins, "alice", "alice-token")
}

async fn job(client: &JenkinsClient, typed: &str) -> Result<Job, JenkinsError> {
    client
        .resolve(&JobReference::parse(typed, client.address())?)
        .await
}

fn path(full_name: &str) -> JobPath {
    JobPath::new(full_name.split('/').map(str::to_owned).collect()).expect("a path")
}
