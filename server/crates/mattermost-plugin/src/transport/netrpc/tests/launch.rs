//! Executables that are no plugins.

use std::path::Path;

use super::support::TinyHost;
use crate::transport::Protocol;
use crate::transport::host::{Executable, launch};

async fn refused(executable: &str) -> String {
    let executable = Executable {
        path: Path::new(executable),
        directory: None,
    };
    let error = launch(Protocol::NetRpc, executable, TinyHost::silent())
        .await
        .expect_err("an error");
    error.to_string()
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_no_plugin_is_told_apart() {
    assert_eq!(
        refused("/bin/echo").await,
        "Unrecognized remote plugin message: "
    );
    assert_eq!(
        refused("/bin/true").await,
        "plugin exited before we could connect"
    );
    assert!(refused("/nowhere/plugin").await.contains("No such file"));
}
