//! What `make check-style` checks.

use anyhow::Result;

use crate::go;
use crate::licences;
use crate::manifest::Manifest;
use crate::output::line;
use crate::process::{command, run_logged};
use crate::workspace;

/// Runs all checks; the first that fails ends it.
pub(crate) fn check() -> Result<()> {
    run_logged(
        "format",
        &mut command("cargo", &["fmt", "--all", "--check"]),
    )?;
    let lints = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ];
    run_logged("clippy", &mut command("cargo", &lints))?;
    let mut documentation = command("cargo", &["doc", "--workspace", "--no-deps", "--locked"]);
    run_logged(
        "documentation",
        documentation.env(
            "RUSTDOCFLAGS",
            "-D warnings -A rustdoc::private-intra-doc-links",
        ),
    )?;
    let mut manifests = vec![workspace::root().join("plugin.json")];
    for example in ["hello", "conformance"] {
        manifests.push(workspace::examples().join(example).join("plugin.json"));
    }
    for path in manifests {
        Manifest::read(&path)?;
    }
    line("manifests: ok");
    licences::check()?;
    run_logged("go-vet", &mut go::command(&["vet", "./..."])?)?;
    Ok(())
}
