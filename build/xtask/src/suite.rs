//! What `make test` runs: everything that needs no outside server.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::bundle::{self, Packing};
use crate::go;
use crate::output::line;
use crate::process::{command, run_logged};
use crate::workspace;

#[derive(Args)]
pub(crate) struct TestArguments {
    /// Only these parts: rust, conformance, e2e.
    #[arg(long, value_delimiter = ',', default_values = ["rust", "conformance", "e2e"])]
    only: Vec<String>,
}

/// Passed, failed and skipped tests.
#[derive(Default)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

/// Test programs that run a plugin on devhost. They run once more, with the server speaking gRPC:
/// neither they nor the plugins may know which wire lies between them.
const ON_A_HOST: &[&str] = &[
    "bundles",
    "conformance",
    "lifecycle",
    "page",
    "playground",
    "rules",
    "scenarios",
];

/// Runs the parts one after another and prints what was counted.
pub(crate) fn run(arguments: &TestArguments) -> Result<()> {
    let mut counts = Counts::default();
    let wants = |part: &str| arguments.only.iter().any(|only| only == part);
    if wants("rust") {
        rust(&mut counts)?;
    }
    if wants("conformance") {
        conformance(&mut counts)?;
    }
    if wants("e2e") {
        browser(&mut counts)?;
    }
    line(format!(
        "{} passed, {} failed, {} skipped",
        counts.passed, counts.failed, counts.skipped
    ));
    if counts.failed > 0 || counts.passed == 0 {
        bail!("tests failed");
    }
    Ok(())
}

fn rust(counts: &mut Counts) -> Result<()> {
    let reencoded = reencoded_fixtures();
    std::fs::create_dir_all(&reencoded)?;
    let mut tests = command("cargo", &["test", "--workspace", "--locked"]);
    let output = run_logged("test-rust", tests.env("REENCODED_FIXTURES", reencoded))?;
    count(counts, &output);
    let mut again = vec!["test", "--workspace", "--locked"];
    again.extend(ON_A_HOST.iter().flat_map(|name| ["--test", name]));
    let mut again = command("cargo", &again);
    let output = run_logged("test-rust-grpc", again.env("HOST_PROTOCOL", "grpc"))?;
    count(counts, &output);
    let mut check = go::command(&["run", "./cmd/check-fixtures", "-partial"])?;
    run_logged("check-fixtures", check.arg(reencoded_fixtures()))?;
    Ok(())
}

/// Adds what `cargo test` says of each of its programs.
fn count(counts: &mut Counts, output: &str) {
    for summary in output
        .lines()
        .filter_map(|text| text.trim().strip_prefix("test result:"))
    {
        counts.passed += number_before(summary, " passed");
        counts.failed += number_before(summary, " failed");
        counts.skipped += number_before(summary, " ignored");
    }
}

/// Where the Rust tests leave what they encoded, for Go to judge.
fn reencoded_fixtures() -> PathBuf {
    workspace::target().join("reencoded-fixtures")
}

/// The number that stands before `word`.
fn number_before(text: &str, word: &str) -> u64 {
    text.split(word)
        .next()
        .and_then(|before| before.rsplit(|c: char| !c.is_ascii_digit()).next())
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

/// Mattermost's own plugin host loads the bundles that people would install.
fn conformance(counts: &mut Counts) -> Result<()> {
    let (product, _) = bundle::build(None, "release", true, Packing::Quick)?;
    let (hello, _) = bundle::build(Some("hello"), "release", true, Packing::Quick)?;
    let (examples, _) = bundle::build(Some("conformance"), "release", true, Packing::Quick)?;
    let mut go = go::command(&["test", "-count=1", "-json", "./..."])?;
    go.env("PLUGIN_BUNDLE_PRODUCT", product)
        .env("PLUGIN_BUNDLE_HELLO", hello)
        .env("PLUGIN_BUNDLE_CONFORMANCE", examples);
    let output = run_logged("test-conformance", &mut go)?;
    for event in output
        .lines()
        .filter_map(|text| serde_json::from_str::<serde_json::Value>(text).ok())
    {
        if event.get("Test").is_some() {
            match event.get("Action").and_then(serde_json::Value::as_str) {
                Some("pass") => counts.passed += 1,
                Some("fail") => counts.failed += 1,
                Some("skip") => counts.skipped += 1,
                _ => {}
            }
        }
    }
    Ok(())
}

/// The playground's page in a real browser.
fn browser(counts: &mut Counts) -> Result<()> {
    let folder = workspace::root().join("tests/e2e");
    let chromium = chromium()?;
    let mut install = Command::new("npm");
    install
        .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
        .current_dir(&folder);
    run_logged("e2e-install", &mut install)?;
    let (product, _) = bundle::build(None, "release", true, Packing::Quick)?;
    run_logged(
        "e2e-build",
        &mut command(
            "cargo",
            &[
                "build",
                "--locked",
                "-p",
                "mattermost-devhost",
                "-p",
                "simulators",
                "--bins",
            ],
        ),
    )?;
    let mut test = Command::new("node");
    test.args(["--test", "--test-reporter=tap"])
        .current_dir(&folder);
    test.env("CHROMIUM", chromium)
        .env("PLUGIN_BUNDLE_PRODUCT", product)
        .env("PROGRAMS", workspace::target().join("debug"));
    let output = run_logged("test-e2e", &mut test)?;
    let figure = |name: &str| {
        output
            .lines()
            .filter_map(|text| text.strip_prefix(name))
            .filter_map(|n| n.trim().parse::<u64>().ok())
            .next_back()
            .unwrap_or(0)
    };
    counts.passed += figure("# pass ");
    counts.failed += figure("# fail ");
    counts.skipped += figure("# skipped ");
    Ok(())
}

/// Debian's Chromium, installed when it is missing.
fn chromium() -> Result<PathBuf> {
    let known = [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];
    let find = || known.iter().map(PathBuf::from).find(|path| path.exists());
    if let Some(path) = find() {
        return Ok(path);
    }
    line("Chromium is not installed: taking it from Debian");
    let privileged = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.starts_with(b"0"));
    let install = |arguments: &[&str]| {
        let mut whole = if privileged {
            Vec::new()
        } else {
            vec!["sudo", "--non-interactive"]
        };
        whole.push("apt-get");
        whole.extend_from_slice(arguments);
        let mut apt = command(whole[0], &whole[1..]);
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        run_logged("install-chromium", &mut apt)
    };
    install(&["update", "-q"])?;
    install(&[
        "install",
        "-q",
        "-y",
        "--no-install-recommends",
        "chromium",
        "fonts-dejavu-core",
    ])?;
    find().context("the browser tests need Chromium; install Debian's package `chromium`")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever builds a devhost in an integration test has to be in the list.
    #[test]
    fn all_programs_on_a_host_are_listed() {
        let crates = workspace::root().join("server/crates");
        let folders = std::fs::read_dir(crates).expect("the crates");
        let mut found = std::collections::BTreeSet::new();
        for folder in folders {
            let tests = folder.expect("a crate").path().join("tests");
            for entry in std::fs::read_dir(tests).into_iter().flatten().flatten() {
                let path = entry.path();
                let name = path.file_stem().expect("a name").to_string_lossy();
                if name != "support" && mentions_devhost(&path) {
                    found.insert(name.into_owned());
                }
            }
        }
        assert_eq!(
            found.iter().map(String::as_str).collect::<Vec<_>>(),
            ON_A_HOST
        );
    }

    fn mentions_devhost(path: &std::path::Path) -> bool {
        if path.is_dir() {
            let entries = std::fs::read_dir(path).expect("a folder");
            return entries
                .flatten()
                .any(|entry| mentions_devhost(&entry.path()));
        }
        let text = std::fs::read_to_string(path).unwrap_or_default();
        // Through its library, or the support of its own tests.
        text.contains("mattermost_devhost") || text.contains("\nmod support;")
    }

    #[test]
    fn reads_the_summary_of_cargo() {
        let summary = " ok. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(number_before(summary, " passed"), 12);
        assert_eq!(number_before(summary, " failed"), 3);
        assert_eq!(number_before(summary, " ignored"), 1);
    }
}
