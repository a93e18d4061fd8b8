//! How a host and the plugin that it started find each other (go-plugin's `server.go`, `client.go`;
//! Mattermost's `supervisor.go`).

use std::io::{self, Write};
use std::time::Duration;

use tokio::time::timeout;

/// The environment variable by which a host says that it is one.
pub(crate) const COOKIE_KEY: &str = "MATTERMOST_PLUGIN";

/// Its value.
pub(crate) const COOKIE_VALUE: &str = "Securely message teams, anywhere.";

/// Core protocol and plugin protocol of the handshake line.
const VERSIONS: &str = "1|1";

/// How long the host may take to connect; it does so at once.
const CONNECT_LIMIT: Duration = Duration::from_secs(60);

#[cfg(unix)]
pub(crate) type Connection = tokio::net::UnixStream;
#[cfg(not(unix))]
pub(crate) type Connection = tokio::net::TcpStream;

/// Whether a host has started this process.
pub(crate) fn is_hosted() -> bool {
    std::env::var_os(COOKIE_KEY).is_some_and(|value| value == COOKIE_VALUE)
}

/// Opens an address, tells it to the host on standard output and takes the host's one connection.
pub(crate) async fn meet() -> io::Result<Connection> {
    let listener = listener::Listener::open()?;
    announce(&listener.address()?)?;
    let connection = timeout(CONNECT_LIMIT, listener.accept()).await;
    connection.map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "the host did not connect"))?
}

/// Writes the handshake line: protocol versions, address, protocol, and no certificate.
fn announce(address: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(format!("{VERSIONS}|{address}|netrpc|\n").as_bytes())?;
    output.flush()
}

#[cfg(unix)]
mod listener {
    use std::io;
    use std::path::PathBuf;

    use tokio::net::{UnixListener, UnixStream};

    /// A socket that has a name until it is connected.
    pub(super) struct Listener {
        socket: UnixListener,
        path: Name,
    }

    struct Name(PathBuf);

    impl Drop for Name {
        fn drop(&mut self) {
            // It may be gone already; there is nothing to be done about it.
            let _ = std::fs::remove_file(&self.0);
        }
    }

    impl Listener {
        pub(super) fn open() -> io::Result<Self> {
            let mut random = [0; 8];
            getrandom::fill(&mut random).map_err(io::Error::other)?;
            let path =
                std::env::temp_dir().join(format!("plugin{:016x}", u64::from_ne_bytes(random)));
            let socket = UnixListener::bind(&path).map_err(|error| {
                io::Error::new(error.kind(), format!("{}: {error}", path.display()))
            })?;
            Ok(Self {
                socket,
                path: Name(path),
            })
        }

        pub(super) fn address(&self) -> io::Result<String> {
            let path = self
                .path
                .0
                .to_str()
                .ok_or_else(|| io::Error::other("the directory for sockets is not UTF-8"))?;
            Ok(format!("unix|{path}"))
        }

        /// The name goes with the listener: nobody else shall connect.
        pub(super) async fn accept(self) -> io::Result<UnixStream> {
            Ok(self.socket.accept().await?.0)
        }
    }
}

#[cfg(not(unix))]
mod listener {
    use std::io;
    use std::net::TcpListener as Std;

    use tokio::net::{TcpListener, TcpStream};

    pub(super) struct Listener(TcpListener);

    impl Listener {
        /// A port in the range that the host asks for.
        pub(super) fn open() -> io::Result<Self> {
            let port = |name: &str, default| {
                std::env::var(name)
                    .ok()
                    .and_then(|port| port.parse().ok())
                    .unwrap_or(default)
            };
            let range = port("PLUGIN_MIN_PORT", 10_000u16)..=port("PLUGIN_MAX_PORT", 25_000u16);
            let mut bound = range.filter_map(|port| Std::bind(("127.0.0.1", port)).ok());
            let listener = bound
                .next()
                .ok_or_else(|| io::Error::other("no port is free"))?;
            listener.set_nonblocking(true)?;
            Ok(Self(TcpListener::from_std(listener)?))
        }

        pub(super) fn address(&self) -> io::Result<String> {
            Ok(format!("tcp|{}", self.0.local_addr()?))
        }

        pub(super) async fn accept(self) -> io::Result<TcpStream> {
            Ok(self.0.accept().await?.0)
        }
    }
}
