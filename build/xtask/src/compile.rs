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

/// What the compiler is told besides the profile.
fn flags(platform: Platform) -> Result<Vec<String>> {
    let mut flags = vec!["-Ctarget-feature=+crt-static".to_owned()];
    // Positions in panics name the crate, not the machine that built it.
    let registry = workspace::cargo_home()?.join("registry/src");
    for (folder, name) in [(registry, "crates"), (workspace::target(), "target")] {
        let folder = workspace::text(&folder);
        flags.push(format!("--remap-path-prefix={folder}={name}"));
    }
    // What Rust's own linker does, which is the default on this platform alone.
    if platform.target.starts_with("x86_64") {
        flags.push("-Clink-arg=-Wl,--icf=all".to_owned());
        // A third of a megabyte of relocations becomes a few kilobytes.
        if has_packed_relocations() {
            flags.push("-Clink-arg=-Wl,-z,pack-relative-relocs".to_owned());
        }
    }
    Ok(flags)
}

/// Whether the C library that is linked in reads DT_RELR: glibc from 2.36 on does.
fn has_packed_relocations() -> bool {
    let Ok(output) = Command::new("getconf").arg("GNU_LIBC_VERSION").output() else {
        return false;
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.trim().strip_prefix("glibc ").unwrap_or_default();
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= (2, 36)
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
    command.env("CARGO_ENCODED_RUSTFLAGS", flags(platform)?.join("\x1f"));
    process::run_logged(&format!("build-{name}-{}", platform.name), &mut command)?;
    let profile_folder = if profile == "dev" { "debug" } else { profile };
    Ok(workspace::target()
        .join(platform.target)
        .join(profile_folder)
        .join(folder)
        .join(name))
}
