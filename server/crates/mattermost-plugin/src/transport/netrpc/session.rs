//! The plugin's side of one connection (go-plugin's `rpc_server.go`, `ServeConn`).

use std::io;
use std::sync::Arc;
use std::time::Duration;

use goplugin::yamux::{Config, Session};
use tokio::io::{AsyncRead, AsyncWrite, BufWriter};
use tokio::sync::watch;
use tokio::time::sleep;

use super::api_client::ApiClient;
use super::broker::Broker;
use super::control::ControlService;
use super::hooks_service::HooksService;
use super::server;
use crate::remote::Remote;
use crate::transport::{Calls, Started};

/// How long the host may take to close the connection after it asked the plugin to quit; it kills
/// the process after two seconds (`client.go`, `Kill`).
const FAREWELL: Duration = Duration::from_secs(1);

/// Why a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The host asked the plugin to quit.
    Quit,
    /// The host closed the connection, or died.
    HostGone(String),
    /// Only the API is gone. The host does not notice that by itself: it pings another stream.
    ApiLost(String),
}

/// Serves a plugin to the host at the other end of `io`. Hooks are handed to `calls`; all else runs here.
///
/// # Errors
/// When the other end does not begin as a host does.
pub(crate) async fn serve<T>(io: T, started: Started, calls: Calls) -> io::Result<Ended>
where
    T: AsyncRead + AsyncWrite + Send + 'static,
{
    // Without a buffer each frame is two system calls.
    let session = Session::server(BufWriter::with_capacity(BUFFER, io), config())?;
    let control = session.accept().await?;
    // Hosts copy what is written to these two into their log. They stay open and unused: log lines
    // go through the API, where they have levels.
    let _stdout = session.accept().await?;
    let _stderr = session.accept().await?;
    let broker = Broker::new(session.clone());
    tokio::spawn(broker.clone().run());

    let api = Arc::new(ApiClient::default());
    let quit = watch::Sender::new(false);
    let mut asked_to_quit = quit.subscribe();
    let hooks = Arc::new(HooksService {
        dispatch: started.netrpc,
        hooks: started.hooks(Remote::over_netrpc(api.clone())),
        broker: broker.clone(),
        api: api.clone(),
    });
    let service = Arc::new(ControlService {
        broker,
        hooks,
        calls,
        quit,
    });
    let here = Calls::here();
    let ended = tokio::select! {
        _ = asked_to_quit.wait_for(|asked| *asked) => Ended::Quit,
        reason = session.closed() => Ended::HostGone(reason.to_string()),
        served = server::serve(service, control, &here) => {
            Ended::HostGone(served.err().map_or_else(|| "it closed the control stream".to_owned(), |error| error.to_string()))
        }
        reason = api.lost() => Ended::ApiLost(reason),
    };
    // All streams end together with the session; which of them is noticed first says nothing.
    let ended = match ended {
        _ if *asked_to_quit.borrow() => {
            // The answer is on its way; the host closes the connection when it has it.
            tokio::select! {
                _ = session.closed() => {}
                () = sleep(FAREWELL) => {}
            }
            Ended::Quit
        }
        Ended::ApiLost(reason) if session.is_closed() => Ended::HostGone(reason),
        ended => ended,
    };
    session.close();
    Ok(ended)
}

/// How much is written to the connection at once, in bytes.
const BUFFER: usize = 16 * 1024;

/// Settings of both sides: hashicorp/yamux's own, but no timer for each stream that is opened,
/// which `goplugin` would keep until the session ends.
pub(crate) fn config() -> Config {
    Config {
        stream_open_timeout: None,
        ..Config::default()
    }
}
