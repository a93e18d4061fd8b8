//! What is left of calls when they are over: nothing.

use ::http::{Request, Response};
use bytes::Bytes;
use tokio::runtime::Handle;

use super::support::{TinyHost, answer, command};
use crate::api::Api;
use crate::error::HookError;
use crate::hooks::Hooks;
use crate::http::Body;
use crate::model::{AppError, CommandArgs, CommandResponse, Context};
use crate::plugin::{Instance, Plugin};
use crate::transport::Calls;
use crate::transport::netrpc::host::connect;
use crate::transport::netrpc::session;

struct Busy(Api);

#[crate::plugin]
impl Plugin for Busy {
    fn new(api: Api) -> Self {
        Self(api)
    }

    async fn execute_command(
        &self,
        _: Context,
        _: CommandArgs,
    ) -> Result<CommandResponse, AppError> {
        self.0
            .host()
            .kv_get(String::new())
            .await
            .map_err(HookError::from)?;
        Ok(CommandResponse::default())
    }

    async fn serve_http(&self, _: Context, request: Request<Body>) -> Response<Body> {
        let mut response = Response::new(Body::from("short"));
        if request.uri().path() == "/echo" {
            *response.body_mut() = request.into_body();
        }
        response
    }
}

async fn tasks_settle_at(expected: usize) {
    // Finished calls take a few turns to be cleaned up. Were one left, this would not end well.
    for _ in 0..10_000 {
        if Handle::current().metrics().num_alive_tasks() <= expected {
            return;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(
        Handle::current().metrics().num_alive_tasks(),
        expected,
        "tasks are left over"
    );
}

#[tokio::test]
async fn finished_calls_leave_no_tasks_and_no_streams() {
    let host = TinyHost::with(|_, _| async { answer(Ok(Bytes::new())) });
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let instance = Instance::with(Busy::new).into_started();
    tokio::spawn(session::serve(theirs, instance, Calls::here()));
    let plugin = connect(ours, host).await.expect("a connection");
    let hooks = &plugin.hooks;
    hooks
        .on_activate()
        .await
        .expect("a call")
        .expect("an activation");
    let round = async |calls: usize| {
        for number in 0..calls {
            hooks
                .execute_command(Context::default(), command(""))
                .await
                .expect("a call")
                .expect("an answer");
            // Read, left unread, and with a body that is read and one that is not.
            let path = if number % 2 == 0 { "/echo" } else { "/" };
            let request = Request::post(path)
                .body(Body::from(vec![7; 100_000]))
                .expect("a request");
            let response = hooks
                .serve_http(Context::default(), request)
                .await
                .expect("a call");
            if number % 3 > 0 {
                response.into_body().collect(100_000).await.expect("a body");
            }
        }
    };
    round(10).await;
    let (tasks, streams) = (
        Handle::current().metrics().num_alive_tasks(),
        plugin.session.num_streams(),
    );
    round(2_000).await;
    tasks_settle_at(tasks).await;
    assert!(
        plugin.session.num_streams() <= streams,
        "{} streams, {streams} before",
        plugin.session.num_streams()
    );
    assert_eq!(hooks.client.pending(), 0);
}
