//! The server's log.

use std::fmt::Display;

use crate::error::Error;
use crate::host::LogLevel;
use crate::log::redact;

service! {
    /// Lines in the server's log, written before the call returns.
    ///
    /// Ordinary code logs through [`tracing`], which does not wait
    /// ([`log`](crate::log)). Fields that are named like secrets are replaced in both.
    Log
}

impl Log<'_> {
    /// Writes a line that only shows when the server logs at debug level.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn debug<'f, V: Display>(
        &self,
        message: &str,
        fields: impl IntoIterator<Item = (&'f str, V)>,
    ) -> Result<(), Error> {
        self.write(LogLevel::Debug, message, fields).await
    }

    /// Writes a line that an administrator may want to know.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn info<'f, V: Display>(
        &self,
        message: &str,
        fields: impl IntoIterator<Item = (&'f str, V)>,
    ) -> Result<(), Error> {
        self.write(LogLevel::Info, message, fields).await
    }

    /// Writes a line about something that may need attention.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn warn<'f, V: Display>(
        &self,
        message: &str,
        fields: impl IntoIterator<Item = (&'f str, V)>,
    ) -> Result<(), Error> {
        self.write(LogLevel::Warn, message, fields).await
    }

    /// Writes a line about something that needs attention.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn error<'f, V: Display>(
        &self,
        message: &str,
        fields: impl IntoIterator<Item = (&'f str, V)>,
    ) -> Result<(), Error> {
        self.write(LogLevel::Error, message, fields).await
    }

    /// Writes a line at any level.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn write<'f, V: Display>(
        &self,
        level: LogLevel,
        message: &str,
        fields: impl IntoIterator<Item = (&'f str, V)>,
    ) -> Result<(), Error> {
        let fields = fields
            .into_iter()
            .map(|(name, value)| redact(name, value.to_string()))
            .collect();
        self.host.log(level, message.to_owned(), fields).await
    }
}
