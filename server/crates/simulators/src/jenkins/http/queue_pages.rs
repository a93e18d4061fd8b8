//! Pages of the queue (`hudson.model.Queue`).

use axum::response::IntoResponse;
use http::StatusCode;

use super::call::Call;
use super::replies::{Refusal, Reply};
use crate::jenkins::model::Permission;
use crate::jenkins::world::World;

pub(crate) fn route(world: &mut World, call: &Call, rest: &[&str]) -> Reply {
    match rest {
        ["api", "json"] => call.export(world, |view, select| Ok(view.queue(select))),
        ["item", id, "api", "json"] => {
            let id = id.parse().map_err(|_| Refusal::NotFound)?;
            call.export(world, |view, select| {
                view.world
                    .queue_item(id)
                    .filter(|item| view.sees(&item.job))
                    .map(|item| view.queue_item(item, select))
                    .ok_or(Refusal::NotFound)
            })
        }
        ["cancelItem"] => cancel(world, call),
        _ => Err(Refusal::NotFound),
    }
}

/// `Queue.doCancelItem`: 204, 404 for an unknown id, 422 without the permission, 500 for an item that has left.
fn cancel(world: &mut World, call: &Call) -> Reply {
    call.require_post()?;
    let sent = call.parameter("id").unwrap_or_default();
    let found = sent
        .parse()
        .ok()
        .and_then(|id| world.queue_item(id))
        .filter(|item| call.view(world).sees(&item.job))
        .map(|item| item.id);
    let Some(id) = found else {
        return Err(Refusal::Error(
            StatusCode::NOT_FOUND,
            format!("Provided id ({sent}) not found"),
        ));
    };
    if call.require(world, Permission::ItemCancel).is_err() {
        let message = format!("Item for id ({id}) is not cancellable");
        return Err(Refusal::Error(StatusCode::UNPROCESSABLE_ENTITY, message));
    }
    if world.cancel_queue_item(id) {
        Ok(StatusCode::NO_CONTENT.into_response())
    } else {
        Err(Refusal::Error(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("Could not cancel run for id {id}"),
        ))
    }
}
