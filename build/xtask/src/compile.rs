//! Building the static executables that go into a bundle.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace;

/// A platform as Mattermost names it, and Rust's name for it.
#[derive(Clone, Copy)]
pub(crate) struct Platform {
    /// `goos-goarch`, the key in `server.executables`.
    pub(crate) name: &'static str,
    /// Rust's target triple.
    pub(crate) target: &'static str,
}

/// The platforms that a release holds.
pub(crate) const PLATFORMS: &[Platform] = &[
    Platform {
        name: "linux-amd64",
        target: "x86_64-unknown-linux-gnu",
    },
    Platform {
        name: "linux-arm64",
        target: "aarch64-unknown-linux-gnu",
    },
];

/// Which Rust program to build.
pub(crate) enum Program {
    /// The product.
    Product,
    /// An example of the SDK.
    Example(String),
    /// The same without the SDK's default features, to see what they cost.
    LeanExample(String),
}

impl Platform {
    /// Whether this toolchain can build for the platform: its standard library is there.
    pub(crate) fn is_available(&self) -> bool {
        let Ok(output) = Command::new("rustc")
            .args(["--print", "target-libdir", "--target", self.target])
            .output()
        else {
            return false;
        };
        let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        output.status.success() && folder.is_dir()
    }

    /// The platform this program runs on.
    pub(crate) fn host() -> Result<Self> {
        let target = match std::env::consts::ARCH {
            "x86_64" => "x86_64-unknown-linux-gnu",
            "aarch64" => "aarch64-unknown-linux-gnu",
            other => bail!("no bundle can be built on {other}"),
        };
        PLATFORMS
            .iter()
            .find(|platform| platform.target == target)
            .copied()
            .context("unknown platform")
    }
}

/// Builds `program` for `platform` and returns the executable's path.
///
/// Linked statically, libgcc included (the official image is distroless), as a position
/// independent executable.
pub(crate) fn build(program: &Program, platform: Platform, profile: &str) -> Result<PathBuf> {
    let mut command = process::command(
        "cargo",
        &[
            "build",
            "--locked",
            "--profile",
            profile,
            "--target",
            platform.target,
        ],
    );
    let (name, folder) = match program {
        Program::Product => {
            command.args(["-p", "command-center", "--bin", "command-center"]);
            ("command-center".to_owned(), "")
        }
        Program::Example(example) => {
            command.args(["-p", "mattermost-plugin", "--example", example]);
            (example.clone(), "examples")
        }
        Program::LeanExample(example) => {
            command.args(["-p", "mattermost-plugin", "--no-default-features"]);
            command.args(["--example", example]);
            (example.clone(), "examples")
        }
    };
    let variable = format!(
        "CARGO_TARGET_{}_RUSTFLAGS",
        platform.target.to_uppercase().replace('-', "_")
    );
    command.env(variable, "-C target-feature=+crt-static");
    process::run_logged(&format!("build-{name}-{}", platform.name), &mut command)?;
    let profile_folder = if profile == "dev" { "debug" } else { profile };
    Ok(workspace::target()
        .join(platform.target)
        .join(profile_folder)
        .join(folder)
        .join(name))
}
