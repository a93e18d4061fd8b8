//! Running other programs quietly: long output goes to a file, a failure shows its end.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::output::line;
use crate::workspace;

/// Lines of a failed program's output that are shown.
const SHOWN_LINES: usize = 60;

/// A program in the repository's folder.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(workspace::root());
    command
}

/// Whether `program` can be started.
pub(crate) fn is_installed(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// Runs `command` with its output in `target/logs/<name>.log`, and returns that output.
///
/// # Errors
/// When it cannot be started or fails; the end of its output is printed first.
pub(crate) fn run_logged(name: &str, command: &mut Command) -> Result<String> {
    std::fs::create_dir_all(workspace::logs())?;
    let path = workspace::logs().join(format!("{name}.log"));
    let log = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let started = Instant::now();
    let status = command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .status()
        .with_context(|| format!("{name}: cannot start {:?}", command.get_program()))?;
    let output = read_lossy(&path)?;
    let seconds = started.elapsed().as_secs();
    if !status.success() {
        let lines: Vec<&str> = output.lines().collect();
        for text in &lines[lines.len().saturating_sub(SHOWN_LINES)..] {
            line(text);
        }
        bail!(
            "{name} failed ({status}, {seconds} s); whole output: {}",
            path.display()
        );
    }
    line(format!("{name}: ok ({seconds} s)"));
    Ok(output)
}

fn read_lossy(path: &Path) -> Result<String> {
    Ok(String::from_utf8_lossy(&std::fs::read(path)?).into_owned())
}

/// Runs `command` in the foreground.
///
/// # Errors
/// When it cannot be started or fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start {:?}", command.get_program()))?;
    if !status.success() {
        bail!("{:?} failed ({status})", command.get_program());
    }
    Ok(())
}
