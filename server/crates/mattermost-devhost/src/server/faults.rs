//! Faults on demand: API calls that fail or take their time.

use std::collections::BTreeMap;
use std::time::Duration;

use mattermost_plugin::Error;

use crate::errors::app_error;

/// What happens to the next calls of one API method.
#[derive(Debug, Clone)]
pub struct Fault {
    /// How many calls it happens to.
    pub times: usize,
    /// How long such a call waits first.
    pub delay: Duration,
    /// What it answers instead of doing its work; `None` does the work after the delay.
    pub error: Option<Error>,
    /// Do the work, then answer the error all the same: an answer that got lost.
    pub after_effect: bool,
}

impl Fault {
    /// Fails the next `times` calls with status 500, without any effect.
    #[must_use]
    pub fn fail(times: usize) -> Self {
        let error = app_error(
            "devhost",
            "devhost.fault.app_error",
            "A fault was asked for.",
            500,
        );
        Self {
            times,
            delay: Duration::ZERO,
            error: Some(error.into()),
            after_effect: false,
        }
    }

    /// Does the work of the next `times` calls and answers status 500 all the same.
    #[must_use]
    pub fn lose_answer(times: usize) -> Self {
        Self {
            after_effect: true,
            ..Self::fail(times)
        }
    }

    /// Delays the next `times` calls.
    #[must_use]
    pub fn delay(times: usize, delay: Duration) -> Self {
        Self {
            times,
            delay,
            error: None,
            after_effect: false,
        }
    }
}

/// Faults by Go name of the API method.
#[derive(Debug, Default)]
pub struct Faults {
    planned: BTreeMap<String, Vec<Fault>>,
}

impl Faults {
    /// Plans a fault after those that are planned already.
    pub fn plan(&mut self, method: &str, fault: Fault) {
        self.planned
            .entry(method.to_owned())
            .or_default()
            .push(fault);
    }

    /// Forgets all plans.
    pub fn clear(&mut self) {
        self.planned.clear();
    }

    /// The fault of the next call of `method`, which is used up by that.
    pub fn next(&mut self, method: &str) -> Option<Fault> {
        let planned = self.planned.get_mut(method)?;
        planned.retain(|fault| fault.times > 0);
        let fault = planned.first_mut()?;
        fault.times -= 1;
        Some(fault.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Fault, Faults};

    #[test]
    fn a_fault_happens_as_often_as_planned() {
        let mut faults = Faults::default();
        faults.plan("KVSet", Fault::fail(2));
        faults.plan("KVSet", Fault::delay(1, Duration::from_secs(1)));
        assert!(faults.next("KVGet").is_none());
        assert!(
            faults
                .next("KVSet")
                .is_some_and(|fault| fault.error.is_some())
        );
        assert!(
            faults
                .next("KVSet")
                .is_some_and(|fault| fault.error.is_some())
        );
        assert!(
            faults
                .next("KVSet")
                .is_some_and(|fault| fault.error.is_none())
        );
        assert!(faults.next("KVSet").is_none());
    }
}
