//! Plugins at the other end of the wire.

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use mattermost_plugin::transport::host::{Executable, Running, in_process, launch};
use mattermost_plugin::{Host, Protocol};

use super::Source;
use crate::server::{Control, Launch, Launched};

/// Starts instances of one plugin.
pub(crate) struct Launcher {
    pub(crate) protocol: Protocol,
    pub(crate) source: Source,
    /// Where its bundle is unpacked.
    pub(crate) directory: Option<PathBuf>,
}

impl Launch for Launcher {
    fn launch(&self, host: Arc<dyn Host>) -> BoxFuture<'_, Result<Launched, String>> {
        Box::pin(async move {
            let running = match &self.source {
                Source::Executable(path) => {
                    let executable = Executable {
                        path,
                        directory: self.directory.as_deref(),
                    };
                    launch(self.protocol, executable, host).await
                }
                Source::InProcess(make) => in_process(self.protocol, make(), host).await,
            };
            let running = running.map_err(|error| format!("unable to start plugin: {error}"))?;
            Ok(Launched {
                hooks: running.hooks().clone(),
                control: Arc::new(running),
            })
        })
    }
}

impl Control for Running {
    fn ping(&self) -> BoxFuture<'_, bool> {
        Box::pin(async { Running::ping(self).await.is_ok() })
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            Running::stop(self).await;
        })
    }

    fn kill(&self) -> BoxFuture<'_, ()> {
        Box::pin(Running::kill(self))
    }

    fn cut(&self) {
        self.faults().cut();
    }

    fn stall(&self, stalled: bool) {
        if stalled {
            self.faults().stall();
        } else {
            self.faults().resume();
        }
    }

    fn process_id(&self) -> Option<u32> {
        Running::process_id(self)
    }
}
