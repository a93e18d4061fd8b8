//! The boundary around each call: a panic or a hanging hook costs one call, not the process.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::timeout;

use crate::hooks::HookFailure;
use crate::transport::panic_text;

/// How long a hook may take. The server waits for ever.
const LIMIT: Duration = Duration::from_secs(60);

/// A command's user is gone after the server's write timeout (`ServiceSettings.WriteTimeout`).
const COMMAND_LIMIT: Duration = Duration::from_secs(300);

/// A server that shuts down waits no longer (`app/plugin.go`, `ShutDownPlugins`).
const DEACTIVATE_LIMIT: Duration = Duration::from_secs(10);

/// The time that the hook of this Go name may take; `None` for any.
pub(super) fn limit(hook: &str) -> Option<Duration> {
    match hook {
        "OnActivate" | "ServeHTTP" | "ServeMetrics" => None,
        "OnDeactivate" => Some(DEACTIVATE_LIMIT),
        "ExecuteCommand" => Some(COMMAND_LIMIT),
        _ => Some(LIMIT),
    }
}

/// Runs one call of a hook to its end, its panic or its deadline.
pub(super) async fn guarded<T>(
    hook: &'static str,
    work: impl Future<Output = T>,
) -> Result<T, HookFailure> {
    let work = AssertUnwindSafe(work).catch_unwind();
    let outcome = match limit(hook) {
        None => work.await,
        Some(limit) => match timeout(limit, work).await {
            Ok(outcome) => outcome,
            Err(_) => {
                let seconds = limit.as_secs();
                tracing::error!(hook, seconds, "hook did not answer in time");
                return Err(HookFailure::TimedOut { hook, seconds });
            }
        },
    };
    // The process's panic hook has written the panic to the log.
    outcome.map_err(|panic| HookFailure::Panicked {
        hook,
        message: panic_text(&*panic).to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{HookFailure, guarded};

    #[tokio::test]
    async fn a_panic_becomes_a_failure() {
        let failure = guarded("OnInstall", async { panic!("of {}", "fear") }).await;
        let expected = HookFailure::Panicked {
            hook: "OnInstall",
            message: "of fear".to_owned(),
        };
        assert_eq!(failure, Err::<(), _>(expected));
    }

    #[tokio::test(start_paused = true)]
    async fn a_hook_that_hangs_is_given_up() {
        let started = tokio::time::Instant::now();
        let failure = guarded("OnDeactivate", std::future::pending::<()>()).await;
        assert_eq!(
            failure,
            Err(HookFailure::TimedOut {
                hook: "OnDeactivate",
                seconds: 10
            })
        );
        assert_eq!(started.elapsed().as_secs(), 10);
    }
}
