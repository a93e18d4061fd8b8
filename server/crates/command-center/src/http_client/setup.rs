//! From settings to a client of the HTTP library.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Proxy};
use rustls::sign::CertifiedKey;
use secrecy::ExposeSecret;

use super::resolver::SystemResolver;
use super::retry::RetryRule;
use super::trust;
use crate::config::{ProxyChoice, Settings, UnusableIdentity};

/// The longest time for looking a name up, connecting and agreeing on TLS together.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest silence in the middle of a body.
const READ_IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Whether certificates are checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CertificateCheck {
    /// Yes, against the operating system's authorities and additional ones.
    #[default]
    Check,
    /// No: any certificate will do.
    Skip,
}

/// How to reach one service.
#[derive(Clone, Debug)]
pub struct ClientSetup {
    /// Additional certificate authorities in PEM; may be empty.
    pub ca_bundle: String,
    /// Whether certificates are checked.
    pub certificates: CertificateCheck,
    /// What is shown of this server; cannot be used if it is an error.
    pub identity: Result<Option<Arc<CertifiedKey>>, UnusableIdentity>,
    /// Which proxy to use.
    pub proxy: ProxyChoice,
    /// The time for one question with its repetitions.
    pub request_timeout: Duration,
    /// The longest silence in the middle of a body.
    pub read_idle_timeout: Duration,
    /// How often to ask.
    pub retry: RetryRule,
}

/// Settings with which no client can be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// The additional certificates are not PEM, or no certificates.
    #[error(
        "the additional CA certificates in the plugin's settings cannot be read; paste them again as PEM text"
    )]
    Certificates,
    /// The certificate that shows who this server is, or its key.
    #[error(
        "the client certificate in the plugin's settings, or its key, cannot be used; /jenkins doctor says what is wrong with it"
    )]
    ClientCertificate,
    /// The proxy's address is not valid.
    #[error(
        "the address of the proxy in the plugin's settings is not valid; correct it or leave it empty"
    )]
    Proxy,
    /// Anything else.
    #[error("the HTTP client could not be prepared: {0}")]
    Other(String),
}

impl ClientSetup {
    /// What the settings say about Jenkins.
    #[must_use]
    pub fn for_jenkins(settings: &Settings) -> Self {
        Self {
            ca_bundle: settings.jenkins_ca_bundle.clone(),
            certificates: if settings.jenkins_skip_tls_verify {
                CertificateCheck::Skip
            } else {
                CertificateCheck::Check
            },
            identity: settings.client_identity(),
            proxy: settings.jenkins_proxy.clone(),
            request_timeout: settings.jenkins_request_timeout,
            ..Self::default()
        }
    }
}

impl Default for ClientSetup {
    fn default() -> Self {
        Self {
            ca_bundle: String::new(),
            certificates: CertificateCheck::Check,
            identity: Ok(None),
            proxy: ProxyChoice::Environment,
            request_timeout: Duration::from_secs(crate::config::DEFAULT_REQUEST_TIMEOUT_SECONDS),
            read_idle_timeout: READ_IDLE_TIMEOUT,
            retry: RetryRule::default(),
        }
    }
}

pub(super) fn build(setup: &ClientSetup) -> Result<Client, SetupError> {
    let builder = Client::builder()
        .user_agent(concat!(
            "mattermost-plugin-command-center/",
            env!("CARGO_PKG_VERSION")
        ))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(Duration::from_secs(60))
        .pool_max_idle_per_host(4)
        .tls_backend_preconfigured(trust::tls_config(setup)?)
        .dns_resolver(SystemResolver::default());
    let builder = match &setup.proxy {
        ProxyChoice::Environment => builder,
        ProxyChoice::Direct => builder.no_proxy(),
        ProxyChoice::Address(address) => {
            builder.proxy(Proxy::all(address.expose_secret()).map_err(|_| SetupError::Proxy)?)
        }
    };
    builder
        .build()
        .map_err(|error| SetupError::Other(error.to_string()))
}
