//! Pages of Jenkins itself.

use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use super::call::Call;
use super::replies::{Refusal, Reply, html, json as json_reply, redirect};
use crate::jenkins::model::Permission;
use crate::jenkins::world::World;

/// `WhoAmI`; anonymous is an authenticated `AnonymousAuthenticationToken`, so only `anonymous` tells.
pub(crate) fn who_am_i(call: &Call) -> Reply {
    let user = call.login.user.as_ref();
    let authorities = if user.is_some() {
        json!(["authenticated"])
    } else {
        json!(["anonymous"])
    };
    Ok(json_reply(&json!({
        "_class": "hudson.security.WhoAmI",
        "anonymous": user.is_none(),
        "authenticated": true,
        "authorities": authorities,
        "details": null,
        "name": call.login.name(),
    })))
}

pub(crate) fn login() -> Response {
    html(StatusCode::OK, LOGIN_PAGE.to_owned())
}

pub(crate) fn dashboard() -> Response {
    html(
        StatusCode::OK,
        "<!DOCTYPE html><html><head><title>Dashboard - Jenkins</title></head><body></body></html>"
            .to_owned(),
    )
}

/// A login form, as Jenkins or a proxy before it shows it.
pub(crate) const LOGIN_PAGE: &str = "<!DOCTYPE html><html><head><title>Sign in [Jenkins]</title></head>\
    <body><form method=\"post\" action=\"j_spring_security_check\"><input name=\"j_username\"/>\
    <input name=\"j_password\" type=\"password\"/></form></body></html>";

/// `/pluginManager`, for those who may see the system (`PluginManager.doPlugins`).
pub(crate) fn plugins(world: &World, call: &Call) -> Reply {
    call.require(world, Permission::OverallSystemRead)?;
    // Plugins are listed from depth 1 on.
    call.export(world, |view, select| Ok(view.plugins(select)))
}

/// `safeRestart`, `restart`, `quietDown` and `cancelQuietDown` of `jenkins.model.Jenkins`.
pub(crate) fn control(world: &mut World, call: &Call, action: &str) -> Reply {
    call.require_post()?;
    call.require(world, Permission::OverallManage)?;
    let reason = call.parameter("message").map(str::to_owned);
    match action {
        "safeRestart" if call.parameter("cancel").is_some() => world.server.cancel_quiet_down(),
        "safeRestart" => world.safe_restart(reason),
        "restart" => world.restart(),
        "quietDown" => world.server.quiet_down(reason),
        "cancelQuietDown" => {
            world.server.cancel_quiet_down();
            world.settle();
        }
        _ => return Err(Refusal::NotFound),
    }
    Ok(redirect(&call.here()))
}
