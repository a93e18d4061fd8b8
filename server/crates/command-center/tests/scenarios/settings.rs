//! The plugin without settings, with bad ones, and with those of its predecessor.

use mattermost_devhost::DevHost;
use serde_json::{Value, json};
use simulators::jenkins::{JenkinsSimulator, Job};

use command_center::plugin::CommandCenter;

use crate::harness::{ALICE_TOKEN, KEY, MANIFEST, jenkins, jenkins_with};

async fn start(settings: &[(&str, Value)]) -> DevHost {
    let builder = DevHost::builder().manifest_json(MANIFEST);
    let builder = settings.iter().fold(builder, |builder, (key, value)| {
        builder.setting(key, value.clone())
    });
    builder
        .plugin_in_process(<CommandCenter as mattermost_plugin::Plugin>::new)
        .start()
        .await
        .expect("it is activated whatever is set")
}

async fn say(host: &DevHost, command: &str) -> String {
    host.user("alice")
        .run_command("builds", command)
        .await
        .unwrap_or_else(|error| panic!("{command}: {error}"))
        .text()
}

const COMMANDS: &[&str] = &[
    "/jenkins connect",
    "/jenkins connect alice token",
    "/jenkins me",
    "/jenkins build hello",
    "/jenkins get-log hello",
];

#[tokio::test]
async fn without_settings_every_command_says_what_to_set() {
    let host = start(&[]).await;
    for command in COMMANDS.iter().chain(&["/jenkins doctor"]) {
        let said = say(&host, command).await;
        assert!(said.contains("`JenkinsURL`"), "{command}: {said}");
        assert!(said.contains("`EncryptionKey`"), "{command}: {said}");
        assert!(said.contains("System Console"), "{command}: {said}");
    }
    assert!(host.dialogs().is_empty(), "no dialog that cannot work");
    let disconnected = say(&host, "/jenkins disconnect").await;
    assert!(disconnected.contains("not connected"), "{disconnected}");
    let help = say(&host, "/jenkins help").await;
    // Nothing in it is Slack's for a link.
    for usage in [
        "/jenkins build [job]",
        "/jenkins default [show|set|clear]",
        "/jenkins subscribe <job>",
    ] {
        assert!(help.contains(usage), "{usage}: {help}");
    }
    host.assert_no_violations();
}

#[tokio::test]
async fn bad_settings_never_stop_it() {
    let bad: &[&[(&str, Value)]] = &[
        &[("JenkinsURL", json!("not an address"))],
        &[("JenkinsURL", json!(["a", 1]))],
        &[
            ("JenkinsURL", json!("ftp://x")),
            ("EncryptionKey", json!("short")),
        ],
        &[
            ("JenkinsURL", json!("http://user:marker-password@x/")),
            ("EncryptionKey", json!(7)),
        ],
        &[
            ("JenkinsURL", json!("http://x/")),
            ("EncryptionKey", json!(KEY)),
            ("JenkinsCABundle", json!("no certificate")),
        ],
        &[
            ("JenkinsURL", json!("http://x/")),
            ("EncryptionKey", json!(KEY)),
            ("JenkinsProxyURL", json!("::")),
        ],
        &[
            ("JenkinsURL", json!("http://x/")),
            ("EncryptionKey", json!(KEY)),
            ("JenkinsRequestTimeout", json!("soon")),
        ],
        &[
            ("JenkinsURL", json!("http://x/")),
            ("EncryptionKey", json!(KEY)),
            ("JenkinsSkipTLSVerify", json!({"a": null})),
        ],
    ];
    for settings in bad {
        let host = start(settings).await;
        let setting = settings.last().expect("a setting").0;
        let said = say(&host, "/jenkins doctor").await;
        assert!(said.contains(setting), "{settings:?}: {said}");
        host.assert_no_secret("marker-password");
        assert!(!say(&host, "/jenkins me").await.is_empty());
    }
}

#[tokio::test]
async fn settings_take_effect_without_a_restart() {
    let jenkins = JenkinsSimulator::start(jenkins_with(Job::freestyle("hello")))
        .await
        .unwrap();
    let host = start(&[("JenkinsURL", json!("nonsense"))]).await;
    assert!(say(&host, "/jenkins me").await.contains("`JenkinsURL`"));
    // The System Console saves keys in lower case.
    for (key, value) in [
        ("jenkinsurl", jenkins.url()),
        ("encryptionkey", KEY.to_owned()),
        ("jenkinsproxyurl", "direct".to_owned()),
    ] {
        host.set_setting(key, value).await;
    }
    let said = say(&host, &format!("/jenkins connect alice {ALICE_TOKEN}")).await;
    assert!(said.contains("successfully connected"), "{said}");
    let page = format!("{}/job/hello", jenkins.url());
    host.set_setting("jenkinsurl", page).await;
    let said = say(&host, "/jenkins doctor").await;
    assert!(said.contains("a page below Jenkins"), "{said}");
    host.set_setting("jenkinsurl", "").await;
    assert!(
        say(&host, "/jenkins build hello")
            .await
            .contains("`JenkinsURL`")
    );
}

#[tokio::test]
async fn settings_of_the_predecessor_are_adopted() {
    let jenkins = JenkinsSimulator::start(jenkins()).await.unwrap();
    let theirs =
        json!({"jenkinsurl": jenkins.url(), "encryptionkey": "0123456789abcdef0123456789abcdef"});
    let host = DevHost::builder()
        .manifest_json(MANIFEST)
        .config("PluginSettings.Plugins", json!({"jenkins": theirs}))
        .setting("JenkinsProxyURL", "direct")
        .plugin_in_process(<CommandCenter as mattermost_plugin::Plugin>::new)
        .start()
        .await
        .unwrap();
    let said = say(&host, &format!("/jenkins connect alice {ALICE_TOKEN}")).await;
    assert!(said.contains("successfully connected"), "{said}");
    let doctor = say(&host, "/jenkins doctor").await;
    assert!(
        doctor.contains("PluginSettings.Plugins.jenkins"),
        "{doctor}"
    );
    host.assert_no_secret("0123456789abcdef0123456789abcdef");
}
