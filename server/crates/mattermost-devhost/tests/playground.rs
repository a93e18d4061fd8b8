//! The executable behind `make run`.

#[path = "support/archive.rs"]
mod archive;
mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use archive::{lives, probe_bundle};

/// Ends the playground even when a test fails.
struct Playground(Child);

impl Drop for Playground {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Process ids of the children of a process.
fn children(id: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{id}/task")).expect("the process runs");
    let lists =
        tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("children")).ok());
    lists
        .flat_map(|list| {
            list.split_whitespace()
                .filter_map(|id| id.parse().ok())
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn it_says_where_it_is_and_takes_the_plugin_along_when_interrupted() {
    let directory = TempDir::new().unwrap();
    let bundle = probe_bundle(directory.path());
    let mut command = Command::new(env!("CARGO_BIN_EXE_devhost"));
    command
        .arg("--bundle")
        .arg(bundle)
        .args(["--port", "18066", "--config", "ServerURL=http://x"]);
    let mut playground = Playground(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut output = BufReader::new(playground.0.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let port: u16 = line
        .trim()
        .strip_prefix("devhost: http://localhost:")
        .and_then(|port| port.parse().ok())
        .expect(&line);

    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "GET /api/settings HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with("{\"ServerURL\":\"http://x\"}"), "{answer}");

    let plugins = children(playground.0.id());
    assert_eq!(plugins.len(), 1, "the plugin is a process");
    let interrupted = Command::new("kill")
        .args(["-INT", &playground.0.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupted.success());
    assert!(playground.0.wait().unwrap().success());
    assert!(!lives(plugins[0]), "the plugin is gone too");
}

#[test]
fn a_missing_bundle_is_told() {
    let output = Command::new(env!("CARGO_BIN_EXE_devhost"))
        .args(["--bundle", "/nowhere.tar.gz", "--port", "18066"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("/nowhere.tar.gz"), "{text}");
}
