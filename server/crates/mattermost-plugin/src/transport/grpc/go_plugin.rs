//! The services that go-plugin's host calls on every plugin (go-plugin `grpc_server.go`,
//! `grpc_controller.go`, `grpc_stdio.go`, `grpc_broker.go`).

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use tonic::Status;

use super::lifetime::Lifetime;
use super::messages::health::health_check_response::ServingStatus;
use super::messages::health::{HealthCheckRequest, HealthCheckResponse};
use super::messages::plugin::Empty;
use super::rpc::{Answer, Method, decode, encode};

/// The name under which the host asks for health.
const SERVICE: &str = "plugin";

/// How a call of go-plugin's own is answered, if it is one.
pub(crate) fn method(lifetime: &Lifetime, service: &str, method: &str) -> Option<Method> {
    let lifetime = lifetime.clone();
    Some(match (service, method) {
        ("grpc.health.v1.Health", "Check") => {
            Method::unary(|request| std::future::ready(health(request)).boxed())
        }
        ("plugin.GRPCController", "Shutdown") => Method::unary(move |_| {
            lifetime.farewell();
            std::future::ready(Ok(encode(&Empty {}))).boxed()
        }),
        ("plugin.GRPCStdio", "StreamStdio") => Method::streaming(move |_| {
            lifetime.stream_held();
            std::future::ready(Ok(silence())).boxed()
        }),
        // What the host offers here is for plugins that open connections of their own.
        ("plugin.GRPCBroker", "StartStream") => Method::streaming(|mut offers| {
            let unread =
                stream::once(async move { while let Ok(Some(_)) = offers.message().await {} });
            let answer = Answer::new(unread.flat_map(|()| stream::empty()));
            std::future::ready(Ok(answer)).boxed()
        }),
        _ => return None,
    })
}

fn health(request: Bytes) -> Result<Bytes, Status> {
    let request: HealthCheckRequest = decode(request)?;
    if !["", SERVICE].contains(&request.service.as_str()) {
        return Err(Status::not_found(format!(
            "unknown service {:?}",
            request.service
        )));
    }
    Ok(encode(&HealthCheckResponse {
        status: ServingStatus::Serving.into(),
    }))
}

/// A stream that stays open. Standard output belongs to the handshake, and standard error is read by
/// the host itself, so there is nothing to send.
fn silence() -> Answer {
    Answer::new(stream::pending())
}

#[cfg(test)]
mod tests {
    use tonic::Code;

    use super::{HealthCheckRequest, encode, health};

    fn check(service: &str) -> Result<bytes::Bytes, Code> {
        health(encode(&HealthCheckRequest {
            service: service.to_owned(),
        }))
        .map_err(|status| status.code())
    }

    #[test]
    fn the_plugin_is_healthy_and_nothing_else_is() {
        assert_eq!(check("plugin").as_deref(), Ok(&[8, 1][..]));
        assert_eq!(check(""), check("plugin"));
        assert_eq!(check("other"), Err(Code::NotFound));
    }
}
