//! The protocols of go-plugin.

use std::fmt;
use std::str::FromStr;

use super::Capability;

/// How a server talks to its plugins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// `net/rpc`: what every released server speaks.
    #[default]
    NetRpc,
    /// gRPC with `mattermost.pluginapi.v1`, which no released server speaks yet.
    Grpc,
}

/// A word that names no protocol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no protocol: netrpc and grpc are")]
pub struct UnknownProtocol(String);

impl Protocol {
    /// Whether the protocol carries this.
    #[must_use]
    pub fn supports(self, capability: Capability) -> bool {
        match (self, capability) {
            (Self::NetRpc, _) => true,
            (
                Self::Grpc,
                Capability::AutocompleteTree
                | Capability::DialogChoices
                | Capability::ExtraResponses
                | Capability::CommandMentions
                | Capability::HookPostProps
                | Capability::NewerHooks
                | Capability::LargeRequests
                | Capability::AuditRecords
                | Capability::SearchFilters
                | Capability::FilePaths,
            ) => false,
        }
    }

    /// Its name in go-plugin's handshake.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NetRpc => "netrpc",
            Self::Grpc => "grpc",
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Protocol {
    type Err = UnknownProtocol;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [Self::NetRpc, Self::Grpc]
            .into_iter()
            .find(|protocol| protocol.name() == name)
            .ok_or_else(|| UnknownProtocol(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Protocol;

    #[test]
    fn a_protocol_is_known_by_its_name() {
        for protocol in [Protocol::NetRpc, Protocol::Grpc] {
            assert_eq!(protocol.to_string().parse(), Ok(protocol));
        }
        assert!("".parse::<Protocol>().is_err());
        assert!("gRPC".parse::<Protocol>().is_err());
    }
}
