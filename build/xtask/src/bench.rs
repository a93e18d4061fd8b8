//! `make bench`: ratios against a Go plugin with the same hooks, taken in one run.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use crate::bundle;
use crate::go;
use crate::process;
use crate::workspace;

#[derive(Args)]
pub(crate) struct BenchArguments {
    /// Where the figures go, as JSON.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Builds release bundles and hands them to the Go host that measures.
pub(crate) fn run(arguments: &BenchArguments) -> Result<()> {
    let out = arguments
        .out
        .clone()
        .unwrap_or_else(|| workspace::target().join("bench.json"));
    let (hello, _) = bundle::build(Some("hello"), "release", true)?;
    let twin = workspace::target().join("hello-twin");
    let mut build = go::command(&[
        "build",
        "-trimpath",
        "-ldflags=-s -w",
        "-o",
        &workspace::text(&twin),
        "./cmd/hello-twin",
    ])?;
    process::run_logged("build-hello-twin", build.env("CGO_ENABLED", "0"))?;
    let mut measure = go::command(&["run", "./cmd/bench"])?;
    measure
        .arg("--rust")
        .arg(&hello)
        .arg("--go")
        .arg(&twin)
        .arg("--out")
        .arg(&out);
    process::run(&mut measure).context("measuring")
}
