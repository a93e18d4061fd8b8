//! Errors inside answers.

use super::Wire;
use crate::error::HookError;
use crate::model;
use crate::transport::grpc::messages::api::AppError;

/// What a server takes for "something went wrong" where a plugin names no status.
const INTERNAL_SERVER_ERROR: i64 = 500;

/// An error of the API.
#[inline(never)]
pub(crate) fn api_error(wire: AppError) -> model::AppError {
    model::AppError {
        id: wire.id,
        message: wire.message,
        detailed_error: wire.detailed_error,
        request_id: wire.request_id,
        status_code: wire.status_code.into(),
        r#where: wire.r#where,
        skip_translation: false,
    }
}

/// The error that a hook answers.
///
/// The server throws the message away and takes the translation of the id instead, which for an id
/// without a translation is the id itself. So the message goes there too, and the id to the details.
fn hook_error(error: model::AppError) -> AppError {
    let status = if error.status_code == 0 {
        INTERNAL_SERVER_ERROR
    } else {
        error.status_code
    };
    let mut wire = AppError {
        id: error.id,
        message: error.message,
        detailed_error: error.detailed_error,
        request_id: error.request_id,
        status_code: status.to_wire(),
        r#where: error.r#where,
        params: None,
    };
    if !wire.message.is_empty() {
        let id = std::mem::replace(&mut wire.id, wire.message.clone());
        wire.detailed_error = [id, wire.detailed_error]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ");
    }
    wire
}

/// An error without an id, of the hook of that name.
impl From<(&'static str, HookError)> for Box<AppError> {
    fn from((name, error): (&'static str, HookError)) -> Self {
        hook_error(model::AppError {
            r#where: name.to_owned(),
            ..error.into()
        })
        .into()
    }
}

impl From<(&'static str, model::AppError)> for Box<AppError> {
    fn from((_, error): (&'static str, model::AppError)) -> Self {
        hook_error(error).into()
    }
}

/// An error of the API, for a plugin.
#[cfg(any(test, feature = "host"))]
pub(crate) fn error_of_api(error: model::AppError) -> AppError {
    AppError {
        id: error.id,
        message: error.message,
        detailed_error: error.detailed_error,
        request_id: error.request_id,
        status_code: error.status_code.to_wire(),
        r#where: error.r#where,
        params: None,
    }
}

/// What the server makes of an error that a hook answers, in a language without translations.
#[cfg(any(test, feature = "host"))]
pub(crate) fn error_of_hook(wire: AppError) -> model::AppError {
    model::AppError {
        message: wire.id.clone(),
        ..api_error(wire)
    }
}

#[cfg(test)]
mod tests {
    use super::hook_error;
    use crate::model::AppError;

    #[test]
    fn the_message_of_a_hook_goes_where_the_server_reads_it() {
        let error = AppError::new("Build", "no such job", 404)
            .with_id("build.missing")
            .with_detail("job 7");
        let wire = hook_error(error);
        assert_eq!(wire.id, "no such job");
        assert_eq!(wire.detailed_error, "build.missing, job 7");
        assert_eq!(wire.status_code, 404);
        assert_eq!(wire.r#where, "Build");
    }

    #[test]
    fn an_id_without_a_message_stays() {
        let wire = hook_error(AppError {
            id: "build.missing".to_owned(),
            ..AppError::default()
        });
        assert_eq!(wire.id, "build.missing");
        assert_eq!(wire.detailed_error, "");
        assert_eq!(wire.status_code, 500);
    }
}
