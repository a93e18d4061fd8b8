//! How long calls may take.

use std::time::Duration;

/// How long the server may take to answer. Most calls take milliseconds.
const LIMIT: Duration = Duration::from_secs(60);

/// The same for calls during which the server waits for other plugins, mail servers or downloads.
const LONG_LIMIT: Duration = Duration::from_secs(300);

/// How long the server may take to answer the API method of this Go name.
pub(crate) fn api_limit(method: &str) -> Duration {
    match method {
        "SaveConfig"
        | "SavePluginConfig"
        | "EnablePlugin"
        | "DisablePlugin"
        | "RemovePlugin"
        | "InstallPlugin"
        | "SendMail"
        | "ExecuteSlashCommand"
        | "PluginHTTP"
        | "UploadFile"
        | "UploadData"
        | "GetFile"
        | "ReadFile"
        | "KVDeleteAll" => LONG_LIMIT,
        _ => LIMIT,
    }
}

/// The longest request where [`Capability::LargeRequests`](super::Capability::LargeRequests) is
/// missing, in bytes (grpc-go `server.go`, `defaultServerMaxReceiveMessageSize`).
pub(crate) const LARGEST_REQUEST: usize = 4 * 1024 * 1024;

/// How many bytes of data fit into such a request beside names and numbers.
pub(crate) const SMALL_REQUEST: usize = LARGEST_REQUEST - 64 * 1024;
