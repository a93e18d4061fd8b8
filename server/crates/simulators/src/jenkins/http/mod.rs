//! Jenkins' pages over HTTP.
//!
//! [`serve`] takes a request through the same stations as Jenkins does: the network (where faults strike), the restart
//! page, authentication, the crumb filter, then the page itself. Pages are plain functions of the world and the request.

mod auth;
mod build_pages;
mod call;
mod crumb;
mod export;
mod fields;
mod item_pages;
mod log_pages;
mod node_pages;
mod pipeline_pages;
mod queue_pages;
mod replies;
mod routes;
mod server_pages;
mod trigger;

use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use http_body_util::BodyExt;

pub(crate) use auth::claimed_user;
pub(crate) use call::{Call, NetworkCall};
pub(crate) use fields::Fields;
pub(crate) use server_pages::LOGIN_PAGE;

use super::control::{Connection, Shared};
use super::model::decode_percent;
use replies::{Page, not_jenkins};

/// Answers one request.
pub(crate) async fn serve(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    // A body that breaks off is a client that went away: nobody reads the answer.
    let body = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    let network = NetworkCall::new(head, body, &shared.context_path);
    shared.record(&network);
    let fault = shared.take_fault(&network);
    match fault {
        None => answer(&shared, network),
        Some(fault) => fault.apply(connection, || answer(&shared, network)).await,
    }
}

/// Jenkins' own answer.
fn answer(shared: &Arc<Shared>, network: NetworkCall) -> Response {
    let mut world = shared.world();
    let Some(path) = network.path.clone() else {
        return not_jenkins();
    };
    let segments = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(decode_percent)
        .collect();
    let page = Page::new(&world.version, world.server.restarts);
    if world.server.is_restarting() {
        return page.restarting();
    }
    let login = match auth::authenticate(&world, &network.headers) {
        Ok(login) => login,
        Err(auth::BadCredentials) => return page.unauthorized(),
    };
    if let Err(crumb::NoValidCrumb) = crumb::check(&world, &network, &login) {
        return page.error(http::StatusCode::FORBIDDEN, crumb::MESSAGE);
    }
    let call = Call::new(
        network,
        segments,
        login,
        &shared.context_path,
        shared.public_url.as_deref(),
    );
    let reply = routes::route(shared, &mut world, &call);
    drop(world);
    shared.changed.notify_waiters();
    page.finish(reply, &call)
}
