//! A plugin at the other end of this protocol.

use std::sync::Arc;

use crate::api::Api;
use crate::host::Host;
use crate::plugin::Plugin;
use crate::transport::Protocol;
use crate::transport::host::Running;
use crate::transport::testing;

pub(super) use crate::transport::testing::{Dropped, TinyHost, answer, argument, command};

/// A plugin that is connected and active.
pub(super) async fn activated<P: Plugin>(
    host: Arc<dyn Host>,
    make: impl FnOnce(Api) -> P + Send + 'static,
) -> Running {
    testing::activated(Protocol::NetRpc, host, make).await
}
