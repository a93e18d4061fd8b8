//! Compiles `proto/` to Rust without `protoc`. Only messages: the services are tables in
//! `src/transport/grpc/`, so that a call costs one line there.
//!
//! Messages that have the same fields become one type with several names. Every call has its own
//! request and answer, but most of them look like others, and each type is code to read and write it.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};

const ROOT: &str = "proto";
const FILES: [&str; 4] = [
    "goplugin.proto",
    "health.proto",
    "mattermost/api.proto",
    "mattermost/hooks.proto",
];
const PACKAGE: &str = "mattermost.pluginapi.v1";

/// Where that package is in the crate.
const MODULE: &str = "crate::transport::grpc::messages::api";

/// Compiles all files.
pub(crate) fn compile() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join(ROOT);
    println!("cargo::rerun-if-changed={}", root.display());
    let files = protox::compile(FILES, [&root])?;

    let mut config = prost_build::Config::new();
    config
        .bytes(["."])
        .btree_map(["."])
        .compile_well_known_types();
    // By the fields, the first message that has them.
    let mut known = BTreeMap::<String, &str>::new();
    let mut aliases = String::new();
    let files_of_package = files.file.iter().filter(|file| file.package() == PACKAGE);
    for message in files_of_package.flat_map(|file| &file.message_type) {
        if message.field.iter().any(|field| field.name() == "error") {
            // Rare and large.
            config.boxed(format!(".{PACKAGE}.{}.error", message.name()));
        }
        let of_call = message.name().ends_with("Request") || message.name().ends_with("Response");
        // The entries of a map belong to their message.
        if !of_call || !message.nested_type.is_empty() {
            continue;
        }
        let first = *known
            .entry(format!("{:?}", message.field))
            .or_insert(message.name());
        if first != message.name() {
            config.extern_path(
                format!(".{PACKAGE}.{}", message.name()),
                format!("{MODULE}::{}", rust_name(first)),
            );
            writeln!(
                aliases,
                "pub(crate) type {} = {};",
                rust_name(message.name()),
                rust_name(first)
            )?;
        }
    }
    config.compile_fds(files)?;
    let output = PathBuf::from(std::env::var("OUT_DIR")?).join("aliases.rs");
    Ok(std::fs::write(output, aliases)?)
}

/// The name that prost gives a message: `KVSetRequest` is `KvSetRequest`.
fn rust_name(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let is_upper = |at: usize| letters.get(at).is_none_or(char::is_ascii_uppercase);
    let letter = |at: usize| {
        let inside_acronym = at > 0 && is_upper(at - 1) && is_upper(at + 1);
        if inside_acronym {
            letters[at].to_ascii_lowercase()
        } else {
            letters[at]
        }
    };
    (0..letters.len()).map(letter).collect()
}
