//! A plugin that does a little of everything, for the tests of the host.

// Each test uses some of it.
#![allow(dead_code)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::{Method, Request, Response};
use mattermost_devhost::{Builder, DevHost};
use mattermost_plugin::api::KvSet;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{
    AppError, Attachment, Bot, Channel, ClusterEvent, Command, CommandArgs, CommandResponse,
    Context, Dialog, DialogElement, OpenDialogRequest, Post, PostAction, PostActionIntegration,
    PostActionOption, SubmitDialogRequest,
};
use mattermost_plugin::{Api, HookError, Plugin, Verdict, plugin};
use serde_json::{Value, json};

pub(crate) const ID: &str = "com.example.probe";

pub(crate) const MANIFEST: &str = r#"{
    "id": "com.example.probe", "name": "Probe", "version": "0.1.0",
    "settings_schema": {"settings": [
        {"key": "ServerURL", "type": "text", "default": "http://default"},
        {"key": "Secret", "type": "generated", "secret": true}
    ]}
}"#;

pub(crate) struct Probe {
    api: Api,
    changes: Arc<AtomicUsize>,
}

impl Probe {
    pub(crate) fn new_for_tests(api: Api) -> Self {
        Self {
            api,
            changes: Arc::default(),
        }
    }
}

/// A server with the probe on it.
pub(crate) fn probe() -> Builder {
    DevHost::builder()
        .manifest_json(MANIFEST)
        .plugin_in_process(|api| Probe {
            api,
            changes: Arc::default(),
        })
}

/// A server with the probe on it, which runs.
pub(crate) async fn started() -> DevHost {
    probe().start().await.expect("the probe is activated")
}

/// The text that alice gets for `/probe …` in `builds`.
pub(crate) async fn probe_says(host: &DevHost, text: &str) -> String {
    let outcome = host
        .user("alice")
        .run_command("builds", &format!("/probe {text}"))
        .await;
    outcome.expect("the command runs").text()
}

fn button(name: &str, context: Value) -> PostAction {
    PostAction {
        id: name.to_lowercase(),
        name: name.to_owned(),
        r#type: "button".to_owned(),
        integration: Some(PostActionIntegration {
            url: format!("/plugins/{ID}/action"),
            context: context.as_object().cloned().unwrap_or_default(),
        }),
        ..PostAction::default()
    }
}

fn card(args: &CommandArgs) -> Post {
    let menu = PostAction {
        id: "level".to_owned(),
        name: "Level".to_owned(),
        r#type: "select".to_owned(),
        options: vec![PostActionOption {
            text: "High".to_owned(),
            value: "high".to_owned(),
        }],
        ..button("Level", json!({"do": "level"}))
    };
    let attachment = Attachment {
        title: "A card".to_owned(),
        color: "#1c58d9".to_owned(),
        actions: vec![
            button("Update", json!({"do": "update"})),
            button("Whisper", json!({"do": "whisper"})),
            menu,
        ],
        ..Attachment::default()
    };
    Post::new(&args.user_id, &args.channel_id, "card").with_attachments(&[attachment])
}

fn dialog(trigger_id: &str, title: &str) -> OpenDialogRequest {
    OpenDialogRequest {
        trigger_id: trigger_id.to_owned(),
        url: format!("/plugins/{ID}/dialog"),
        dialog: Dialog {
            title: title.to_owned(),
            callback_id: "connect".to_owned(),
            state: "state-1".to_owned(),
            notify_on_cancel: true,
            elements: vec![DialogElement {
                display_name: "Token".to_owned(),
                name: "token".to_owned(),
                r#type: "text".to_owned(),
                sub_type: "password".to_owned(),
                max_length: 150,
                ..DialogElement::default()
            }],
            ..Dialog::default()
        },
    }
}

#[plugin]
impl Plugin for Probe {
    fn new(api: Api) -> Self {
        Self {
            api,
            changes: Arc::default(),
        }
    }

    async fn on_activate(&self) -> Result<(), HookError> {
        self.api
            .bots()
            .ensure(&Bot {
                username: "probe".to_owned(),
                display_name: "Probe".to_owned(),
                ..Bot::default()
            })
            .await?;
        let data = json!({"Trigger": "probe", "HelpText": "Probes", "RoleID": "system_user", "SubCommands": [
            {"Trigger": "job", "RoleID": "system_user", "HelpText": "", "Arguments": [
                {"Name": "", "HelpText": "A job", "Type": "DynamicList", "Required": true, "Data": {"FetchURL": "jobs"}},
            ]},
        ]});
        let command = Command {
            trigger: "Probe".to_owned(),
            auto_complete: true,
            autocomplete_data: Some(serde_json::from_value(data)?),
            ..Command::default()
        };
        Ok(self.api.commands().register(&command).await?)
    }

    async fn on_configuration_change(&self) -> Result<(), HookError> {
        self.changes.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    async fn execute_command(
        &self,
        _context: Context,
        args: CommandArgs,
    ) -> Result<CommandResponse, AppError> {
        let arguments = args
            .command
            .split_once(' ')
            .map(|(_, arguments)| arguments)
            .unwrap_or_default();
        let (name, rest) = arguments.split_once(' ').unwrap_or((arguments, ""));
        let answer = self.run(name, rest, &args).await;
        answer
            .map(|text| CommandResponse {
                skip_slack_parsing: name != "slack",
                ..CommandResponse::ephemeral(text)
            })
            .map_err(|error| AppError::new("probe", error.message(), 418))
    }

    async fn message_will_be_posted(&self, _context: Context, mut post: Post) -> Verdict<Post> {
        if post.message.contains("forbidden") {
            return Verdict::Reject("no such words".to_owned());
        }
        if post.message == "shout" {
            post.message = "SHOUT".to_owned();
            return Verdict::Replace(post);
        }
        Verdict::Allow
    }

    async fn on_plugin_cluster_event(&self, _context: Context, event: ClusterEvent) {
        let message = format!(
            "cluster event {} {}",
            event.id,
            String::from_utf8_lossy(&event.data)
        );
        // The log line is what the test looks for; without it the test fails.
        let _ = self.api.log().info::<&str>(&message, []).await;
    }

    async fn serve_http(&self, _context: Context, request: Request<Body>) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let header = |name: &str| {
            parts
                .headers
                .get(name)
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let bytes = body.collect(1_000_000).await.unwrap_or_default();
        let answer = match (parts.method, parts.uri.path()) {
            (Method::GET, "/jobs") => {
                json!([{"Item": "folder/one", "Hint": "", "HelpText": ""}, {"Item": "two", "Hint": "", "HelpText": ""}])
            }
            (Method::POST, "/action") => action(&bytes),
            (Method::POST, "/dialog") => return self.dialog(&bytes).await,
            _ => json!({
                "uri": parts.uri.to_string(),
                "user": header("mattermost-user-id"),
                "plugin": header("mattermost-plugin-id"),
                "authorization": header("authorization"),
                "cookie": header("cookie"),
                "referer": header("referer"),
                "length": bytes.len(),
            }),
        };
        Response::new(Body::from(answer.to_string()))
    }
}

fn action(bytes: &[u8]) -> Value {
    let request: Value = serde_json::from_slice(bytes).unwrap_or_default();
    match request.pointer("/context/do").and_then(Value::as_str) {
        Some("update") => json!({"update": {"message": "updated by a click", "props": {}}}),
        Some("level") => {
            json!({"ephemeral_text": format!("chosen {}", request["context"]["selected_option"])})
        }
        _ => {
            json!({"ephemeral_text": format!("hello {} <http://a|link>", request["user_name"].as_str().unwrap_or_default())})
        }
    }
}

impl Probe {
    async fn dialog(&self, bytes: &[u8]) -> Response<Body> {
        let request: SubmitDialogRequest = serde_json::from_slice(bytes).unwrap_or_default();
        let answer = match request.submission.get("token").and_then(Value::as_str) {
            _ if request.cancelled => "cancelled",
            Some("right") => "right",
            _ => {
                return Response::new(Body::from(
                    json!({"errors": {"token": "That is not the token."}}).to_string(),
                ));
            }
        };
        let message = format!("dialog {answer} {} {}", request.callback_id, request.state);
        // The post is what the test looks for; without it the test fails.
        let _ = self
            .api
            .posts()
            .create(&Post::new(&request.user_id, &request.channel_id, message))
            .await;
        Response::new(Body::empty())
    }

    async fn run(&self, name: &str, rest: &str, args: &CommandArgs) -> Result<String, HookError> {
        let api = &self.api;
        Ok(match name {
            "echo" | "slack" => rest.to_owned(),
            "changes" => self.changes.load(Ordering::SeqCst).to_string(),
            "settings" => api.config().raw().await?.to_string(),
            "save" => {
                api.config()
                    .save(
                        json!({"ServerURL": rest})
                            .as_object()
                            .cloned()
                            .unwrap_or_default(),
                    )
                    .await?;
                self.changes.load(Ordering::SeqCst).to_string()
            }
            "card" => api.posts().create(&card(args)).await?.id,
            "whisper-card" => {
                api.posts()
                    .send_ephemeral(&args.user_id, &card(args))
                    .await?
                    .id
            }
            "dialog" => {
                api.dialogs()
                    .open(&dialog(&args.trigger_id, "Connect"))
                    .await?;
                String::new()
            }
            "late-dialog" => {
                api.kv().set("trigger", args.trigger_id.clone()).await?;
                String::new()
            }
            "open-late" => {
                let trigger = api.kv().get("trigger").await?.unwrap_or_default();
                api.dialogs()
                    .open(&dialog(&String::from_utf8_lossy(&trigger), "Connect"))
                    .await?;
                String::new()
            }
            "remember" => {
                api.kv()
                    .set_with(
                        "memory",
                        rest.to_owned(),
                        KvSet::new().ttl(Duration::from_secs(60)),
                    )
                    .await?;
                String::new()
            }
            "recall" => String::from_utf8_lossy(&api.kv().get("memory").await?.unwrap_or_default())
                .into_owned(),
            "upload" => {
                let size: usize = rest.parse()?;
                api.files()
                    .upload(vec![b'x'; size], &args.channel_id, "log.txt")
                    .await?
                    .id
            }
            "archive" => {
                let channel = Channel {
                    team_id: args.team_id.clone(),
                    name: rest.to_owned(),
                    ..Channel::default()
                };
                api.channels().create(&channel).await?.id
            }
            "tell-others" => {
                api.cluster_events()
                    .broadcast("hello", rest.to_owned())
                    .await?;
                String::new()
            }
            "nested" => {
                let inner = CommandArgs {
                    command: "/probe echo inner".to_owned(),
                    ..args.clone()
                };
                api.commands().execute(&inner).await?.text
            }
            _ => return Err(HookError::new(format!("what is {name:?}?"))),
        })
    }
}
