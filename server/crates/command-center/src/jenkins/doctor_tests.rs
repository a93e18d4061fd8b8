use secrecy::SecretString;
use simulators::jenkins::{Fault, JenkinsConfig, JenkinsSimulator, User};

use super::*;
use crate::config::Settings;
use crate::http_client::{ClientSetup, HttpClient, RetryRule};

fn http() -> HttpClient {
    let retry = RetryRule {
        first_pause: Duration::from_millis(1),
        ..RetryRule::default()
    };
    HttpClient::new(&ClientSetup {
        proxy: ProxyChoice::Direct,
        retry,
        ..ClientSetup::default()
    })
    .unwrap()
}

fn address(url: &str) -> JenkinsAddress {
    let root: url::Url = format!("{}/", url.trim_end_matches('/')).parse().unwrap();
    JenkinsAddress::new(root.clone(), root)
}

async fn start() -> JenkinsSimulator {
    JenkinsSimulator::start(
        JenkinsConfig::new()
            .version("2.541")
            .user(User::developer("alice").token("t")),
    )
    .await
    .unwrap()
}

fn worst(findings: &[Finding]) -> Health {
    let order = [Health::Bad, Health::Warning, Health::Note, Health::Good];
    order
        .into_iter()
        .find(|health| findings.iter().any(|finding| finding.health == *health))
        .unwrap()
}

#[tokio::test]
async fn a_jenkins_that_answers_is_well() {
    let jenkins = start().await;
    let findings = way(&probe::reach(&http(), &address(&jenkins.url())).await);
    assert!(
        findings[0].words.starts_with("Jenkins 2\\.541 answers in"),
        "{findings:?}"
    );
    assert_eq!(worst(&findings), Health::Good);
}

#[tokio::test]
async fn what_stands_in_the_way_is_named() {
    let jenkins = start().await;
    let http = http();
    for (fault, words) in [
        (Fault::login_page(), "not Jenkins"),
        (Fault::status(502), "not available"),
        (
            Fault::redirect("https://idp.example.com/login"),
            "leads on to",
        ),
        (Fault::drop_request(), "ended in the middle"),
    ] {
        let fault = jenkins.inject(fault);
        let findings = way(&probe::reach(&http, &address(&jenkins.url())).await);
        jenkins.remove_fault(fault);
        assert_eq!(worst(&findings), Health::Bad);
        assert!(findings[0].words.contains(words), "{findings:?}");
    }
    jenkins.restart();
    let findings = way(&probe::reach(&http, &address(&jenkins.url())).await);
    assert!(findings[0].words.contains("starting"), "{findings:?}");
}

#[tokio::test]
async fn a_wrong_clock_is_told() {
    let reached = Reached {
        version: "2".into(),
        took: Duration::from_millis(5),
        clocks_apart: Some(Duration::from_secs(120)),
    };
    let findings = way(&Ok(reached));
    assert_eq!(worst(&findings), Health::Warning);
    assert!(findings[1].words.contains("2 min apart"), "{findings:?}");
}

#[tokio::test]
async fn another_name_of_jenkins_and_a_shutdown_are_told() {
    let config = JenkinsConfig::new()
        .public_url("https://ci.example.com")
        .user(User::administrator("admin").token("t"));
    let jenkins = JenkinsSimulator::start(config).await.unwrap();
    let login = crate::http_client::Login {
        user: "admin".into(),
        secret: SecretString::from("t"),
    };
    let address = address(&jenkins.url());
    let client = JenkinsClient::new(http(), std::sync::Arc::new(address.clone()), login);
    let findings = server_state(&client, &address).await;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(
        findings[0].words.contains("`https://ci.example.com`"),
        "{findings:?}"
    );
    let same = JenkinsAddress::new(
        address.internal_root().clone(),
        "https://ci.example.com/".parse().unwrap(),
    );
    assert_eq!(server_state(&client, &same).await, []);
}

#[test]
fn the_settings_are_listed() {
    let mut settings = Settings::default();
    settings.jenkins_skip_tls_verify = true;
    let problems = settings.problems();
    let mut snapshot = Snapshot::default();
    (snapshot.problems, snapshot.settings) = (problems, settings);
    let findings = super::settings(&snapshot);
    let healths: Vec<Health> = findings.iter().map(|finding| finding.health).collect();
    assert_eq!(healths, [Health::Bad, Health::Bad, Health::Warning]);
}
