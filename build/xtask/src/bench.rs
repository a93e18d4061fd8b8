//! `make bench`: ratios against Go plugins with the same hooks, taken in one run.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use crate::bundle;
use crate::compile::{self, Platform, Program};
use crate::go;
use crate::process;
use crate::workspace;

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
    // The executable of the bundle takes this one's place, so it is copied first.
    let lean = Program::LeanExample("hello".to_owned());
    let lean = compile::build(&lean, Platform::host()?, "release")?;
    let without_grpc = workspace::target().join("hello-without-grpc");
    std::fs::copy(&lean, &without_grpc)
        .with_context(|| format!("cannot copy {}", lean.display()))?;
    let (hello, _) = bundle::build(Some("hello"), "release", true)?;
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
    process::run(&mut measure).context("measuring")
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
