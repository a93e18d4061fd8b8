//! The SDK's example that tries all hooks and calls: none of its rows may fail here.

#[path = "support/archive.rs"]
mod archive;
mod support;

use mattermost_devhost::DevHost;
use serde_json::{Value, json};
use tempfile::TempDir;

const MANIFEST: &str = include_str!("../../mattermost-plugin/examples/conformance/plugin.json");

/// The example's manifest, with an executable for whatever this is running on.
fn manifest() -> String {
    let mut manifest: Value = serde_json::from_str(MANIFEST).expect("a manifest");
    manifest["server"] = json!({"executable": "server/dist/plugin"});
    manifest.to_string()
}

#[tokio::test]
async fn every_row_of_the_table_passes() {
    let directory = TempDir::new().expect("a directory");
    let program = std::fs::read(env!("CARGO_BIN_EXE_devhost-conformance-plugin"))
        .expect("the executable can be read");
    let bundle = archive::bundle_of(
        directory.path(),
        "com.mattermost.conformance",
        &manifest(),
        &program,
    );
    let host = DevHost::builder()
        .plugin_bundle(bundle)
        .start()
        .await
        .expect("the plugin is activated");
    let outcome = host
        .user("admin")
        .run_command("builds", "/conformance")
        .await
        .expect("an answer");
    let table = outcome.text();
    let verdicts = |word: &str| {
        let rows = table.lines().filter(|line| line.contains(word));
        rows.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(verdicts("| fail |"), Vec::<String>::new());
    let passed = verdicts("| pass |").len();
    assert!(passed > 150, "{passed} rows pass\n{table}");
    host.stop().await;
}
