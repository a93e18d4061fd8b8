//! Errors of calls.
//!
//! Some methods answer their error inside the answer, others as the status of the call, in which
//! case its text is `<id>: <message>`. A failure of the transport has the same codes and no id.

use tonic::{Code, Status};

use crate::error::Error;
use crate::model::AppError;
#[cfg(any(test, feature = "host"))]
use crate::transport::grpc::{convert, messages::api};

/// What an error without an id begins with that the server itself made (`errors.go`, `ErrorToStatus`).
const PLAIN: &str = "internal error: ";

/// What grpc-go says of a message that is longer than its limit.
const TOO_LARGE: &str = "grpc: received message larger than max";

/// Why the call of `method` failed.
pub(super) fn error(method: &'static str, status: &Status) -> Error {
    let text = status.message();
    if let Some((id, message)) = split(text) {
        return app_error(method, status.code(), id, message);
    }
    match status.code() {
        Code::ResourceExhausted if text.starts_with(TOO_LARGE) => too_large(method),
        Code::Unimplemented => Error::Unsupported {
            what: method,
            reason: "this server does not answer it over gRPC".to_owned(),
        },
        Code::InvalidArgument
        | Code::Unauthenticated
        | Code::PermissionDenied
        | Code::NotFound
        | Code::AlreadyExists => app_error(method, status.code(), "", text),
        Code::Internal if text.starts_with(PLAIN) => {
            app_error(method, Code::Internal, "", text.trim_start_matches(PLAIN))
        }
        code => {
            let reason = if text.is_empty() {
                code.description()
            } else {
                text
            };
            Error::Transport {
                method,
                reason: reason.to_owned(),
            }
        }
    }
}

/// The refusal of a request that the server does not take.
pub(super) fn too_large(method: &'static str) -> Error {
    let reason = "over gRPC the server takes requests of four MiB at most".to_owned();
    Error::Unsupported {
        what: method,
        reason,
    }
}

fn app_error(method: &str, code: Code, id: &str, message: &str) -> Error {
    Error::App(AppError {
        id: id.to_owned(),
        message: message.to_owned(),
        status_code: http_status(code),
        r#where: method.to_owned(),
        ..AppError::default()
    })
}

/// An id, which is words with dots between them, and the message behind it.
fn split(text: &str) -> Option<(&str, &str)> {
    let (id, message) = text.split_once(": ")?;
    let is_id = id.contains('.')
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    is_id.then_some((id, message))
}

fn http_status(code: Code) -> i64 {
    match code {
        Code::InvalidArgument => 400,
        Code::Unauthenticated => 401,
        Code::PermissionDenied => 403,
        Code::NotFound => 404,
        Code::AlreadyExists => 409,
        Code::ResourceExhausted => 429,
        Code::Unimplemented => 501,
        Code::Unavailable => 503,
        _ => 500,
    }
}

/// How a method answers its errors.
#[cfg(any(test, feature = "host"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Status,
    Field,
}

/// The error of a host, in either way (`errors.go`).
#[cfg(any(test, feature = "host"))]
pub(crate) fn failure(way: Way, error: Error) -> Result<api::AppError, Status> {
    let error = match error {
        Error::App(error) => error,
        other => return Err(Status::internal(format!("{PLAIN}{other}"))),
    };
    match way {
        Way::Field => Ok(convert::error_of_api(error)),
        Way::Status if error.id.is_empty() => Err(Status::internal(format!("{PLAIN}{error}"))),
        Way::Status => {
            let code = match error.status_code {
                400 => Code::InvalidArgument,
                401 => Code::Unauthenticated,
                403 => Code::PermissionDenied,
                404 => Code::NotFound,
                409 => Code::AlreadyExists,
                413 | 429 => Code::ResourceExhausted,
                501 => Code::Unimplemented,
                503 => Code::Unavailable,
                _ => Code::Internal,
            };
            Err(Status::new(
                code,
                format!("{}: {}", error.id, error.message),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use tonic::{Code, Status};

    use super::error;
    use crate::error::Error;

    fn of(code: Code, text: &str) -> Error {
        error("GetUser", &Status::new(code, text))
    }

    #[test]
    fn an_error_of_the_server_is_told_from_one_of_the_transport() {
        let Error::App(missing) = of(
            Code::NotFound,
            "app.user.missing_account.const: Unable to find the user.",
        ) else {
            panic!("an error of the server")
        };
        assert_eq!(missing.id, "app.user.missing_account.const");
        assert_eq!(missing.message, "Unable to find the user.");
        assert_eq!(missing.status_code, 404);
        assert!(Error::App(missing).is_not_found());

        assert!(matches!(
            of(Code::Unavailable, "no connection: refused"),
            Error::Transport { .. }
        ));
        assert!(matches!(
            of(Code::Internal, "stream error: reset"),
            Error::Transport { .. }
        ));
        assert!(
            matches!(of(Code::Unavailable, "api.command.off.app_error: off"), Error::App(error) if error.status_code == 503)
        );
    }

    #[test]
    fn a_plain_error_of_the_server_keeps_its_text() {
        let Error::App(plain) = of(Code::Internal, "internal error: no space left") else {
            panic!("an error of the server")
        };
        assert_eq!(
            (plain.message.as_str(), plain.status_code),
            ("no space left", 500)
        );
    }

    #[test]
    fn what_the_server_cannot_do_is_unsupported() {
        assert!(matches!(
            of(Code::Unimplemented, "method GetPluginID not implemented"),
            Error::Unsupported {
                what: "GetUser",
                ..
            }
        ));
        let text = "grpc: received message larger than max (5000000 vs. 4194304)";
        assert!(matches!(
            of(Code::ResourceExhausted, text),
            Error::Unsupported { .. }
        ));
    }
}
