//! Streams that Go wrote (`tests/fixtures`): each is decoded into the type that the SDK uses for
//! it, encoded again, and must still say what Go says it does.
//!
//! With `REENCODED_FIXTURES` set to a directory the new streams are written there, for Go to read
//! them (`tests/conformance/cmd/check-fixtures`).

mod fixture;
mod plain;
mod special;
mod structs;
mod types;

use std::collections::BTreeSet;
use std::path::PathBuf;

use fixture::Fixture;
use mattermost_plugin::transport::netrpc::gob::{Decoder, Encoder};

/// Fixtures whose streams Go would not call the same, by the reason for it.
const NOT_THE_SAME_TO_GO: [&str; 17] = [
    // Types inside `any` become JSON.
    "any_attachments",
    "any_int_kinds",
    "any_list",
    "any_map",
    // An empty map is nil.
    "awkward_post_list",
    "awkward_users",
    // Text that is not UTF-8 has been replaced.
    "awkward_command_args",
    "awkward_kv",
    "awkward_lists",
    "awkward_posts",
    "rpc_requests",
    // `*pq.Error` becomes text.
    "error_results",
    // Zeros that Go had left out are sent.
    "api_GetConfig",
    "api_GetUnsanitizedConfig",
    "api_SaveConfig",
    "hook_ConfigurationWillBeSaved",
    "model_Config",
];

/// Decodes a fixture into the SDK's types and encodes it again, one stream for all its values.
fn encoded_again(fixture: &Fixture) -> Result<Vec<u8>, String> {
    let (mut decoder, mut encoder) = (Decoder::new(), Encoder::new());
    let mut messages = fixture.messages().into_iter();
    let mut stream = Vec::new();
    for value in &fixture.values {
        let again = types::handler(&value.type_name)
            .ok_or_else(|| format!("no type for {}", value.type_name))?;
        fixture::fill(&mut decoder, &mut messages)
            .map_err(|error| format!("{}: {error}", value.type_name))?;
        let bytes = again(&mut decoder, &mut encoder)
            .map_err(|error| format!("{}: {error}", value.type_name))?;
        stream.extend(bytes);
    }
    match messages.next() {
        None => Ok(stream),
        Some(_) => Err("more messages than values".to_owned()),
    }
}

#[test]
fn what_go_wrote_is_read_and_written() {
    let mut failures = Vec::new();
    let mut checked = 0;
    let fixtures = Fixture::all();
    for fixture in fixtures.iter().filter(|fixture| !fixture.rust_only) {
        if types::UNUSED.contains(&fixture.name.as_str()) {
            continue;
        }
        match encoded_again(fixture) {
            Err(error) => failures.push(format!("{}: {error}", fixture.name)),
            Ok(stream) => {
                checked += fixture.values.len();
                failures.extend(plain::differences(fixture, &stream));
                write(&fixture.name, &stream);
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} failures:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(checked > 500, "only {checked} values in tests/fixtures/gob");
}

/// Go's own bytes, read without any of the SDK's types.
#[test]
fn the_decoder_reads_all_that_go_writes() {
    let failures: Vec<_> = Fixture::all()
        .iter()
        .filter(|fixture| !fixture.rust_only)
        .flat_map(|fixture| plain::differences(fixture, &fixture.stream()))
        .collect();
    assert!(
        failures.is_empty(),
        "{} failures:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn what_only_rust_can_write() {
    let names: BTreeSet<_> = Fixture::all()
        .into_iter()
        .filter(|fixture| fixture.rust_only)
        .map(|fixture| fixture.name)
        .collect();
    let written: Vec<_> = special::streams();
    assert_eq!(
        names,
        written.iter().map(|(name, _)| (*name).to_owned()).collect()
    );
    for (name, stream) in written {
        write(name, &stream);
    }
}

#[test]
fn the_lists_of_exceptions_name_fixtures() {
    let names: BTreeSet<_> = Fixture::all()
        .into_iter()
        .map(|fixture| fixture.name)
        .collect();
    for name in NOT_THE_SAME_TO_GO
        .iter()
        .chain(types::UNUSED)
        .chain(plain::UNLIKE)
    {
        assert!(names.contains(*name), "{name}");
    }
}

fn write(name: &str, stream: &[u8]) {
    let Some(directory) = std::env::var_os("REENCODED_FIXTURES").map(PathBuf::from) else {
        return;
    };
    if !NOT_THE_SAME_TO_GO.contains(&name) {
        std::fs::write(directory.join(format!("{name}.gob")), stream)
            .expect("REENCODED_FIXTURES is a directory");
    }
}
