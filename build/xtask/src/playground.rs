//! `make run`: the plugin in the playground, with services to talk to.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use clap::Args;

use crate::bundle::{self, Packing};
use crate::output::line;
use crate::process::{command, run_logged};
use crate::workspace;

#[derive(Args)]
pub(crate) struct RunArguments {
    /// First port to try for the page; a port that is taken means the next free one.
    #[arg(long, default_value_t = 8066, env = "PORT")]
    port: u16,
}

/// A started program that ends with this one.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Builds everything, starts simulators and devhost, and waits until devhost ends.
pub(crate) fn run(arguments: &RunArguments) -> Result<()> {
    let (plugin, _) = bundle::build(None, "dev", true, Packing::Quick)?;
    run_logged(
        "build-playground",
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
    let programs = workspace::target().join("debug");
    let (jenkins, jenkins_url) =
        start_announcing(Command::new(programs.join("jenkins-simulator")).arg("--demo"))?;
    let mut devhost = Command::new(programs.join("devhost"));
    devhost
        .args(["--port", &arguments.port.to_string()])
        .arg("--bundle")
        .arg(plugin)
        .args(["--config", &format!("JenkinsURL={jenkins_url}")])
        .args(["--config", "EncryptionKey=playground-only-encryption-key-0"]);
    line(format!(
        "A Jenkins to talk to is at {jenkins_url}: type /jenkins connect alice alice-token, then /jenkins build hello-world"
    ));
    let status = devhost.status().context("cannot start devhost")?;
    drop(jenkins);
    anyhow::ensure!(
        status.success() || status.code().is_none(),
        "devhost ended with {status}"
    );
    Ok(())
}

/// Starts a program whose first line on stdout is its URL.
fn start_announcing(program: &mut Command) -> Result<(Running, String)> {
    let mut child = program
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {:?}", program.get_program()))?;
    let output = child.stdout.take().context("no stdout")?;
    let running = Running(child);
    let mut first = String::new();
    let mut reader = BufReader::new(output);
    reader.read_line(&mut first)?;
    // Later lines are read so that the program never blocks on a full pipe.
    std::thread::spawn(move || reader.lines().for_each(drop));
    let url = first
        .split_whitespace()
        .find(|word| word.starts_with("http"))
        .context("the simulator printed no URL")?;
    Ok((running, url.trim_end_matches('/').to_owned()))
}
