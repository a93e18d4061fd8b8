//! How this instance is, for those who watch over it: an address that says whether it works, and counters
//! for Prometheus.
//!
//! Neither names a job, a user or a channel: labels are names of commands, kinds of outcomes, and the
//! aliases of servers that the administrator chose.

mod counters;
mod exposition;
mod health;

use std::sync::Arc;

use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response};
use mattermost_plugin::Api;
use mattermost_plugin::cluster::Presence;
use mattermost_plugin::http::Body;

use crate::config::Severity;
use crate::jenkins::access::Access;
use crate::jenkins::subscriptions::tools::FeedTools;
use crate::jenkins::watch::supervisor::Supervisor;

pub use counters::{Counters, Family};
use exposition::{Exposition, Kind};
pub use health::HEALTH_PATH;

/// What is looked at.
pub struct Monitor {
    api: Api,
    access: Arc<Access>,
    supervisor: Arc<Supervisor>,
    feeds: Arc<FeedTools>,
    presence: Arc<Presence>,
}

impl Monitor {
    /// A monitor of one instance.
    #[must_use]
    pub fn new(
        api: Api,
        access: Arc<Access>,
        supervisor: Arc<Supervisor>,
        feeds: Arc<FeedTools>,
        presence: Arc<Presence>,
    ) -> Self {
        Self {
            api,
            access,
            supervisor,
            feeds,
            presence,
        }
    }

    /// Whether the settings let commands work.
    fn is_configured(&self) -> bool {
        let snapshot = self.access.configuration().current();
        let mut problems = snapshot.problems.iter();
        !problems.any(|problem| problem.severity == Severity::Error)
    }

    /// All that is counted, in Prometheus' text format. Asks nobody.
    #[must_use]
    pub fn metrics(&self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.exposition()));
        response.headers_mut().insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"),
        );
        response
            .headers_mut()
            .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    fn exposition(&self) -> String {
        let counters = &self.feeds.counters;
        let mut text = Exposition::default();
        text.family(
            "info",
            Kind::Gauge,
            "The plugin.",
            [(vec![("version", env!("CARGO_PKG_VERSION"))], 1)],
        );
        text.family(
            "settings_complete",
            Kind::Gauge,
            "Whether the settings let commands work.",
            [(vec![], u64::from(self.is_configured()))],
        );
        text.family(
            "watches",
            Kind::Gauge,
            "Builds that this instance follows.",
            [(vec![], self.supervisor.count() as u64)],
        );
        for (name, label, help, family) in [
            (
                "commands_total",
                "command",
                "Commands that were typed.",
                &counters.commands,
            ),
            (
                "posts_total",
                "kind",
                "Posts that tell of builds.",
                &counters.posts,
            ),
            (
                "webhook_requests_total",
                "outcome",
                "What came to the addresses for Jenkins.",
                &counters.webhooks,
            ),
        ] {
            let samples = family.all();
            let samples = samples
                .iter()
                .map(|(value, count)| (vec![(label, *value)], *count));
            text.family(name, Kind::Counter, help, samples);
        }
        self.requests(&mut text);
        text.into()
    }

    fn requests(&self, text: &mut Exposition) {
        let tallies = self.access.tallies();
        let mut requests = Vec::new();
        let mut reachable = Vec::new();
        for (alias, tally) in &tallies {
            for (outcome, count) in tally.counts() {
                requests.push((
                    vec![("server", alias.as_str()), ("outcome", outcome)],
                    count,
                ));
            }
            if let Some(last) = tally.last() {
                reachable.push((vec![("server", alias.as_str())], u64::from(last.succeeded)));
            }
        }
        text.family(
            "jenkins_requests_total",
            Kind::Counter,
            "Requests to Jenkins, repetitions included, by what came back.",
            requests,
        );
        text.family(
            "jenkins_reachable",
            Kind::Gauge,
            "Whether the last request to Jenkins was answered.",
            reachable,
        );
    }
}
