//! `/plugins/<id>/…`.

use axum::body::Body as AxumBody;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use mattermost_plugin::http::Body;

use super::Page;
use crate::server::http::{not_found, public_file};
use crate::state::files::kind_of;

/// Hands a request to the plugin, or answers a file of its `public` directory.
pub(super) async fn serve(State(page): State<Page>, request: Request) -> Response {
    let server = page.host.server();
    if let Some(path) = public_file(server, request.uri().path()) {
        return match tokio::fs::read(&path).await {
            Ok(bytes) => {
                let (_, kind) = kind_of(&path.to_string_lossy());
                let kind = if kind.is_empty() {
                    "application/octet-stream".to_owned()
                } else {
                    kind
                };
                (
                    [
                        (CONTENT_TYPE, kind),
                        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
                    ],
                    bytes,
                )
                    .into_response()
            }
            Err(_) => not_found().map(AxumBody::new),
        };
    }
    let request = request.map(Body::new);
    server
        .serve_plugin_request(0, request, "127.0.0.1")
        .await
        .map(AxumBody::new)
}
