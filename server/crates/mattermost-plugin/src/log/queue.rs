//! The way of lines from whoever logs to the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{mpsc, oneshot};
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;

use crate::host::LogLevel;
use crate::remote::Remote;
use crate::transport;

/// How many lines wait at most.
const LINES: usize = 512;

#[derive(Debug)]
pub(super) struct Line {
    pub(super) level: LogLevel,
    pub(super) message: String,
    pub(super) fields: Vec<(String, String)>,
}

#[derive(Debug)]
enum Entry {
    Line(Line),
    Flush(oneshot::Sender<()>),
}

#[derive(Debug, Clone)]
pub(super) struct Queue {
    entries: mpsc::Sender<Entry>,
    dropped: Arc<AtomicU64>,
}

impl Queue {
    /// Starts the task that empties the queue.
    pub(super) fn start(host: Remote) -> Self {
        let (entries, received) = mpsc::channel(LINES);
        let dropped = Arc::new(AtomicU64::new(0));
        // Without a subscriber, as what the log call itself logs must not come back here.
        tokio::spawn(
            empty(host, received, Arc::clone(&dropped)).with_subscriber(NoSubscriber::default()),
        );
        Self { entries, dropped }
    }

    /// Takes a line, or counts it as dropped.
    pub(super) fn push(&self, line: Line) {
        if self.entries.try_send(Entry::Line(line)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) async fn flush(&self) {
        let (done, is_done) = oneshot::channel();
        if self.entries.send(Entry::Flush(done)).await.is_ok() {
            // An error means that the task is gone, and with it all lines.
            let _ = is_done.await;
        }
    }
}

async fn empty(host: Remote, mut entries: mpsc::Receiver<Entry>, dropped: Arc<AtomicU64>) {
    while let Some(entry) = entries.recv().await {
        match entry {
            Entry::Line(line) => send(&host, line).await,
            Entry::Flush(done) => {
                // Nobody may be waiting any more.
                let _ = done.send(());
            }
        }
        let count = dropped.swap(0, Ordering::Relaxed);
        if count > 0 {
            let line = Line {
                level: LogLevel::Warn,
                message: "log lines were dropped, as they came faster than the server took them"
                    .to_owned(),
                fields: vec![("count".to_owned(), count.to_string())],
            };
            send(&host, line).await;
        }
    }
}

async fn send(host: &Remote, line: Line) {
    let Line {
        level,
        message,
        fields,
    } = line;
    if let Err(error) = host.log(level, message.clone(), fields).await {
        transport::report(level, &format!("{message} (not logged in full: {error})"));
    }
}
