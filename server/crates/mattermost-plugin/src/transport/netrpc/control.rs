//! The control stream: go-plugin's services `Control` and `Dispenser` (`rpc_server.go`).

use std::sync::Arc;

use futures_util::FutureExt;
use tokio::sync::watch;

use super::broker::Broker;
use super::gob::Bare;
use super::header::Empty;
use super::hooks_service::HooksService;
use super::server::{self, Argument, Call, Refusal, Reply, Service};
use crate::host::LogLevel;
use crate::transport::{Calls, report};

/// Answers the host's questions about the plugin as a whole.
pub(crate) struct ControlService {
    pub(crate) broker: Broker,
    pub(crate) hooks: Arc<HooksService>,
    /// Where hooks run.
    pub(crate) calls: Calls,
    /// Becomes true when the host asks to quit.
    pub(crate) quit: watch::Sender<bool>,
}

impl Service for ControlService {
    fn call(
        self: &Arc<Self>,
        service_method: &str,
        argument: Argument<'_>,
    ) -> Result<Call, Refusal> {
        match service_method {
            "Control.Ping" => Ok(answer(Box::new(Empty::default()))),
            "Control.Quit" => {
                self.quit.send_replace(true);
                Ok(answer(Box::new(Empty::default())))
            }
            "Dispenser.Dispense" => {
                let Bare(name): Bare<String> = argument.decode()?;
                if name == "hooks" {
                    Ok(answer(Box::new(Bare(self.dispense()))))
                } else {
                    Ok(std::future::ready(Err(format!("unknown plugin type: {name}"))).boxed())
                }
            }
            _ if service_method.starts_with("Control.")
                || service_method.starts_with("Dispenser.") =>
            {
                Err(Refusal::NoMethod)
            }
            _ => Err(Refusal::NoService),
        }
    }
}

impl ControlService {
    /// The number of a stream on which hooks are served once the host opens it.
    fn dispense(&self) -> u32 {
        let listening = self.broker.listen();
        let number = listening.number();
        let (hooks, calls) = (self.hooks.clone(), self.calls.clone());
        tokio::spawn(async move {
            let served = match listening.accept().await {
                Ok(stream) => server::serve(hooks, stream, &calls).await,
                Err(error) => Err(error),
            };
            if let Err(error) = served {
                report(
                    LogLevel::Error,
                    &format!("the connection for hooks failed: {error}"),
                );
            }
        });
        number
    }
}

fn answer(reply: Reply) -> Call {
    std::future::ready(Ok(reply)).boxed()
}
