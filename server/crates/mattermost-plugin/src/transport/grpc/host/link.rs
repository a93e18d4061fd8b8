//! The calls that go-plugin's host makes by itself (go-plugin `grpc_client.go`, `grpc_stdio.go`).

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, stream};
use tokio::io::{AsyncWriteExt, DuplexStream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tonic::{Code, Status};

use super::api_server::ApiServer;
use crate::host::Host;
use crate::transport::grpc::messages::health::HealthCheckRequest;
use crate::transport::grpc::messages::plugin::{Empty, StdioData, stdio_data};
use crate::transport::grpc::messages::protobuf;
use crate::transport::grpc::rpc::{Channel, Messages, decode, encode};
use crate::transport::host::{Link, QUIT_LIMIT, copy_output};

const HEALTH: &str = "/grpc.health.v1.Health/Check";
const SHUTDOWN: &str = "/plugin.GRPCController/Shutdown";
const STDIO: &str = "/plugin.GRPCStdio/StreamStdio";
const BROKER: &str = "/plugin.GRPCBroker/StartStream";

/// The name under which a plugin's health is asked for.
const SERVICE: &str = "plugin";

/// How long a plugin, on the same machine, may take to answer the first calls.
const OPEN_LIMIT: Duration = Duration::from_secs(10);

/// How much of a standard stream may wait to be logged, in bytes.
const OUTPUT: usize = 64 * 1024;

/// A connection that is open for as long as the plugin runs.
pub(super) struct Connection {
    channel: Arc<Channel>,
    closed: CancellationToken,
    /// Answers the plugin's calls, also while it ends.
    _api: ApiServer,
}

impl Connection {
    /// Opens the two streams that stay open.
    ///
    /// # Errors
    /// When the plugin cannot be reached.
    pub(super) async fn open(
        channel: Arc<Channel>,
        api: ApiServer,
        host: Arc<dyn Host>,
    ) -> Result<Self, Status> {
        let closed = CancellationToken::new();
        let empty = encode(&protobuf::Empty {});
        let output = held(&channel, STDIO, stream::iter([empty]).boxed()).await?;
        let offers = held(&channel, BROKER, stream::pending().boxed()).await?;
        if let Some(output) = output {
            let closed = closed.clone();
            tokio::spawn(async move {
                copy(output, host).await;
                // What is offered on it is for plugins that open connections of their own.
                drop(offers);
                closed.cancel();
            });
        }
        Ok(Self {
            channel,
            closed,
            _api: api,
        })
    }
}

/// Opens a stream that a plugin need not have.
async fn held(
    channel: &Channel,
    path: &'static str,
    messages: stream::BoxStream<'static, Bytes>,
) -> Result<Option<Messages>, Status> {
    match timeout(OPEN_LIMIT, channel.streaming(path, messages)).await {
        Ok(Ok(answers)) => Ok(Some(answers)),
        Ok(Err(status)) if status.code() == Code::Unimplemented => Ok(None),
        Ok(Err(status)) => Err(status),
        Err(_) => Err(Status::deadline_exceeded(format!("no answer to {path}"))),
    }
}

/// Logs what the plugin writes, until the connection is gone.
async fn copy(mut output: Messages, host: Arc<dyn Host>) {
    let logged = |source| -> DuplexStream {
        let (writer, reader) = tokio::io::duplex(OUTPUT);
        tokio::spawn(copy_output(reader, source, host.clone()));
        writer
    };
    let (mut stdout, mut stderr) = (logged("plugin_stdout"), logged("plugin_stderr"));
    while let Ok(Some(message)) = output.message().await {
        let Ok(piece) = decode::<StdioData>(message) else {
            continue;
        };
        let writer = match piece.channel() {
            stdio_data::Channel::Stdout => &mut stdout,
            stdio_data::Channel::Stderr => &mut stderr,
            stdio_data::Channel::Invalid => continue,
        };
        if writer.write_all(&piece.data).await.is_err() {
            return;
        }
    }
}

impl Link for Connection {
    /// Only whether there is an answer counts.
    fn ping(&self) -> BoxFuture<'_, Result<(), String>> {
        let request = encode(&HealthCheckRequest {
            service: SERVICE.to_owned(),
        });
        async {
            let answer = self.channel.unary(HEALTH, request).await;
            answer.map(drop).map_err(|status| status.to_string())
        }
        .boxed()
    }

    fn quit(&self) -> BoxFuture<'_, bool> {
        let asking = timeout(QUIT_LIMIT, self.channel.unary(SHUTDOWN, encode(&Empty {})));
        asking
            .map(|answer| answer.is_ok_and(|answer| answer.is_ok()))
            .boxed()
    }

    fn closed(&self) -> BoxFuture<'_, ()> {
        self.closed.cancelled().boxed()
    }

    fn close(&self) {
        self.channel.close();
    }
}
