//! Errors as the server's API answers them.

use mattermost_plugin::model::AppError;

/// An error of the server: `place` is the function that Mattermost names, `id` the id of its
/// message, `status` the HTTP status.
pub(crate) fn app_error(
    place: &str,
    id: &str,
    message: impl Into<String>,
    status: u16,
) -> AppError {
    AppError {
        id: id.to_owned(),
        message: message.into(),
        status_code: i64::from(status),
        r#where: place.to_owned(),
        ..AppError::default()
    }
}

/// The same with a detail, which a plugin sees and a client does not.
pub(crate) fn detailed(mut error: AppError, detail: impl Into<String>) -> AppError {
    error.detailed_error = detail.into();
    error
}

/// There is no such user.
pub(crate) fn user_missing(place: &str) -> AppError {
    app_error(
        place,
        "app.user.missing_account.const",
        "Unable to find the user.",
        404,
    )
}

/// There is no such channel.
pub(crate) fn channel_missing(place: &str, channel_id: &str) -> AppError {
    app_error(
        place,
        "app.channel.get.existing.app_error",
        format!("Unable to find the existing channel {channel_id}."),
        404,
    )
}

/// There is no such post.
pub(crate) fn post_missing(place: &str) -> AppError {
    app_error(
        place,
        "app.post.get.app_error",
        "Unable to get the post.",
        404,
    )
}

/// There is no such team.
pub(crate) fn team_missing(place: &str) -> AppError {
    app_error(
        place,
        "app.team.get.find.app_error",
        "Unable to find the existing team.",
        404,
    )
}
