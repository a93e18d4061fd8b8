//! Build tasks of this repository; `make help` lists the names people type.

mod bench;
mod bundle;
mod compile;
mod deploy;
mod go;
mod licences;
mod manifest;
mod output;
mod playground;
mod process;
mod style;
mod suite;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Build tasks of this repository")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the bundle `dist/<id>-<version>.tar.gz` and its SHA-256.
    Dist(bundle::DistArguments),
    /// Start the playground: devhost, simulators and the plugin.
    Run(playground::RunArguments),
    /// Run every test that needs no outside server.
    Test(suite::TestArguments),
    /// Formatting, lints, manifest, licences.
    CheckStyle,
    /// Measure against the Go twin; writes target/bench.json.
    Bench(bench::BenchArguments),
    /// Install the bundle on a Mattermost server.
    Deploy(deploy::ServerArguments),
    /// Enable the plugin on a Mattermost server.
    Enable(deploy::ServerArguments),
    /// Disable the plugin on a Mattermost server.
    Disable(deploy::ServerArguments),
    /// Disable and enable the plugin on a Mattermost server.
    Reset(deploy::ServerArguments),
    /// Print the plugin's lines of the server's log.
    Logs(deploy::LogArguments),
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::line(format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    match task {
        Task::Dist(arguments) => bundle::dist(&arguments),
        Task::Run(arguments) => playground::run(&arguments),
        Task::Test(arguments) => suite::run(&arguments),
        Task::CheckStyle => style::check(),
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Deploy(arguments) => deploy::deploy(&arguments),
        Task::Enable(arguments) => deploy::set_enabled(&arguments, true),
        Task::Disable(arguments) => deploy::set_enabled(&arguments, false),
        Task::Reset(arguments) => deploy::reset(&arguments),
        Task::Logs(arguments) => deploy::logs(&arguments),
    }
}
