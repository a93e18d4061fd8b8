//! Licences and sources of every crate in the lock file, checked without a network.
//!
//! The list of allowed licences is `.deny.toml`'s, so that `cargo deny check` says the same where
//! it is installed (it also looks up advisories, which needs a network).

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::output::line;
use crate::process;
use crate::workspace;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

/// Checks all crates.
pub(crate) fn check() -> Result<()> {
    let allowed = allowed()?;
    let output =
        process::command("cargo", &["metadata", "--locked", "--format-version", "1"]).output()?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let mut problems = Vec::new();
    for package in &metadata.packages {
        let licence = package.license.as_deref().unwrap_or("(none)");
        if !satisfied(licence, &allowed) {
            problems.push(format!(
                "{} {}: licence {licence}",
                package.name, package.version
            ));
        }
        if package
            .source
            .as_deref()
            .is_some_and(|source| !source.starts_with("registry+"))
        {
            problems.push(format!(
                "{} {}: not from the registry",
                package.name, package.version
            ));
        }
    }
    if !problems.is_empty() {
        bail!("not allowed by .deny.toml:\n{}", problems.join("\n"));
    }
    line(format!("licences: ok ({} crates)", metadata.packages.len()));
    if process::is_installed("cargo-deny") {
        process::run_logged(
            "cargo-deny",
            &mut process::command("cargo", &["deny", "check"]),
        )?;
    }
    Ok(())
}

/// The `allow` list of `.deny.toml`: its lines are one quoted licence each.
fn allowed() -> Result<BTreeSet<String>> {
    let text = std::fs::read_to_string(workspace::root().join(".deny.toml"))?;
    let list = text
        .split("allow = [")
        .nth(1)
        .and_then(|rest| rest.split(']').next())
        .context("no allow list")?;
    Ok(list
        .lines()
        .filter_map(|entry| entry.split('"').nth(1))
        .map(str::to_owned)
        .collect())
}

/// Whether an SPDX expression can be satisfied: every `AND` part has an allowed `OR` choice.
fn satisfied(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let plain = expression.replace('/', " OR ").replace(['(', ')'], " ");
    plain.split(" AND ").all(|part| {
        part.split(" OR ")
            .any(|choice| allowed.contains(choice.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        let allowed = BTreeSet::from([
            "MIT".to_owned(),
            "Unicode-3.0".to_owned(),
            "Apache-2.0 WITH LLVM-exception".to_owned(),
        ]);
        assert!(satisfied("MIT OR GPL-3.0", &allowed));
        assert!(satisfied("(MIT OR Apache-2.0) AND Unicode-3.0", &allowed));
        assert!(satisfied("Apache-2.0 WITH LLVM-exception", &allowed));
        assert!(satisfied("Unlicense/MIT", &allowed));
        assert!(!satisfied("GPL-3.0", &allowed));
        assert!(!satisfied("MIT AND GPL-3.0", &allowed));
        assert!(!satisfied("(none)", &allowed));
    }
}
