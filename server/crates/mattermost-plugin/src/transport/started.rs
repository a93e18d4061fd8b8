//! What a transport is given to serve.

use std::sync::Arc;

#[cfg(feature = "grpc")]
use super::grpc;
use super::netrpc;
use crate::hooks::Hooks;
use crate::plugin::Plugin;
use crate::remote::Remote;

/// One plugin instance that has not been started.
pub(crate) struct Started {
    make: Box<dyn FnOnce(Remote) -> Arc<dyn Hooks> + Send>,
    /// Answers its hooks over net/rpc.
    pub(crate) netrpc: netrpc::Dispatch,
    /// Answers its hooks over gRPC.
    #[cfg(feature = "grpc")]
    pub(crate) grpc: grpc::Dispatch,
}

impl Started {
    /// The hooks that `make` makes are those of `P`: an executable holds no code to read and answer the
    /// others.
    pub(crate) fn of<P: Plugin>(
        make: impl FnOnce(Remote) -> Arc<dyn Hooks> + Send + 'static,
    ) -> Self {
        Self {
            make: Box::new(make),
            netrpc: netrpc::dispatch::<P>,
            #[cfg(feature = "grpc")]
            grpc: grpc::dispatch::<P>,
        }
    }

    /// The hooks, which call the server through the given connection. They answer nothing until the
    /// server has activated the plugin.
    pub(crate) fn hooks(self, host: Remote) -> Arc<dyn Hooks> {
        (self.make)(host)
    }
}
