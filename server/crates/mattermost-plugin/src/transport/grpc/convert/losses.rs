//! What was to be sent and cannot be. Each kind is reported once.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::transport::Capability;

static FIELDS: Mutex<BTreeSet<(&str, &str)>> = Mutex::new(BTreeSet::new());
static CAPABILITIES: Mutex<Vec<Capability>> = Mutex::new(Vec::new());

/// Reports, once for each field, that a value other than the default does not travel.
pub(crate) fn lost<T: Default + PartialEq>(model: &'static str, field: &'static str, value: &T) {
    if *value != T::default() {
        field_lost(model, field);
    }
}

/// Reports, once for each field, that it does not travel.
pub(crate) fn field_lost(model: &'static str, field: &'static str) {
    let mut fields = FIELDS.lock().unwrap_or_else(PoisonError::into_inner);
    if fields.insert((model, field)) {
        tracing::warn!(
            model,
            field,
            "the server's gRPC protocol does not carry this field"
        );
    }
}

/// Reports, once for each capability, what takes its place.
pub(crate) fn fell_back(capability: Capability, fallback: &str) {
    let mut capabilities = CAPABILITIES.lock().unwrap_or_else(PoisonError::into_inner);
    if !capabilities.contains(&capability) {
        capabilities.push(capability);
        tracing::warn!(
            ?capability,
            fallback,
            "the server's gRPC protocol cannot do this"
        );
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tracing::Subscriber;
    use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

    use super::{Capability, fell_back, lost};

    /// Counts what is logged.
    #[derive(Clone, Default)]
    struct Count(Arc<AtomicUsize>);

    impl<S: Subscriber> Layer<S> for Count {
        fn on_event(&self, _: &tracing::Event<'_>, _: Context<'_, S>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn each_kind_of_loss_is_told_once() {
        let count = Count::default();
        let subscriber = tracing_subscriber::registry().with(count.clone());
        tracing::subscriber::with_default(subscriber, || {
            for _ in 0..3 {
                lost("ModelOfThisTest", "one", &1);
                lost("ModelOfThisTest", "two", &2);
                lost("ModelOfThisTest", "none", &0);
                fell_back(Capability::ExtraResponses, "nothing");
            }
        });
        assert_eq!(count.0.load(Ordering::Relaxed), 3);
    }
}
