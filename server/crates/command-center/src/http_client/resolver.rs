//! Looking names up without the C library.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{LookupIpStrategy, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::failure::DnsFault;

/// Reads `/etc/resolv.conf` and `/etc/hosts` when the first name is looked up. Without a
/// `resolv.conf` only `/etc/hosts` counts: asking a public name server instead, as the HTTP library
/// does by itself, would tell the world the names of a company's machines.
#[derive(Clone, Debug, Default)]
pub(super) struct SystemResolver {
    resolver: Arc<OnceLock<TokioResolver>>,
}

/// Why a name has no address; found among the causes of the HTTP library's error.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the name {name} could not be looked up")]
pub(super) struct LookupFailed {
    pub(super) name: String,
    pub(super) fault: DnsFault,
}

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let this = self.clone();
        Box::pin(async move {
            let failed = |error: NetError| LookupFailed {
                name: name.as_str().to_owned(),
                fault: fault(&error),
            };
            let found = this
                .resolver()
                .map_err(failed)?
                .lookup_ip(name.as_str())
                .await
                .map_err(failed)?;
            let addresses: Vec<SocketAddr> = found
                .iter()
                .map(|address| SocketAddr::new(address, 0))
                .collect();
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

impl SystemResolver {
    fn resolver(&self) -> Result<&TokioResolver, NetError> {
        if let Some(resolver) = self.resolver.get() {
            return Ok(resolver);
        }
        let mut builder = TokioResolver::builder_tokio().unwrap_or_else(|error| {
            tracing::warn!(%error, "there are no name servers; only names in /etc/hosts are known");
            let no_servers = ResolverConfig::from_parts(None, Vec::new(), Vec::new());
            TokioResolver::builder_with_config(no_servers, TokioRuntimeProvider::default())
        });
        // The connector tries both families, the other one a little later (RFC 8305).
        builder.options_mut().ip_strategy = LookupIpStrategy::Ipv6AndIpv4;
        let resolver = builder.build()?;
        Ok(self.resolver.get_or_init(|| resolver))
    }
}

fn fault(error: &NetError) -> DnsFault {
    if error.is_nx_domain() || error.is_no_records_found() {
        DnsFault::NoSuchHost
    } else {
        DnsFault::NoAnswer {
            detail: crate::text::truncate(&crate::text::one_line(&error.to_string()), 200),
        }
    }
}
