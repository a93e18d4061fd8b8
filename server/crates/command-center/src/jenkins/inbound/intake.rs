//! From a request to the inbox: as little as possible before Jenkins gets its answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::header::{ALLOW, CONTENT_LENGTH, RETRY_AFTER};
use http::{Method, StatusCode, Uri};
use mattermost_plugin::api::new_id;
use tokio::time::Instant;

use super::body::BODY_LIMIT;
use super::event::InboundEvent;
use super::hook::{Hook, HookUse};
use super::inbox::{Accepted, Inbox};
use super::recognize::understand;
use super::secret::Claim;
use super::store::HookStore;
use crate::clock::Clock;
use crate::jenkins::access::Access;
use crate::jenkins::subscriptions::dispatch::{Dispatcher, Job};
use crate::monitoring::Counters;
use crate::notifications::rate::TokenBucket;
use crate::text;

/// Where Jenkins sends, below `/plugins/<id>`.
pub const HOOK_PATH: &str = "/hooks/jenkins/";
/// What one source may send each second in the long run.
const PER_SECOND: u32 = 100;
/// What one source may send at once.
const BURST: u32 = 300;
/// A body has to be there within this time.
const BODY_TIME: Duration = Duration::from_secs(10);
/// Sources whose rate is remembered.
const MOST_LIMITS: usize = 1000;
/// `mattermostSend` takes nothing but status 200 as success.
const TAKEN: &str = "ok";

/// Takes what Jenkins sends.
pub struct Intake {
    hooks: Arc<HookStore>,
    inbox: Arc<Inbox>,
    access: Arc<Access>,
    dispatcher: Arc<Dispatcher>,
    clock: Clock,
    counters: Arc<Counters>,
    limits: Mutex<HashMap<String, TokenBucket>>,
    usage: Mutex<HashMap<String, HookUse>>,
}

/// Why a request was refused.
enum Refusal {
    /// Neither the source nor its secret is told from the other.
    Unknown,
    Method,
    TooMany(Duration),
    TooLarge,
    TooSlow,
    NotUnderstood(String),
    /// Try again later.
    Busy,
}

impl Intake {
    /// An intake that stores events in `inbox` and hands them on.
    #[must_use]
    pub fn new(
        hooks: Arc<HookStore>,
        inbox: Arc<Inbox>,
        access: Arc<Access>,
        dispatcher: Arc<Dispatcher>,
        clock: Clock,
        counters: Arc<Counters>,
    ) -> Self {
        Self {
            hooks,
            inbox,
            access,
            dispatcher,
            clock,
            counters,
            limits: Mutex::default(),
            usage: Mutex::default(),
        }
    }

    /// The routes.
    pub fn router(self: Arc<Self>) -> Router {
        Router::new()
            .route(&format!("{HOOK_PATH}{{*rest}}"), any(receive))
            .with_state(self)
    }

    /// Writes down what came since this was called last.
    pub async fn save_usage(&self) {
        let usage = std::mem::take(&mut *self.usage.lock().unwrap_or_else(PoisonError::into_inner));
        for (id, more) in usage {
            if let Err(error) = self.hooks.add_usage(&id, &more).await {
                tracing::debug!(webhook = id, %error, "the use of a webhook is not written down");
            }
        }
    }

    async fn take(&self, request: Request) -> Result<(), Refusal> {
        let hook = self.prove(request.uri()).await.inspect_err(|_| {
            self.counters.webhooks.add("unproved");
        })?;
        let taken = self.take_from(&hook, request).await;
        self.counters.webhooks.add(match taken {
            Ok(_) => "taken",
            Err(_) => "refused",
        });
        self.count(&hook, taken.as_ref());
        taken.map(drop)
    }

    async fn prove(&self, uri: &Uri) -> Result<Arc<Hook>, Refusal> {
        let path = uri.path();
        let path = path.strip_prefix(HOOK_PATH).unwrap_or_default();
        let claim = Claim::read(path, uri.query()).ok_or(Refusal::Unknown)?;
        let hook = self.hooks.recent(&claim.id).await.map_err(|error| {
            tracing::warn!(%error, "a webhook cannot be checked");
            Refusal::Busy
        })?;
        hook.filter(|hook| hook.accepts(&claim.secret, self.clock.now()))
            .ok_or(Refusal::Unknown)
    }

    /// Tells who sent it.
    async fn take_from(&self, hook: &Hook, request: Request) -> Result<String, Refusal> {
        if request.method() != Method::POST {
            return Err(Refusal::Method);
        }
        self.limit(&hook.id).map_err(Refusal::TooMany)?;
        let length = request.headers().get(CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if length.is_some_and(|length| length > BODY_LIMIT) {
            return Err(Refusal::TooLarge);
        }
        let reading = axum::body::to_bytes(request.into_body(), BODY_LIMIT);
        let body = tokio::time::timeout(BODY_TIME, reading)
            .await
            .map_err(|_| Refusal::TooSlow)?
            .map_err(|_| Refusal::TooLarge)?;
        let address = self.access.address(&hook.server);
        let understood = understand(&body, address.as_deref())
            .map_err(|error| Refusal::NotUnderstood(error.to_string()))?;
        let sender = understood.sender.to_string();
        if !understood.unread.is_empty() {
            tracing::debug!(webhook = hook.id, %sender, unread = ?understood.unread, "parts of what Jenkins sent cannot be read");
        }
        if understood.event == InboundEvent::Nothing {
            return Ok(sender);
        }
        let accepted = Accepted {
            id: new_id(),
            hook_id: hook.id.clone(),
            server: hook.server.clone(),
            received_at: self.clock.now(),
            event: understood.event,
        };
        let slot = self.inbox.reserve().ok_or(Refusal::Busy)?;
        let place = self.dispatcher.reserve(&accepted).ok_or(Refusal::Busy)?;
        self.inbox.put(&slot, &accepted).await.map_err(|error| {
            tracing::warn!(webhook = hook.id, %error, "what Jenkins sent cannot be stored");
            Refusal::Busy
        })?;
        place.send(Job::accepted(accepted, slot));
        Ok(sender)
    }

    fn limit(&self, hook_id: &str) -> Result<(), Duration> {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        if limits.len() >= MOST_LIMITS && !limits.contains_key(hook_id) {
            limits.clear();
        }
        let now = Instant::now();
        limits
            .entry(hook_id.to_owned())
            .or_insert_with(|| TokenBucket::new(PER_SECOND, BURST, now))
            .take(now)
    }

    fn count(&self, hook: &Hook, taken: Result<&String, &Refusal>) {
        let mut usage = self.usage.lock().unwrap_or_else(PoisonError::into_inner);
        let usage = usage.entry(hook.id.clone()).or_default();
        usage.last_at = self.clock.now();
        match taken {
            Ok(sender) => {
                usage.accepted += 1;
                usage.last_sender.clone_from(sender);
            }
            Err(refusal) => {
                usage.refused += 1;
                usage.last_problem = text::truncate(&refusal.words(), 300);
            }
        }
    }
}

async fn receive(State(intake): State<Arc<Intake>>, request: Request<Body>) -> Response {
    match intake.take(request).await {
        Ok(()) => (StatusCode::OK, TAKEN).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

impl Refusal {
    fn words(&self) -> String {
        match self {
            Self::Unknown => "404 page not found".to_owned(),
            Self::Method => "Only POST is understood here.".to_owned(),
            Self::TooMany(_) => format!(
                "Too many at once: up to {PER_SECOND} each second are taken. Try again later."
            ),
            Self::TooLarge => {
                "The body is longer than 1 MiB. Send less, without the log.".to_owned()
            }
            Self::TooSlow => "The body did not arrive in time. Try again.".to_owned(),
            Self::NotUnderstood(words) => words.clone(),
            Self::Busy => "Too much is waiting already. Try again later.".to_owned(),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Unknown => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NotUnderstood(_) => StatusCode::BAD_REQUEST,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, words) = (self.status(), self.words());
        let seconds = |wait: Duration| wait.as_secs().max(1).to_string();
        match self {
            Self::TooMany(wait) => (status, [(RETRY_AFTER, seconds(wait))], words).into_response(),
            Self::Busy => (status, [(RETRY_AFTER, "5")], words).into_response(),
            Self::Method => (status, [(ALLOW, "POST")], words).into_response(),
            _ => (status, words).into_response(),
        }
    }
}
