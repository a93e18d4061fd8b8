//! What the host asks for, in the environment of the process (go-plugin `client.go`, `server.go`).

use std::path::PathBuf;

/// The address of the server's API. Being set is what asks for gRPC.
pub(crate) const API_TARGET: &str = "MATTERMOST_PLUGIN_API_TARGET";

const CLIENT_CERTIFICATE: &str = "PLUGIN_CLIENT_CERT";
const MULTIPLEXING: &str = "PLUGIN_MULTIPLEX_GRPC";
const SOCKET_DIRECTORY: &str = "PLUGIN_UNIX_SOCKET_DIR";
const SOCKET_GROUP: &str = "PLUGIN_UNIX_SOCKET_GROUP";
const LOWEST_PORT: &str = "PLUGIN_MIN_PORT";
const HIGHEST_PORT: &str = "PLUGIN_MAX_PORT";

/// The host's wishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Environment {
    /// `host:port` of the server's API.
    pub(crate) api_target: String,
    /// Where the socket goes; the system's directory for temporary files when not said.
    pub(crate) socket_directory: PathBuf,
    /// Name or number of the group that may connect.
    pub(crate) socket_group: Option<String>,
    /// Ports to choose from when there is no unix socket.
    pub(crate) ports: std::ops::RangeInclusive<u16>,
    /// Whether the host asks whether one connection can carry all others.
    pub(crate) asks_for_multiplexing: bool,
}

/// A wish that cannot be granted, in words for the server's log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// `ClientConfig.AutoMTLS`
    #[error(
        "the host asks for mutual TLS ({CLIENT_CERTIFICATE}), which this plugin does not speak; \
         start it without AutoMTLS"
    )]
    MutualTls,
}

impl Environment {
    /// Reads the environment through `variable`.
    ///
    /// # Errors
    /// When the host wants what this plugin cannot do.
    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Refusal> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        if variable(CLIENT_CERTIFICATE).is_some() {
            return Err(Refusal::MutualTls);
        }
        let port = |name: &str, otherwise: u16| {
            variable(name)
                .and_then(|port| port.parse().ok())
                .unwrap_or(otherwise)
        };
        Ok(Self {
            api_target: variable(API_TARGET).unwrap_or_default(),
            socket_directory: variable(SOCKET_DIRECTORY)
                .map_or_else(std::env::temp_dir, PathBuf::from),
            socket_group: variable(SOCKET_GROUP),
            // Mattermost's own range, where the host says nothing.
            ports: port(LOWEST_PORT, 10_000)..=port(HIGHEST_PORT, 25_000),
            asks_for_multiplexing: variable(MULTIPLEXING).is_some(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Environment, Refusal};

    fn read(variables: &[(&str, &str)]) -> Result<Environment, Refusal> {
        Environment::read(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn what_the_host_does_not_say_has_a_default() {
        let environment = read(&[
            ("MATTERMOST_PLUGIN_API_TARGET", "127.0.0.1:1"),
            ("PLUGIN_UNIX_SOCKET_DIR", ""),
        ]);
        let environment = environment.expect("nothing unusual");
        assert_eq!(environment.api_target, "127.0.0.1:1");
        assert_eq!(environment.socket_directory, std::env::temp_dir());
        assert_eq!(environment.socket_group, None);
        assert_eq!(environment.ports, 10_000..=25_000);
        assert!(!environment.asks_for_multiplexing);
    }

    #[test]
    fn what_the_host_says_counts() {
        let environment = read(&[
            ("PLUGIN_UNIX_SOCKET_DIR", "/run/plugins"),
            ("PLUGIN_UNIX_SOCKET_GROUP", "mattermost"),
            ("PLUGIN_MIN_PORT", "20000"),
            ("PLUGIN_MAX_PORT", "20010"),
            ("PLUGIN_MULTIPLEX_GRPC", "true"),
        ]);
        let environment = environment.expect("nothing unusual");
        assert_eq!(environment.socket_directory.to_str(), Some("/run/plugins"));
        assert_eq!(environment.socket_group.as_deref(), Some("mattermost"));
        assert_eq!(environment.ports, 20_000..=20_010);
        assert!(environment.asks_for_multiplexing);
    }

    #[test]
    fn mutual_tls_is_refused_in_words() {
        let refusal =
            read(&[("PLUGIN_CLIENT_CERT", "-----BEGIN CERTIFICATE-----")]).expect_err("no TLS");
        assert!(refusal.to_string().contains("AutoMTLS"), "{refusal}");
    }
}
