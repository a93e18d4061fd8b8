//! From [`tracing`] to the server's log.
//!
//! [`serve`](fn@crate::serve) installs [`Layer`] when the server activates the plugin. From then on
//! `tracing::info!(job, "build started")` becomes one line of the server's log, with the fields of
//! the event and of the spans around it as fields of the line. Logging never waits: lines go
//! through a bounded queue to one task, and lines that find it full are counted and reported
//! afterwards.
//!
//! The values of fields that are named like secrets (`token`, `password`, `authorization`, …) are
//! replaced. A secret inside of a message or under an innocent name is not recognized: keep
//! secrets in types whose `Debug` hides them.
//!
//! What the transport below says about itself goes to standard error instead, which the server
//! reads too: a failing log call could otherwise log for ever.

mod fields;
mod queue;

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};

use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use crate::host::LogLevel;
use crate::remote::Remote;
use crate::transport;
use fields::Fields;
use queue::{Line, Queue};

pub(crate) use fields::redact;

/// Code that log calls pass through. HTTP/2 has an event for each frame.
const BELOW: [&str; 8] = [
    "mattermost_plugin::transport",
    "goplugin",
    "gobwire",
    "go_netrpc",
    "h2",
    "hyper",
    "hyper_util",
    "tonic",
];

static INSTALLED: OnceLock<Handle> = OnceLock::new();

/// Sends everything that the process logs to this host, and answers the handle of that. The first
/// call in a process wins; later ones, and calls in a process that has another subscriber,
/// answer `None`.
///
/// # Panics
/// Outside of a tokio runtime.
pub fn install(host: impl Into<Remote>) -> Option<Handle> {
    let (layer, handle) = layer(host);
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer)).ok()?;
    Some(INSTALLED.get_or_init(|| handle).clone())
}

/// Changes the level of what [`install`] installed, if it did.
pub fn set_level(level: LogLevel) {
    if let Some(handle) = INSTALLED.get() {
        handle.set_level(level);
    }
}

/// A layer that sends events to this host's log, from level info on, and the handle of it.
///
/// # Panics
/// Outside of a tokio runtime, as it spawns the task that empties the queue. The task ends when
/// the layer and all handles are gone.
pub fn layer(host: impl Into<Remote>) -> (Layer, Handle) {
    let handle = Handle {
        queue: Queue::start(host.into()),
        level: Arc::new(AtomicU8::new(LogLevel::Info as u8)),
    };
    (Layer(handle.clone()), handle)
}

/// Controls a [`Layer`]. Clones control the same one.
#[derive(Debug, Clone)]
pub struct Handle {
    queue: Queue,
    level: Arc<AtomicU8>,
}

impl Handle {
    /// Drops events below this level from now on.
    pub fn set_level(&self, level: LogLevel) {
        self.level.store(level as u8, Ordering::Relaxed);
        tracing::callsite::rebuild_interest_cache();
    }

    /// Returns when everything that was logged before has reached the server or was lost.
    pub async fn flush(&self) {
        self.queue.flush().await;
    }

    fn lets_through(&self, level: LogLevel) -> bool {
        level as u8 >= self.level.load(Ordering::Relaxed)
    }
}

/// The layer of a `tracing` subscriber. [`layer`] makes one.
#[derive(Debug)]
pub struct Layer(Handle);

impl<S> tracing_subscriber::Layer<S> for Layer
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(match self.0.level.load(Ordering::Relaxed) {
            level if level == LogLevel::Debug as u8 => LevelFilter::DEBUG,
            level if level == LogLevel::Info as u8 => LevelFilter::INFO,
            level if level == LogLevel::Warn as u8 => LevelFilter::WARN,
            _ => LevelFilter::ERROR,
        })
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let metadata = event.metadata();
        let Some(level) = level_of(metadata).filter(|level| self.0.lets_through(*level)) else {
            return;
        };
        let is_below = is_below(metadata);
        if is_below && level < LogLevel::Warn {
            return;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        if is_below {
            transport::report(level, &fields.in_one_line());
            return;
        }
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(of_span) = span.extensions().get::<Fields>() {
                fields.extend_with(of_span);
            }
        }
        let (message, mut fields) = fields.into_line();
        fields.push(("target".to_owned(), metadata.target().to_owned()));
        self.0.queue.push(Line {
            level,
            message,
            fields,
        });
    }
}

/// The server's name of a level. It has none for traces.
fn level_of(metadata: &Metadata<'_>) -> Option<LogLevel> {
    match *metadata.level() {
        Level::ERROR => Some(LogLevel::Error),
        Level::WARN => Some(LogLevel::Warn),
        Level::INFO => Some(LogLevel::Info),
        Level::DEBUG => Some(LogLevel::Debug),
        Level::TRACE => None,
    }
}

fn is_below(metadata: &Metadata<'_>) -> bool {
    BELOW.iter().any(|module| {
        metadata
            .target()
            .strip_prefix(module)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    })
}

#[cfg(test)]
mod tests;
