//! Pages of folders and jobs.

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};

use super::call::Call;
use super::replies::{Refusal, Reply, escape, html, redirect, text};
use super::trigger;
use crate::jenkins::model::{JobKind, Permission};
use crate::jenkins::world::{CannotScan, ItemKind, ItemState, NewItem, World};

/// Pages that every item has.
fn any(world: &mut World, call: &Call, full_name: &str, rest: &[&str]) -> Reply {
    match rest {
        [] if call.network.method == Method::DELETE => delete(world, call, full_name),
        [] => Ok(html(
            StatusCode::OK,
            format!(
                "<!DOCTYPE html><title>{} [Jenkins]</title>",
                escape(full_name)
            ),
        )),
        ["api", "json"] => call.export(world, |view, select| {
            view.world
                .item(full_name)
                .map(|item| view.item(item, select))
                .ok_or(Refusal::NotFound)
        }),
        ["config.xml"] => config(world, call, full_name),
        ["doDelete"] => {
            call.require_post()?;
            delete(world, call, full_name)
        }
        ["submitDescription"] => {
            call.require_post()?;
            call.require(world, Permission::ItemConfigure)?;
            if let Some(item) = world.items.get_mut(full_name) {
                call.parameter("description")
                    .unwrap_or_default()
                    .clone_into(&mut item.description);
            }
            Ok(redirect(&call.here()))
        }
        _ => Err(Refusal::NotFound),
    }
}

/// A folder of any kind.
pub(crate) fn folder(world: &mut World, call: &Call, full_name: &str, rest: &[&str]) -> Reply {
    match rest {
        ["createItem"] => create(world, call, full_name),
        ["build"] => scan(world, call, full_name),
        ["view", "all", "api", "json"] => {
            call.export(world, |view, select| Ok(view.view(full_name, select)))
        }
        // MultiBranchProject calls its scan “indexing”, OrganizationFolder keeps ComputedFolder's “computation”.
        [scan @ ("indexing" | "computation"), log @ ..] => {
            scan_log(world, call, full_name, scan, log)
        }
        ["enable"] => set_disabled(world, call, full_name, false),
        ["disable"] => set_disabled(world, call, full_name, true),
        _ => any(world, call, full_name, rest),
    }
}

/// A job.
pub(crate) fn job(world: &mut World, call: &Call, full_name: &str, rest: &[&str]) -> Reply {
    match rest {
        ["build"] => trigger::build(world, call, full_name),
        ["buildWithParameters"] => trigger::build_with_parameters(world, call, full_name),
        ["enable"] => set_disabled(world, call, full_name, false),
        ["disable"] => set_disabled(world, call, full_name, true),
        _ => any(world, call, full_name, rest),
    }
}

/// `ComputedFolder.doBuild`: a scan, and back to the previous page. A plain folder has no such page.
fn scan(world: &mut World, call: &Call, full_name: &str) -> Reply {
    call.require_post()?;
    call.require(world, Permission::ItemBuild)?;
    let started_by = call
        .login
        .user
        .as_ref()
        .map_or("anonymous", |user| &user.full_name);
    match world.scan(full_name, started_by) {
        Ok(()) => Ok(redirect(&call.previous_page())),
        Err(CannotScan::NoComputedFolder) => Err(Refusal::NotFound),
        Err(CannotScan::Disabled) => {
            let message = format!("{full_name} cannot be recomputed");
            Err(Refusal::Error(StatusCode::INTERNAL_SERVER_ERROR, message))
        }
    }
}

/// The log of the newest scan, whole or from an offset; a scan is over at once.
fn scan_log(world: &World, call: &Call, full_name: &str, scan: &str, rest: &[&str]) -> Reply {
    let log = match world.item(full_name).map(|item| &item.kind) {
        Some(ItemKind::Multibranch(scans)) if scan == "indexing" => &scans.log,
        Some(ItemKind::Organization(scans)) if scan == "computation" => &scans.log,
        _ => return Err(Refusal::NotFound),
    };
    match rest {
        ["consoleText"] => Ok(text(log.clone())),
        ["logText", "progressiveText"] => {
            let start = call.parameter("start").and_then(|start| start.parse().ok());
            let shown = start
                .and_then(|start: usize| log.get(start..))
                .unwrap_or(log);
            let mut response = text(shown.to_owned());
            response
                .headers_mut()
                .insert("x-text-size", log.len().into());
            Ok(response)
        }
        _ => Err(Refusal::NotFound),
    }
}

/// `ParameterizedJob.doEnable` and `doDisable`.
fn set_disabled(world: &mut World, call: &Call, full_name: &str, disabled: bool) -> Reply {
    call.require_post()?;
    call.require(world, Permission::ItemConfigure)?;
    match world.items.get_mut(full_name).map(|item| &mut item.kind) {
        Some(ItemKind::Job(job)) if job.disabled != disabled => {
            job.disabled = disabled;
            job.unsaved = false;
        }
        Some(ItemKind::Multibranch(scans) | ItemKind::Organization(scans)) => {
            scans.disabled = disabled;
        }
        // A plain folder has no such page.
        Some(ItemKind::Folder) => return Err(Refusal::NotFound),
        _ => {}
    }
    if disabled {
        world.cancel_queued_builds(full_name);
    }
    Ok(redirect(&call.here()))
}

/// `AbstractItem.doDoDelete`: back to the parent. Also `DELETE /job/X/`, which answers 204.
fn delete(world: &mut World, call: &Call, full_name: &str) -> Reply {
    call.require(world, Permission::ItemDelete)?;
    let parent = world
        .item(full_name)
        .map(|item| item.parent().to_owned())
        .unwrap_or_default();
    world.delete_item(full_name);
    if call.network.method == Method::DELETE {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let parent = if parent.is_empty() {
        String::new()
    } else {
        super::export::item_path(&parent)
    };
    Ok(redirect(&format!("{}/{parent}", call.client_root)))
}

/// `ItemGroupMixIn.createTopLevelItem`: from XML, or a copy.
pub(crate) fn create(world: &mut World, call: &Call, parent: &str) -> Reply {
    call.require_post()?;
    call.require(world, Permission::ItemCreate)?;
    let name = call
        .parameter("name")
        .ok_or_else(|| Refusal::Failure("Query parameter 'name' is required".to_owned()))?;
    if call.parameter("mode") == Some("copy") {
        let from = call.parameter("from").unwrap_or_default();
        world
            .copy_item(parent, name, from)
            .map_err(|error| Refusal::Failure(error.to_string()))?;
        let item = if parent.is_empty() {
            name.to_owned()
        } else {
            format!("{parent}/{name}")
        };
        return Ok(redirect(&format!(
            "{}/{}",
            call.client_root,
            super::export::item_path(&item)
        )));
    }
    let content_type = call.network.header(CONTENT_TYPE.as_str());
    let is_xml = content_type
        .is_some_and(|kind| kind.starts_with("application/xml") || kind.starts_with("text/xml"));
    if !is_xml {
        return Err(Refusal::Failure("No Content-Type header set".to_owned()));
    }
    let xml = String::from_utf8_lossy(&call.network.body);
    let kind = NewItem::of_document(&xml)
        .ok_or_else(|| Refusal::Exception("Unable to read the document".to_owned()))?;
    world
        .create_item(parent, name, &xml, kind)
        .map_err(|error| Refusal::Failure(error.to_string()))?;
    Ok(StatusCode::OK.into_response())
}

/// `AbstractItem.doConfigDotXml`.
fn config(world: &mut World, call: &Call, full_name: &str) -> Reply {
    call.require(world, Permission::ItemConfigure)?;
    if call.is_post() {
        world.configure(full_name, &String::from_utf8_lossy(&call.network.body));
        return Ok(StatusCode::OK.into_response());
    }
    let item = world.item(full_name).ok_or(Refusal::NotFound)?;
    let xml = item
        .config_xml
        .clone()
        .unwrap_or_else(|| default_config(item));
    let mut response = Response::new(xml.into());
    response.headers_mut().insert(
        CONTENT_TYPE,
        http::HeaderValue::from_static("application/xml"),
    );
    Ok(response)
}

fn default_config(item: &ItemState) -> String {
    let (root, disabled) = match &item.kind {
        ItemKind::Job(job) => {
            let root = if job.kind == JobKind::Freestyle {
                "project"
            } else {
                "flow-definition"
            };
            (root, format!("<disabled>{}</disabled>", job.disabled))
        }
        _ => (item.class(), String::new()),
    };
    let description = escape(&item.description);
    format!(
        "<?xml version='1.1' encoding='UTF-8'?>\n<{root}><description>{description}</description>{disabled}</{root}>\n"
    )
}
