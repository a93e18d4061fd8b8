//! The threads of a plugin's process.
//!
//! One thread does everything: it lets the runtime run the transport, and the hooks between the
//! turns of the runtime. That is what costs least, in time and in memory. Should a hook block it,
//! though, the server would soon think the plugin dead; so a second thread looks from time to time
//! whether the first one is stuck in a hook, and if so runs the runtime in its place until it
//! returns. The second thread begins with the first hook and sleeps while there are none.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::thread::{self, Thread};
use std::sync::OnceLock;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::{Notify, watch};

use crate::transport::{Calls, Queue};

/// How often the second thread looks.
const TICK: Duration = Duration::from_millis(50);

/// After how many looks without any hook it sleeps.
const QUIET_TICKS: u32 = 40;

/// How many steps of hooks may run between two turns of the runtime.
const STEPS: usize = 32;

/// How long a stuck hook keeps the process alive when the server has ended it.
const GRACE: Duration = Duration::from_millis(500);

/// Runs `serve` to its end, and the calls that it makes.
///
/// When the end comes while a hook blocks its thread, `abandon` is called with it and must end the
/// process.
pub(super) fn run<T, F>(
    runtime: Runtime,
    serve: impl FnOnce(Calls) -> F,
    abandon: impl Fn(T) + Send + 'static,
) -> io::Result<T>
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = io::Result<T>> + Send + 'static,
{
    todo!()
}
