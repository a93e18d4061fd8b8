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
