//! A plugin as small as it can be: `/hello [name]` greets, `/hello kv` uses the store, and
//! `/plugins/<id>/` answers GET with a kilobyte and POST with the number of bytes received.

use std::process::ExitCode;

use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{AppError, Command, CommandArgs, CommandResponse, Context};
use mattermost_plugin::{Api, Error, HookError, Plugin};

const KEY: &str = "greeting";
const KILOBYTE: &[u8; 1024] = &[b'x'; 1024];

struct Hello {
    api: Api,
}

#[mattermost_plugin::plugin]
impl Plugin for Hello {
    fn new(api: Api) -> Self {
        Self { api }
    }

    async fn on_activate(&self) -> Result<(), HookError> {
        let command = Command {
            trigger: "hello".to_owned(),
            auto_complete: true,
            auto_complete_desc: "Say hello".to_owned(),
            auto_complete_hint: "[name|kv]".to_owned(),
            ..Command::default()
        };
        Ok(self.api.commands().register(&command).await?)
    }

    async fn execute_command(
        &self,
        _: Context,
        args: CommandArgs,
    ) -> Result<CommandResponse, AppError> {
        let typed = args
            .command
            .split_once(' ')
            .map_or("", |(_, rest)| rest.trim());
        let text = match typed {
            "kv" => self.remember(&args.user_id).await?,
            "" => "Hello, world!".to_owned(),
            name => format!("Hello, {name}!"),
        };
        Ok(CommandResponse::ephemeral(text))
    }

    async fn serve_http(&self, _: Context, request: Request<Body>) -> Response<Body> {
        match *request.method() {
            Method::GET => Response::new(Body::from(&KILOBYTE[..])),
            Method::POST => match count(request.into_body()).await {
                Ok(bytes) => Response::new(Body::from(bytes.to_string())),
                Err(error) => status(StatusCode::BAD_REQUEST, format!("{error}\n")),
            },
            _ => status(StatusCode::METHOD_NOT_ALLOWED, String::new()),
        }
    }
}

impl Hello {
    async fn remember(&self, user_id: &str) -> Result<String, Error> {
        self.api.kv().set(KEY, user_id.to_owned()).await?;
        let stored = self.api.kv().get(KEY).await?.unwrap_or_default();
        Ok(format!(
            "Hello, store! You gave back {} bytes.",
            stored.len()
        ))
    }
}

/// Reads a body to its end without keeping any of it.
async fn count(mut body: Body) -> Result<usize, mattermost_plugin::http::BoxError> {
    let mut bytes = 0;
    while let Some(frame) = body.frame().await {
        bytes += frame?.data_ref().map_or(0, bytes::Bytes::len);
    }
    Ok(bytes)
}

fn status(code: StatusCode, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = code;
    response
}

fn main() -> ExitCode {
    mattermost_plugin::serve::<Hello>()
}
