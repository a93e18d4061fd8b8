//! Compiles `proto/` to Rust without `protoc`. Only messages: the services are tables in
//! `src/transport/grpc/`, so that a call costs one line there and little code in the executable.

use std::error::Error;
use std::path::PathBuf;

const ROOT: &str = "proto";
const FILES: [&str; 4] =
    ["goplugin.proto", "health.proto", "mattermost/api.proto", "mattermost/hooks.proto"];

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join(ROOT);
    println!("cargo::rerun-if-changed={}", root.display());
    let messages = protox::compile(FILES, [&root])?;
    prost_build::Config::new()
        .bytes(["."])
        .btree_map(["."])
        .compile_well_known_types()
        .compile_fds(messages)?;
    Ok(())
}
