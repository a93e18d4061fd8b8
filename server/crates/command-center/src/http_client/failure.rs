//! What can go wrong between us and a service, with its cause and the next step.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

use crate::text;

/// Why there is no answer. `Display` is one or two plain sentences: the cause and the next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpFailure {
    /// The name of the host could not be looked up.
    Dns {
        /// The name.
        host: String,
        /// In which way.
        fault: DnsFault,
    },
    /// Nobody accepted the connection.
    Connect {
        /// Host and port.
        address: String,
        /// What the operating system says.
        detail: String,
    },
    /// No secure connection could be agreed on.
    Tls {
        /// The host.
        host: String,
        /// In which way.
        fault: TlsFault,
    },
    /// It took too long.
    Timeout {
        /// What took too long.
        phase: Phase,
        /// The limit.
        after: Duration,
    },
    /// The body is longer than what is read.
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The service sends us to another host, or round in circles.
    Redirected {
        /// The status of the answer.
        status: StatusCode,
        /// Where to, without query.
        to: String,
    },
    /// The connection ended in the middle.
    Cut {
        /// What the connection says.
        detail: String,
    },
    /// What came back is not HTTP.
    Protocol {
        /// What the parser says.
        detail: String,
    },
}

/// Why a name has no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DnsFault {
    /// The name does not exist, or has no address.
    NoSuchHost,
    /// No name server answered, or none is configured.
    NoAnswer {
        /// What the resolver says.
        detail: String,
    },
}

/// Why a certificate or a connection is not trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsFault {
    /// The certificate is signed by a CA that is not trusted here.
    UnknownIssuer,
    /// The certificate has expired.
    Expired,
    /// The certificate is not valid yet: one of the clocks may be wrong.
    NotValidYet,
    /// The certificate is for other names.
    WrongName,
    /// The service does not speak TLS on this port.
    NotTls,
    /// The service wants to see a client certificate.
    WantsCertificate,
    /// The service does not accept the client certificate that it saw.
    RefusesCertificate,
    /// Anything else.
    Other {
        /// What the TLS library says.
        detail: String,
    },
}

/// A part of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Looking the name up, connecting, agreeing on TLS.
    Connect,
    /// Waiting for the head of the answer.
    Answer,
    /// Waiting for the next piece of the body.
    Body,
    /// All of it.
    Whole,
}

/// What a failure says about asking again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryKind {
    /// The question was not sent: even a POST may be sent again.
    NotSent,
    /// The question may have arrived: only a GET may be sent again.
    PerhapsSent,
    /// It would fail in the same way.
    Permanent,
}

impl HttpFailure {
    /// Whether to ask again.
    #[must_use]
    pub fn retry_kind(&self) -> RetryKind {
        match self {
            Self::Dns {
                fault: DnsFault::NoAnswer { .. },
                ..
            }
            | Self::Connect { .. } => RetryKind::NotSent,
            Self::Timeout {
                phase: Phase::Connect,
                ..
            } => RetryKind::NotSent,
            Self::Cut { .. } => RetryKind::PerhapsSent,
            Self::Dns { .. }
            | Self::Tls { .. }
            | Self::Timeout { .. }
            | Self::TooLarge { .. }
            | Self::Redirected { .. }
            | Self::Protocol { .. } => RetryKind::Permanent,
        }
    }

    /// True if the service cannot have seen the question: nothing has to be looked up or undone.
    #[must_use]
    pub fn is_certainly_unsent(&self) -> bool {
        matches!(
            self,
            Self::Dns { .. }
                | Self::Connect { .. }
                | Self::Tls { .. }
                | Self::Timeout {
                    phase: Phase::Connect,
                    ..
                }
        )
    }

    /// True if the service may well answer the same question a little later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.retry_kind() != RetryKind::Permanent || matches!(self, Self::Timeout { .. })
    }

    /// What failed and why: one plain sentence that quotes the other side unescaped.
    #[must_use]
    pub fn cause(&self) -> String {
        match self {
            Self::Dns {
                host,
                fault: DnsFault::NoSuchHost,
            } => format!("There is no host named {host}."),
            Self::Dns {
                host,
                fault: DnsFault::NoAnswer { detail },
            } => {
                format!("The name {host} could not be looked up: {detail}.")
            }
            Self::Connect { address, detail } => format!("No connection to {address}: {detail}."),
            Self::Tls { host, fault } => format!("No secure connection to {host}: {fault}."),
            Self::Timeout {
                phase: Phase::Connect,
                after,
            } => {
                format!("No connection within {}.", text::duration(*after))
            }
            Self::Timeout {
                phase: Phase::Answer,
                after,
            } => format!("No answer within {}.", text::duration(*after)),
            Self::Timeout {
                phase: Phase::Body,
                after,
            } => {
                format!("The answer stopped coming for {}.", text::duration(*after))
            }
            Self::Timeout {
                phase: Phase::Whole,
                after,
            } => format!(
                "The answer was not complete after {}.",
                text::duration(*after)
            ),
            Self::TooLarge { limit } => {
                format!("The answer is longer than {}.", text::bytes(*limit))
            }
            Self::Redirected { to, .. } => format!("The server sends us to {to}."),
            Self::Cut { detail } => {
                format!("The connection ended in the middle of the answer: {detail}.")
            }
            Self::Protocol { detail } => format!("The answer is not HTTP: {detail}."),
        }
    }

    /// What to do about it: one plain sentence.
    #[must_use]
    pub fn next_step(&self) -> &'static str {
        match self {
            Self::Dns { .. } => {
                "Check the host name in the plugin's settings, and that the Mattermost server can look it up."
            }
            Self::Connect { .. }
            | Self::Timeout {
                phase: Phase::Connect,
                ..
            } => {
                "Check address and port in the plugin's settings, and that no firewall stands between the \
                 Mattermost server and this host."
            }
            Self::Tls { fault, .. } => fault.next_step(),
            Self::Timeout { .. } => {
                "Try again; if it stays slow, raise the time limit in the plugin's settings."
            }
            Self::TooLarge { .. } => "Ask for less, or open it in the browser.",
            Self::Redirected { .. } => {
                "If that is the right address, put it into the plugin's settings; if it is a login page, \
                 let the Mattermost server pass it."
            }
            Self::Cut { .. } => "Try again; a proxy in between may limit time or size.",
            Self::Protocol { .. } => {
                "Check address and port in the plugin's settings: https:// and http:// may be mixed up."
            }
        }
    }
}

impl TlsFault {
    fn next_step(&self) -> &'static str {
        match self {
            Self::UnknownIssuer => "Paste the certificate of its CA into the plugin's settings.",
            Self::Expired => "Renew the certificate of the server.",
            Self::NotValidYet => "Compare the clocks of both servers.",
            Self::WrongName => {
                "Use one of the names in the certificate as the address in the plugin's settings."
            }
            Self::NotTls => {
                "Check the address in the plugin's settings: this port may speak http://."
            }
            Self::WantsCertificate => {
                "Paste one and its key into the plugin's settings JenkinsClientCertificate and JenkinsClientKey."
            }
            Self::RefusesCertificate => {
                "Check which authorities it accepts and whether the one in the setting JenkinsClientCertificate has expired."
            }
            Self::Other { .. } => "Check the TLS configuration of the server.",
        }
    }
}

impl fmt::Display for TlsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownIssuer => {
                "its certificate is signed by an authority that is not trusted here"
            }
            Self::Expired => "its certificate has expired",
            Self::NotValidYet => "its certificate is not valid yet",
            Self::WrongName => "its certificate is for another name",
            Self::NotTls => "it does not answer with TLS",
            Self::WantsCertificate => "it asks for a client certificate",
            Self::RefusesCertificate => "it does not accept the client certificate",
            Self::Other { detail } => detail,
        })
    }
}

impl fmt::Display for HttpFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.cause(), self.next_step())
    }
}

impl std::error::Error for HttpFailure {}
