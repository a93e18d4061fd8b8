//! The playground: a page, and the same over plain HTTP. The routes are in the crate's README.

mod account;
mod conversation;
mod error;
mod events;
mod files;
mod interaction;
mod overview;
mod page;
mod plugin;
mod plugins;
mod shown;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use tokio::net::TcpListener;

use crate::client::User;
use crate::host::DevHost;

/// How many ports after the wanted one are tried.
const PORTS_TRIED: u16 = 50;

/// What the routes share.
#[derive(Clone)]
pub(crate) struct Page {
    host: Arc<DevHost>,
    users: account::Users,
}

impl Page {
    /// The client of the user that a request names.
    fn user(&self, username: &str) -> Arc<User> {
        self.users.get(&self.host, username)
    }
}

/// Listens on loopback: on `port`, or on the next one that is free. Port 0 lets the system choose.
///
/// # Errors
/// When none of the ports is free.
pub async fn listen(port: u16) -> io::Result<TcpListener> {
    let mut last = None;
    for offset in 0..PORTS_TRIED {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.saturating_add(offset)));
        match TcpListener::bind(address).await {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(last.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}

/// Serves the page until the future is dropped.
///
/// # Errors
/// When the listener fails.
pub async fn serve(host: Arc<DevHost>, listener: TcpListener) -> io::Result<()> {
    axum::serve(listener, router(host)).await
}

/// All routes.
pub fn router(host: Arc<DevHost>) -> Router {
    Router::new()
        .route("/", get(page::index))
        .route("/page/{file}", get(page::asset))
        .route("/api/state", get(overview::state))
        .route("/api/emoji", get(page::emoji))
        .route("/api/login", post(account::log_in))
        .route("/api/channels/{channel}/posts", get(conversation::posts))
        .route("/api/threads/{root}", get(conversation::thread))
        .route("/api/posts", post(conversation::create))
        .route("/api/reaction", post(conversation::react))
        .route("/api/command", post(interaction::command))
        .route("/api/autocomplete", get(interaction::autocomplete))
        .route("/api/action", post(interaction::action))
        .route("/api/dialog", post(interaction::dialog))
        .route("/api/dialogs", get(interaction::dialogs))
        .route("/api/files/{file}", get(files::download))
        .route("/api/logs", get(overview::logs))
        .route(
            "/api/settings",
            get(plugin::settings).put(plugin::save_settings),
        )
        .route("/api/plugin", post(plugin::control))
        .route("/api/clock", post(plugin::advance_clock))
        .route("/api/events", get(events::events))
        .route("/plugins/{*path}", any(plugins::serve))
        .layer(middleware::from_fn(only_this_machine))
        .with_state(Page {
            host,
            users: account::Users::default(),
        })
}

/// Refuses requests that a foreign page in somebody's browser sends: the page has no password.
async fn only_this_machine(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_plugin = request.uri().path().starts_with("/plugins/");
    if !is_local(host_of(headers, &header::HOST)) || (!is_plugin && !is_local_origin(headers)) {
        return (
            StatusCode::FORBIDDEN,
            "This development server answers only on localhost.\n",
        )
            .into_response();
    }
    next.run(request).await
}

fn host_of<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn is_local(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    ["localhost", "127.0.0.1", "[::1]"].contains(&name)
}

fn is_local_origin(headers: &HeaderMap) -> bool {
    match host_of(headers, &header::ORIGIN) {
        "" => true,
        origin => origin.strip_prefix("http://") == Some(host_of(headers, &header::HOST)),
    }
}
