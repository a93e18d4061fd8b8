//! What a server keeps for those who test or watch a plugin.

use std::collections::BTreeMap;

use mattermost_plugin::LogLevel;
use mattermost_plugin::model::{AuditRecord, OpenDialogRequest, PushNotification};
use serde_json::Value;

/// A line of the server's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// When, in milliseconds after 1970-01-01 UTC.
    pub time: i64,
    /// How severe.
    pub level: LogLevel,
    /// The plugin it is about; empty for the server itself.
    pub plugin_id: String,
    /// Node of the cluster, from 0.
    pub node: usize,
    /// The text.
    pub message: String,
    /// Names and values.
    pub fields: Vec<(String, String)>,
}

impl std::fmt::Display for LogLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?} [{}#{}] {}",
            self.level, self.plugin_id, self.node, self.message
        )?;
        for (name, value) in &self.fields {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

/// A dialog that a plugin opened for a user.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenDialog {
    /// Names this opening of a dialog.
    pub id: String,
    /// Who sees it.
    pub user_id: String,
    /// What was asked for; its trigger id is the client's.
    pub request: OpenDialogRequest,
}

/// A mail that a plugin sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Address of the receiver.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Body, HTML.
    pub html_body: String,
}

/// Everything that is kept.
#[derive(Debug, Default)]
pub struct Records {
    /// The log.
    pub logs: Vec<LogLine>,
    /// Audit records, each with the plugin that wrote it.
    pub audits: Vec<(String, AuditRecord)>,
    /// Mails.
    pub mails: Vec<Mail>,
    /// Push notifications with their receivers.
    pub pushes: Vec<(String, PushNotification)>,
    /// Dialogs that are open, oldest first.
    pub dialogs: Vec<OpenDialog>,
    /// What a plugin did that a real server or its clients would not put up with.
    pub violations: Vec<String>,
    /// How often each API method was called.
    pub calls: BTreeMap<&'static str, u64>,
    /// Context of clicked buttons, dialogs' submissions and other requests to plugins, newest last.
    pub requests: Vec<(String, Value)>,
}
