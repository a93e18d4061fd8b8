//! What a plugin writes to its standard streams.

use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

use crate::host::{Host, LogLevel};

/// Logs what a plugin writes to a standard stream that travels with the connection
/// (`supervisor.go`, `SyncStdout`).
pub(crate) async fn copy_output(
    output: impl AsyncRead + Unpin,
    source: &'static str,
    host: Arc<dyn Host>,
) {
    let mut lines = BufReader::new(output).split(b'\n');
    while let Ok(Some(line)) = lines.next_segment().await {
        let text = String::from_utf8_lossy(&line).into_owned();
        let fields = vec![("source".to_owned(), source.to_owned())];
        // A host that cannot log has nobody to tell.
        let _ = host.log(LogLevel::Info, text, fields).await;
    }
}
