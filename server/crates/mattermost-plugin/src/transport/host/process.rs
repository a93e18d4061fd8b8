//! A plugin's process: started and watched as go-plugin's host does (`client.go`).

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use goplugin::hclog::{Level, StderrParser};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::host::{Host, LogLevel};
use crate::transport::Protocol;
use crate::transport::netrpc::{COOKIE_KEY, COOKIE_VALUE};

/// How a plugin is started.
pub(crate) struct Start<'a> {
    pub(crate) executable: &'a Path,
    /// Its working directory, when it is another than this process's.
    pub(crate) directory: Option<&'a Path>,
    /// The one protocol of go-plugin that the host allows.
    pub(crate) protocol: Protocol,
    /// Environment variables beside those of every plugin.
    pub(crate) environment: &'a [(&'a str, &'a str)],
    /// How long it may take to its handshake.
    pub(crate) limit: Duration,
}

/// How often a start is tried whose executable is being written, [`BUSY_PAUSE`] apart.
const BUSY_TRIES: usize = 200;
/// How long it takes until the next try.
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// Starts the process. An executable that was written just before may still be open for writing in a
/// process that another thread has forked meanwhile, until that one runs its own program
/// (<https://github.com/golang/go/issues/22315>).
async fn spawn(command: &mut Command) -> io::Result<Child> {
    for _ in 0..BUSY_TRIES {
        match command.spawn() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {
                sleep(BUSY_PAUSE).await;
            }
            result => return result,
        }
    }
    command.spawn()
}

/// Where a plugin listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// `unix` or `tcp`.
    pub(crate) network: String,
    /// A path, or `host:port`.
    pub(crate) address: String,
}

/// A process that has been started and has not been waited for.
pub(crate) struct Process {
    id: u32,
    kill: watch::Sender<bool>,
    ended: watch::Receiver<bool>,
}

impl Process {
    /// Starts a plugin, which then waits to be connected. What it writes to standard error goes to
    /// the host's log.
    pub(crate) async fn start(
        start: Start<'_>,
        host: Arc<dyn Host>,
    ) -> io::Result<(Self, Address)> {
        let mut command = Command::new(start.executable);
        if let Some(directory) = start.directory {
            command.current_dir(directory);
        }
        command
            .env(COOKIE_KEY, COOKIE_VALUE)
            .env("PLUGIN_MIN_PORT", "10000")
            .env("PLUGIN_MAX_PORT", "25000")
            .env("PLUGIN_PROTOCOL_VERSIONS", "1")
            .envs(start.environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = spawn(&mut command).await?;
        let id = child.id().unwrap_or_default();
        if let Some(output) = child.stderr.take() {
            tokio::spawn(copy_log(output, host));
        }
        let output = child
            .stdout
            .take()
            .ok_or_else(|| io::Error::other("the plugin has no standard output"))?;
        let mut lines = BufReader::new(output).lines();
        let address = match timeout(start.limit, handshake(&mut lines, start.protocol)).await {
            Ok(address) => address?,
            // Dropping the child kills it.
            Err(_) => {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "timeout while waiting for plugin to start",
                ));
            }
        };
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok((Self::watch(id, child), address))
    }

    fn watch(id: u32, mut child: Child) -> Self {
        let (kill, mut killed) = watch::channel(false);
        let (end, ended) = watch::channel(false);
        tokio::spawn(async move {
            tokio::select! {
                _ = child.wait() => {}
                // Also when nobody is left who could ask for it.
                _ = killed.changed() => {
                    // It may have ended at this moment.
                    let _ = child.kill().await;
                }
            }
            end.send_replace(true);
        });
        Self { id, kill, ended }
    }

    /// The process's id while it runs.
    pub(crate) fn id(&self) -> Option<u32> {
        (!*self.ended.borrow()).then_some(self.id)
    }

    /// Waits for the end and enforces it after `limit`; whether that was not needed.
    pub(crate) async fn ended(&self, limit: Duration) -> bool {
        let mut ended = self.ended.clone();
        let by_itself = timeout(limit, ended.wait_for(|ended| *ended)).await.is_ok();
        if !by_itself {
            self.kill().await;
        }
        by_itself
    }

    /// Kills the process and waits until it is gone.
    pub(crate) async fn kill(&self) {
        self.kill.send_replace(true);
        // Fails when the watching task is gone, and the process with it.
        let _ = self.ended.clone().wait_for(|ended| *ended).await;
    }
}

/// Reads the handshake line.
async fn handshake(
    lines: &mut Lines<BufReader<ChildStdout>>,
    wanted: Protocol,
) -> io::Result<Address> {
    let wanted = wanted.name();
    let invalid = |reason: String| io::Error::new(io::ErrorKind::InvalidData, reason);
    let line = lines
        .next_line()
        .await?
        .ok_or_else(|| invalid("plugin exited before we could connect".to_owned()))?;
    let parts: Vec<&str> = line.trim().split('|').collect();
    match parts.as_slice() {
        ["1", "1", network, address, protocol, ..] if *protocol == wanted => Ok(Address {
            network: (*network).to_owned(),
            address: (*address).to_owned(),
        }),
        [core, app, _, _, protocol, ..] if *core == "1" => Err(invalid(format!(
            "the plugin speaks version {app} of protocol {protocol}"
        ))),
        _ => Err(invalid(format!(
            "Unrecognized remote plugin message: {line}"
        ))),
    }
}

async fn copy_log(output: impl AsyncRead + Unpin, host: Arc<dyn Host>) {
    let mut lines = BufReader::new(output).split(b'\n');
    let mut parser = StderrParser::default();
    while let Ok(Some(line)) = lines.next_segment().await {
        let entry = parser.parse(String::from_utf8_lossy(&line).trim_end());
        let level = match entry.level {
            Level::Trace | Level::Debug => LogLevel::Debug,
            Level::Info => LogLevel::Info,
            Level::Warn => LogLevel::Warn,
            Level::Error => LogLevel::Error,
        };
        let text = |value: Value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let fields = entry
            .fields
            .into_iter()
            .map(|(key, value)| (key, text(value)))
            .collect();
        // A host that cannot log has nobody to tell.
        let _ = host.log(level, entry.message, fields).await;
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::OpenOptionsExt;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_file_that_is_being_written_is_started_later() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("plugin");
        std::fs::copy("/bin/true", &path).expect("a copy");
        let mut options = std::fs::OpenOptions::new();
        let writer = options.write(true).mode(0o755).open(&path);
        let writer = writer.expect("a file to write");
        let mut command = Command::new(&path);
        let let_go = async {
            sleep(BUSY_PAUSE * 5).await;
            drop(writer);
        };
        let (started, ()) = tokio::join!(spawn(&mut command), let_go);
        let status = started.expect("a process").wait().await.expect("its end");
        assert!(status.success());
    }
}
