//! Structs of calls that are no rows of the SDK's tables.

use std::collections::BTreeMap;

use mattermost_plugin::model::UploadSession;
use mattermost_plugin::transport::netrpc::gob::{ByteString, GoUrl};
use mattermost_plugin_derive::GoModel;

pub(crate) type Header = BTreeMap<ByteString, Vec<ByteString>>;

#[derive(Default, GoModel)]
pub(crate) struct Request {
    service_method: String,
    seq: u64,
}

#[derive(Default, GoModel)]
pub(crate) struct Response {
    service_method: String,
    seq: u64,
    error: String,
}

#[derive(Default, GoModel)]
#[go(name = "HTTPRequestSubset")]
pub(crate) struct HttpRequest {
    method: String,
    #[go(name = "URL")]
    url: GoUrl,
    proto: String,
    proto_major: i64,
    proto_minor: i64,
    header: Header,
    host: String,
    remote_addr: String,
    #[go(name = "RequestURI")]
    request_uri: ByteString,
}

/// `plugin.Context` with text as it came from the client.
#[derive(Default, GoModel)]
#[go(name = "Context")]
pub(crate) struct RawContext {
    session_id: String,
    request_id: String,
    #[go(name = "IPAddress")]
    ip_address: ByteString,
    accept_language: ByteString,
    user_agent: ByteString,
}

#[derive(Default, GoModel)]
pub(crate) struct ServeHttp {
    response_writer_stream: u32,
    request: Option<HttpRequest>,
    context: Option<RawContext>,
    request_body_stream: u32,
}

#[derive(Default, GoModel)]
pub(crate) struct PluginHttp {
    response_body_stream: u32,
    request: Option<HttpRequest>,
    request_body_stream: u32,
}

#[derive(Default, GoModel)]
pub(crate) struct PluginHttpReply {
    status_code: i64,
    header: Header,
}

#[derive(Default, GoModel)]
pub(crate) struct InstallPlugin {
    #[go(name = "PluginStreamID")]
    stream: u32,
    #[go(name = "B")]
    replace: bool,
}

#[derive(Default, GoModel)]
pub(crate) struct UploadData {
    #[go(name = "A")]
    session: Option<UploadSession>,
    #[go(name = "PluginStreamID")]
    stream: u32,
}

#[derive(Default, GoModel)]
pub(crate) struct OnActivate {
    #[go(name = "APIMuxId")]
    api: u32,
    #[go(name = "DriverMuxId")]
    driver: u32,
}
