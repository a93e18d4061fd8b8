//! The page itself: plain files, compiled in.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};

/// Nothing from outside, and no scripts within the page.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const ASSETS: &[(&str, &str, &str)] = &[
    (
        "style.css",
        "text/css; charset=utf-8",
        include_str!("page/style.css"),
    ),
    (
        "posts.css",
        "text/css; charset=utf-8",
        include_str!("page/posts.css"),
    ),
    (
        "app.js",
        "text/javascript; charset=utf-8",
        include_str!("page/app.js"),
    ),
    (
        "api.js",
        "text/javascript; charset=utf-8",
        include_str!("page/api.js"),
    ),
    (
        "dom.js",
        "text/javascript; charset=utf-8",
        include_str!("page/dom.js"),
    ),
    (
        "markdown.js",
        "text/javascript; charset=utf-8",
        include_str!("page/markdown.js"),
    ),
    (
        "inline.js",
        "text/javascript; charset=utf-8",
        include_str!("page/inline.js"),
    ),
    (
        "posts.js",
        "text/javascript; charset=utf-8",
        include_str!("page/posts.js"),
    ),
    (
        "attachments.js",
        "text/javascript; charset=utf-8",
        include_str!("page/attachments.js"),
    ),
    (
        "composer.js",
        "text/javascript; charset=utf-8",
        include_str!("page/composer.js"),
    ),
    (
        "dialog.js",
        "text/javascript; charset=utf-8",
        include_str!("page/dialog.js"),
    ),
    (
        "sidebar.js",
        "text/javascript; charset=utf-8",
        include_str!("page/sidebar.js"),
    ),
    (
        "logs.js",
        "text/javascript; charset=utf-8",
        include_str!("page/logs.js"),
    ),
];

/// `GET /`.
pub(super) async fn index() -> Response {
    (
        [(CONTENT_SECURITY_POLICY, POLICY)],
        Html(include_str!("page/index.html")),
    )
        .into_response()
}

/// `GET /page/<file>`.
pub(super) async fn asset(Path(file): Path<String>) -> Response {
    match ASSETS.iter().find(|(name, _, _)| *name == file) {
        Some((_, kind, text)) => {
            ([(CONTENT_TYPE, *kind), (CACHE_CONTROL, "no-cache")], *text).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /api/emoji`: characters of emoji by name.
pub(super) async fn emoji() -> Json<BTreeMap<&'static str, String>> {
    Json(crate::state::emoji::all().collect())
}
