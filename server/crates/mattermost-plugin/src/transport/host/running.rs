//! A plugin that runs.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::{Faults, Process};
use crate::hooks::Hooks;

/// How long a plugin has to end after it was asked to (`client.go`, `Kill`).
pub(crate) const QUIT_LIMIT: Duration = Duration::from_secs(2);

/// A started plugin. Dropping it kills it.
pub struct Running {
    pub(crate) hooks: Arc<dyn Hooks>,
    pub(crate) link: Box<dyn Link>,
    pub(crate) faults: Faults,
    pub(crate) body: PluginBody,
}

/// The connection to a plugin, beside its hooks.
pub(crate) trait Link: Send + Sync + 'static {
    /// Asks the plugin whether it lives; the error says why not.
    fn ping(&self) -> BoxFuture<'_, Result<(), String>>;

    /// Asks the plugin to quit, and waits [`QUIT_LIMIT`] at most; whether it has answered.
    fn quit(&self) -> BoxFuture<'_, bool>;

    /// Waits until the connection is gone.
    fn closed(&self) -> BoxFuture<'_, ()>;

    /// Closes the connection.
    fn close(&self);
}

/// What has to be ended in the end.
pub(crate) enum PluginBody {
    Process(Process),
    /// The task that serves a plugin in this process.
    Task(AbortHandle),
}

impl Running {
    /// The plugin's hooks.
    #[must_use]
    pub fn hooks(&self) -> &Arc<dyn Hooks> {
        &self.hooks
    }

    /// Makes the connection fail.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Id of the plugin's process, unless it runs in this one or has ended.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        match &self.body {
            PluginBody::Process(process) => process.id(),
            PluginBody::Task(_) => None,
        }
    }

    /// Asks the plugin whether it lives, as the server does every 30 seconds.
    ///
    /// # Errors
    /// Says why not. A plugin that hangs is waited for.
    pub async fn ping(&self) -> Result<(), String> {
        self.link.ping().await
    }

    /// Waits until the connection to the plugin is gone.
    pub async fn disconnected(&self) {
        self.link.closed().await;
    }

    /// Ends the plugin as the server does: asks it to quit and kills it after two seconds.
    /// Answers whether it quit by itself.
    pub async fn stop(&self) -> bool {
        let quit = self.link.quit().await;
        self.link.close();
        match &self.body {
            PluginBody::Process(process) => process.ended(QUIT_LIMIT).await && quit,
            PluginBody::Task(task) => {
                let ended = async {
                    while !task.is_finished() {
                        tokio::task::yield_now().await;
                    }
                };
                let by_itself = timeout(QUIT_LIMIT, ended).await.is_ok();
                task.abort();
                by_itself && quit
            }
        }
    }

    /// Ends the plugin without a warning, like `kill -9`. Of a plugin in this process the
    /// connection is cut; tasks that it has spawned live on, unable to reach the server.
    pub async fn kill(&self) {
        match &self.body {
            PluginBody::Process(process) => process.kill().await,
            PluginBody::Task(task) => {
                self.faults.cut();
                task.abort();
            }
        }
        self.link.close();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.link.close();
        if let PluginBody::Task(task) = &self.body {
            task.abort();
        }
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running")
            .field("process_id", &self.process_id())
            .finish_non_exhaustive()
    }
}
