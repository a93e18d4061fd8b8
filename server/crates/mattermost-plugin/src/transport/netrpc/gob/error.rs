//! Go's `error` interface.

use gobwire::{Describer, Result, TypeTable, ValueDecoder, ValueEncoder, ids};
use mattermost_plugin_derive::GoModel;
use serde_json::Value;

use super::{Field, any, interface};
use crate::error::{Error, HookError};
use crate::model::AppError;

/// A Go `error` as it crosses the plugin protocol.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum GoError {
    /// nil.
    #[default]
    None,
    /// `*plugin.ErrorString`: text, and a code for the errors that Go code compares with
    /// (`client_rpc.go`: 1 `io.EOF`, 2 `sql.ErrNoRows`, 3 to 7 errors of database drivers).
    Text {
        /// Which well-known error this is; 0 for all others.
        code: i64,
        /// What the error says.
        text: String,
    },
    /// `*model.AppError`.
    App(AppError),
}

impl GoError {
    /// An error with this text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text {
            code: 0,
            text: text.into(),
        }
    }

    /// The error as one of an API call.
    ///
    /// # Errors
    /// When it is not nil.
    pub fn into_result(self) -> std::result::Result<(), Error> {
        match self.into_app_error() {
            None => Ok(()),
            Some(error) => Err(Error::App(error)),
        }
    }

    /// The error as an [`AppError`]: text alone becomes its message.
    #[must_use]
    pub fn into_app_error(self) -> Option<AppError> {
        match self {
            Self::None => None,
            Self::App(error) => Some(error),
            Self::Text { code, text } => Some(AppError {
                message: text,
                status_code: if code == 2 { 404 } else { 0 },
                skip_translation: true,
                ..AppError::default()
            }),
        }
    }

    /// The error as what a hook answers.
    ///
    /// # Errors
    /// When it is not nil.
    pub fn into_hook_result(self) -> std::result::Result<(), HookError> {
        match self {
            Self::None => Ok(()),
            Self::Text { text, .. } => Err(HookError::new(text)),
            Self::App(error) => Err(HookError::from(error)),
        }
    }
}

impl From<HookError> for GoError {
    fn from(error: HookError) -> Self {
        Self::text(error.message())
    }
}

impl From<AppError> for GoError {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<Error> for GoError {
    fn from(error: Error) -> Self {
        match error {
            Error::App(error) => Self::App(error),
            other => Self::text(other.to_string()),
        }
    }
}

impl<T, E: Into<GoError>> From<std::result::Result<T, E>> for GoError {
    fn from(result: std::result::Result<T, E>) -> Self {
        result.err().map_or(Self::None, Into::into)
    }
}

/// `plugin.ErrorString`.
#[derive(Debug, Default, GoModel)]
struct ErrorString {
    code: i64,
    err: String,
}

/// The part of `pq.Error` (PostgreSQL's driver) that says what happened.
#[derive(Debug, Default, GoModel)]
#[go(name = "Error")]
struct PostgresError {
    severity: String,
    code: String,
    message: String,
    detail: String,
}

impl Field for GoError {
    fn describe(_: &mut Describer<'_>) -> Result<i64> {
        Ok(ids::INTERFACE)
    }

    fn compatible(_: &TypeTable, wire: i64) -> bool {
        wire == ids::INTERFACE
    }

    fn is_zero(&self) -> bool {
        matches!(self, Self::None)
    }

    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        match self {
            Self::None => encoder.interface(None),
            Self::Text { code, text } => {
                let error = ErrorString {
                    code: *code,
                    err: text.clone(),
                };
                interface::write_as(encoder, "*plugin.ErrorString", &error)
            }
            Self::App(error) => interface::write_as(encoder, "*model.AppError", error),
        }
    }

    fn decode(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
        if wire != ids::INTERFACE {
            return Err(decoder.mismatch::<Self>(wire));
        }
        *self = match interface::read_header(decoder)? {
            None => Self::None,
            Some((name, wire)) => match name.as_str() {
                "*plugin.ErrorString" => {
                    let error: ErrorString = interface::read_as(decoder, wire)?;
                    Self::Text {
                        code: error.code,
                        text: error.err,
                    }
                }
                "*model.AppError" => Self::App(interface::read_as(decoder, wire)?),
                "*pq.Error" => {
                    let error: PostgresError = interface::read_as(decoder, wire)?;
                    let detail = if error.detail.is_empty() {
                        String::new()
                    } else {
                        format!(": {}", error.detail)
                    };
                    Self::text(format!(
                        "pq: {}{detail} ({} {})",
                        error.message, error.severity, error.code
                    ))
                }
                _ => match any::read_held(decoder, &name, wire)? {
                    Value::String(text) => Self::text(text),
                    other => Self::text(format!("{name}: {other}")),
                },
            },
        };
        Ok(())
    }
}
