//! `make bench`: ratios against Go plugins with the same hooks, taken in one run, and the product under
//! load.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::{Value, json};

use crate::bundle::{self, Packing};
use crate::compile::{self, Platform, Program};
use crate::go;
use crate::output;
use crate::process;
use crate::workspace;

/// Largest executable, in MB.
const MOST_EXECUTABLE: f64 = 8.0;
/// Largest bundle of one platform, in MB.
const MOST_BUNDLE: f64 = 5.0;

#[derive(Args)]
pub(crate) struct BenchArguments {
    /// Where the figures go, as JSON.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Builds release executables and hands them to the Go host that measures.
pub(crate) fn run(arguments: &BenchArguments) -> Result<()> {
    let out = arguments
        .out
        .clone()
        .unwrap_or_else(|| workspace::target().join("bench.json"));
    // Figures of an earlier run would pass for those of this one.
    if out.exists() {
        std::fs::remove_file(&out).with_context(|| format!("cannot remove {}", out.display()))?;
    }
    // The executable of the bundle takes this one's place, so it is copied first.
    let lean = Program::LeanExample("hello".to_owned());
    let lean = compile::build(&lean, Platform::host()?, "release")?;
    let without_grpc = workspace::target().join("hello-without-grpc");
    std::fs::copy(&lean, &without_grpc)
        .with_context(|| format!("cannot copy {}", lean.display()))?;
    let (hello, _) = bundle::build(Some("hello"), "release", true, Packing::Quick)?;
    let mut measure = go::command(&["run", "./cmd/bench"])?;
    measure
        .arg("--rust")
        .arg(&hello)
        .arg("--go")
        .arg(twin("hello-twin")?)
        .arg("--grpc-go")
        .arg(twin("hello-grpc-twin")?)
        .arg("--without-grpc")
        .arg(&without_grpc)
        .arg("--out")
        .arg(&out);
    let compared = process::run(&mut measure).context("measuring");
    let product = product()?;
    add(&product, &out)?;
    compared?;
    let missed = product
        .iter()
        .filter(|figure| figure["ok"] == Value::Bool(false));
    match missed.count() {
        0 => Ok(()),
        count => bail!("{count} bars of the product were missed"),
    }
}

/// The product's own figures: what it weighs, and how it does with many jobs, builds and webhooks.
fn product() -> Result<Vec<Value>> {
    let executable = compile::build(&Program::Product, Platform::host()?, "release")?;
    let size = std::fs::metadata(&executable)
        .with_context(|| format!("cannot look at {}", executable.display()))?
        .len();
    let (bundle, _) = bundle::build(None, "release", true, Packing::Small)?;
    let packed = std::fs::metadata(&bundle)?.len();
    let file = workspace::target().join("bench-product.json");
    let mut load = process::command(
        "cargo",
        &[
            "bench",
            "--locked",
            "-p",
            "command-center",
            "--bench",
            "service",
        ],
    );
    load.env("PLUGIN_BUNDLE", &bundle).env("FIGURES", &file);
    process::run_logged("bench-product", &mut load)?;
    let weighed = [
        ("product: executable", size, MOST_EXECUTABLE),
        ("product: bundle", packed, MOST_BUNDLE),
    ];
    let mut figures: Vec<Value> = weighed
        .map(|(name, bytes, bar)| {
            let value = bytes as f64 / 1e6;
            json!({"name": name, "value": value, "unit": "MB", "bar": bar, "ok": value <= bar})
        })
        .into();
    let json = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    figures.extend(serde_json::from_slice::<Vec<Value>>(&json)?);
    Ok(figures)
}

/// Adds figures to those that the comparison has written, and prints them.
fn add(figures: &[Value], out: &Path) -> Result<()> {
    for figure in figures {
        output::line(format!(
            "{}: {:.1} {} (bar {})",
            figure["name"].as_str().unwrap_or_default(),
            figure["value"].as_f64().unwrap_or_default(),
            figure["unit"].as_str().unwrap_or_default(),
            figure["bar"],
        ));
    }
    // A comparison that broke off wrote nothing.
    let mut all: Vec<Value> = match std::fs::read(out) {
        Ok(json) => serde_json::from_slice(&json)?,
        Err(_) => Vec::new(),
    };
    all.extend_from_slice(figures);
    std::fs::write(out, serde_json::to_vec_pretty(&all)?)
        .with_context(|| format!("cannot write {}", out.display()))
}

/// Builds a Go plugin as people build theirs for release.
fn twin(name: &str) -> Result<PathBuf> {
    let path = workspace::target().join(name);
    let mut build = go::command(&[
        "build",
        "-trimpath",
        "-ldflags=-s -w",
        "-o",
        &workspace::text(&path),
        &format!("./cmd/{name}"),
    ])?;
    process::run_logged(&format!("build-{name}"), build.env("CGO_ENABLED", "0"))?;
    Ok(path)
}
