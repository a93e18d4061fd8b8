//! The `jenkins-simulator` command.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Ends the process with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn it_prints_its_url_and_serves_the_demo() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut command = Command::new(env!("CARGO_BIN_EXE_jenkins-simulator"));
    command
        .args(["--demo", "--context-path", "/ci", "--speed", "100"])
        .stdout(Stdio::piped());
    let mut running = Running(command.spawn().unwrap());
    let mut url = String::new();
    BufReader::new(running.0.stdout.take().unwrap())
        .read_line(&mut url)
        .unwrap();
    let url = url.trim_end();
    assert!(
        url.starts_with("http://127.0.0.1:") && url.ends_with("/ci"),
        "{url:?}"
    );
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client
        .get(format!("{url}/job/hello-world/api/json"))
        .basic_auth("alice", Some("alice-token"));
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[test]
fn it_refuses_a_clock_that_runs_backwards() {
    let output = Command::new(env!("CARGO_BIN_EXE_jenkins-simulator"))
        .arg("--speed=-1")
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("must be zero or more"));
}
