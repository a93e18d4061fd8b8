//! What takes the place of methods that the server does not answer.

use std::path::Path;

use super::signature::of::{GetBundlePath, SearchPostsInTeam};
use super::{ApiClient, Signature};
use crate::error::Error;
use crate::host::LogLevel;
use crate::model::{AuditRecord, Post, SearchParams};
use crate::transport::Capability;
use crate::transport::grpc::convert::{Wire, fell_back};
use crate::transport::grpc::messages::api;

/// The id in the manifest of the bundle.
pub(super) async fn plugin_id(client: &ApiClient) -> Result<String, Error> {
    let bundle = client.unary::<GetBundlePath>(()).await?;
    let id = manifest_id(Path::new(&bundle));
    id.map_err(|reason| Error::Unsupported {
        what: "GetPluginID",
        reason,
    })
}

fn manifest_id(bundle: &Path) -> Result<String, String> {
    #[derive(serde::Deserialize)]
    struct Manifest {
        id: String,
    }
    let path = bundle.join("plugin.json");
    let unreadable =
        |error: &dyn std::fmt::Display| format!("cannot read {}: {error}", path.display());
    // A file of a few kilobytes, read once.
    let json = std::fs::read(&path).map_err(|error| unreadable(&error))?;
    let manifest: Manifest = serde_json::from_slice(&json).map_err(|error| unreadable(&error))?;
    Ok(manifest.id)
}

/// A line in the ordinary log.
pub(super) async fn audit(client: &ApiClient, (record,): (AuditRecord,)) -> Result<(), Error> {
    fell_back(Capability::AuditRecords, "a line in the ordinary log");
    let json = serde_json::to_string(&record).map_err(|error| Error::Invalid(error.to_string()))?;
    client
        .write_log(
            LogLevel::Info,
            "audit".to_owned(),
            vec![("record".to_owned(), json)],
        )
        .await
}

/// A search is refused that would find what it was told to leave out.
pub(super) async fn search(
    client: &ApiClient,
    arguments: <SearchPostsInTeam as Signature>::Arguments,
) -> Result<Vec<Post>, Error> {
    let (_, searches) = &arguments;
    if searches.iter().any(|search| !travels_whole(search)) {
        let reason =
            "over gRPC a search has words, channels, people and file extensions only".to_owned();
        return Err(Error::Unsupported {
            what: "SearchPostsInTeam",
            reason,
        });
    }
    client.unary::<SearchPostsInTeam>(arguments).await
}

fn travels_whole(search: &SearchParams) -> bool {
    let wire: api::SearchParams = search.clone().to_wire();
    SearchParams::from_wire(wire) == *search
}
