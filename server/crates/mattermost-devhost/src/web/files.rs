//! Files of posts.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};

use super::Page;
use super::error::Failure;

/// `GET /api/files/<file>`: the bytes of a file, as a download.
pub(super) async fn download(
    State(page): State<Page>,
    Path(file): Path<String>,
) -> Result<Response, Failure> {
    let (info, content) = page.host.server().read(|data| {
        let info = data.files.info(&file)?.clone();
        Ok::<_, mattermost_plugin::model::AppError>((info, data.files.content(&file).cloned()))
    })?;
    let Some(bytes) = content.and_then(|content| content.bytes) else {
        return Err(Failure::new(
            "This file is too large: only its size and hash are kept.",
            413,
        ));
    };
    let name: String = info
        .name
        .chars()
        .map(|sign| {
            if sign == '"' || sign.is_control() {
                '_'
            } else {
                sign
            }
        })
        .collect();
    let headers = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((headers, bytes).into_response())
}
