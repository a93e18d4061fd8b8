//! A plugin that tries the whole SDK on the server that it is installed on.
//!
//! `/conformance`, typed by a system administrator, calls every API method, brings about every
//! hook that it can, cleans up after itself, and answers a table. What the API cannot delete stays
//! behind harmlessly: a deactivated user, an archived team, a few small files.
//!
//! `/conformance echo|nested|panic|sleep|block|exit|save-config` do what a test of a host wants
//! from a plugin, and `/plugins/com.mattermost.conformance/` streams in every way.

mod checks;
mod command;
mod seen;
mod table;
mod web;

use std::process::ExitCode;

use http::{Request, Response};
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{
    AppError, Channel, ChannelMember, ClusterEvent, CommandArgs, CommandResponse, Config, Context,
    FileData, InstallEvent, Post, Preference, PushNotification, Reaction, TeamMember, User,
    WebSocketRequest,
};
use mattermost_plugin::{Api, HookError, Plugin, Verdict};
use serde_json::{Value, json};

use seen::Seen;

/// The slash command, and the id in `plugin.json`.
pub(crate) const TRIGGER: &str = "conformance";
pub(crate) const PLUGIN_ID: &str = "com.mattermost.conformance";

pub(crate) struct Conformance {
    api: Api,
    seen: Seen,
    /// Held while a table is made: two runs would take each other's hooks for their own.
    running: tokio::sync::Mutex<()>,
}

impl Conformance {
    async fn note(&self, hook: &'static str, summary: Value) {
        self.seen.note(&self.api, hook, summary).await;
    }
}

#[mattermost_plugin::plugin]
impl Plugin for Conformance {
    fn new(api: Api) -> Self {
        Self {
            api,
            seen: Seen::default(),
            running: tokio::sync::Mutex::new(()),
        }
    }

    async fn on_activate(&self) -> Result<(), HookError> {
        self.api
            .commands()
            .register(&command::definition(TRIGGER))
            .await?;
        self.note("OnActivate", json!({})).await;
        Ok(())
    }

    async fn on_deactivate(&self) -> Result<(), HookError> {
        self.note("OnDeactivate", json!({})).await;
        Ok(())
    }

    async fn on_configuration_change(&self) -> Result<(), HookError> {
        self.note("OnConfigurationChange", json!({})).await;
        Ok(())
    }

    async fn on_install(&self, _: Context, event: InstallEvent) -> Result<(), HookError> {
        self.note("OnInstall", json!({"UserId": event.user_id}))
            .await;
        Ok(())
    }

    async fn execute_command(
        &self,
        _: Context,
        args: CommandArgs,
    ) -> Result<CommandResponse, AppError> {
        let summary = json!({
            "UserId": args.user_id, "ChannelId": args.channel_id, "TeamId": args.team_id, "Command": args.command,
        });
        self.note("ExecuteCommand", summary).await;
        self.command(args).await
    }

    async fn serve_http(&self, context: Context, request: Request<Body>) -> Response<Body> {
        let summary = json!({
            "Method": request.method().as_str(), "URL": request.uri().to_string(), "SessionId": context.session_id,
        });
        self.note("ServeHTTP", summary).await;
        web::serve(request)
    }

    async fn serve_metrics(&self, _: Context, request: Request<Body>) -> Response<Body> {
        let summary =
            json!({"Method": request.method().as_str(), "URL": request.uri().to_string()});
        self.note("ServeMetrics", summary).await;
        web::metrics(&request)
    }

    async fn message_will_be_posted(&self, _: Context, post: Post) -> Verdict<Post> {
        self.note("MessageWillBePosted", of_post(&post)).await;
        judge(post)
    }

    async fn message_will_be_updated(
        &self,
        _: Context,
        new_post: Post,
        old_post: Post,
    ) -> Verdict<Post> {
        self.note("MessageWillBeUpdated", of_update(&new_post, &old_post))
            .await;
        judge(new_post)
    }

    async fn message_has_been_posted(&self, _: Context, post: Post) {
        self.note("MessageHasBeenPosted", of_post(&post)).await;
    }

    async fn message_has_been_updated(&self, _: Context, new_post: Post, old_post: Post) {
        self.note("MessageHasBeenUpdated", of_update(&new_post, &old_post))
            .await;
    }

    async fn message_has_been_deleted(&self, _: Context, post: Post) {
        self.note("MessageHasBeenDeleted", of_post(&post)).await;
    }

    async fn reaction_has_been_added(&self, _: Context, reaction: Reaction) {
        self.note("ReactionHasBeenAdded", of_reaction(&reaction))
            .await;
    }

    async fn reaction_has_been_removed(&self, _: Context, reaction: Reaction) {
        self.note("ReactionHasBeenRemoved", of_reaction(&reaction))
            .await;
    }

    async fn user_has_been_created(&self, _: Context, user: User) {
        self.note("UserHasBeenCreated", of_user(&user)).await;
    }

    async fn user_will_log_in(&self, _: Context, user: User) -> String {
        self.note("UserWillLogIn", of_user(&user)).await;
        String::new()
    }

    async fn user_has_logged_in(&self, _: Context, user: User) {
        self.note("UserHasLoggedIn", of_user(&user)).await;
    }

    async fn user_has_been_deactivated(&self, _: Context, user: User) {
        self.note("UserHasBeenDeactivated", of_user(&user)).await;
    }

    async fn channel_has_been_created(&self, _: Context, channel: Channel) {
        self.note("ChannelHasBeenCreated", of_channel(&channel))
            .await;
    }

    async fn channel_will_be_archived(&self, _: Context, channel: Channel) -> String {
        self.note("ChannelWillBeArchived", of_channel(&channel))
            .await;
        String::new()
    }

    async fn channel_member_will_be_added(
        &self,
        _: Context,
        member: ChannelMember,
    ) -> Verdict<ChannelMember> {
        self.note("ChannelMemberWillBeAdded", of_member(&member, None))
            .await;
        Verdict::Allow
    }

    async fn user_has_joined_channel(
        &self,
        _: Context,
        member: ChannelMember,
        actor: Option<User>,
    ) {
        self.note("UserHasJoinedChannel", of_member(&member, actor.as_ref()))
            .await;
    }

    async fn user_has_left_channel(&self, _: Context, member: ChannelMember, actor: Option<User>) {
        self.note("UserHasLeftChannel", of_member(&member, actor.as_ref()))
            .await;
    }

    async fn team_member_will_be_added(
        &self,
        _: Context,
        member: TeamMember,
    ) -> Verdict<TeamMember> {
        self.note("TeamMemberWillBeAdded", of_team_member(&member, None))
            .await;
        Verdict::Allow
    }

    async fn user_has_joined_team(&self, _: Context, member: TeamMember, actor: Option<User>) {
        self.note("UserHasJoinedTeam", of_team_member(&member, actor.as_ref()))
            .await;
    }

    async fn user_has_left_team(&self, _: Context, member: TeamMember, actor: Option<User>) {
        self.note("UserHasLeftTeam", of_team_member(&member, actor.as_ref()))
            .await;
    }

    async fn on_plugin_cluster_event(&self, _: Context, event: ClusterEvent) {
        let data = String::from_utf8_lossy(&event.data);
        self.note(
            "OnPluginClusterEvent",
            json!({"Id": event.id, "Data": data}),
        )
        .await;
    }

    async fn on_web_socket_connect(&self, connection_id: String, user_id: String) {
        let summary = json!({"WebConnId": connection_id, "UserId": user_id});
        self.note("OnWebSocketConnect", summary).await;
    }

    async fn on_web_socket_disconnect(&self, connection_id: String, user_id: String) {
        let summary = json!({"WebConnId": connection_id, "UserId": user_id});
        self.note("OnWebSocketDisconnect", summary).await;
    }

    async fn web_socket_message_has_been_posted(
        &self,
        connection_id: String,
        user_id: String,
        request: WebSocketRequest,
    ) {
        let summary = json!({
            "WebConnId": connection_id, "UserId": user_id, "Action": request.action, "Seq": request.seq,
            "Data": request.data,
        });
        self.note("WebSocketMessageHasBeenPosted", summary).await;
    }

    async fn notification_will_be_pushed(
        &self,
        notification: PushNotification,
        user_id: String,
    ) -> Verdict<PushNotification> {
        let summary = json!({"PostId": notification.post_id, "Message": notification.message, "UserId": user_id});
        self.note("NotificationWillBePushed", summary).await;
        Verdict::Allow
    }

    async fn preferences_have_changed(&self, _: Context, preferences: Vec<Preference>) {
        let first = preferences.first().cloned().unwrap_or_default();
        let summary = json!({
            "Count": preferences.len(), "UserId": first.user_id, "Category": first.category, "Name": first.name,
        });
        self.note("PreferencesHaveChanged", summary).await;
    }

    async fn configuration_will_be_saved(
        &self,
        config: Config,
    ) -> Result<Option<Config>, HookError> {
        self.note(
            "ConfigurationWillBeSaved",
            json!({"SiteURL": config.site_url()}),
        )
        .await;
        Ok(None)
    }

    async fn generate_support_data(&self, _: Context) -> Result<Vec<FileData>, HookError> {
        self.note("GenerateSupportData", json!({})).await;
        let file = FileData {
            filename: "conformance.txt".to_owned(),
            body: "conformance\n".into(),
        };
        Ok(vec![file])
    }
}

/// Refuses, rewrites or allows a post, as its text asks for.
fn judge(post: Post) -> Verdict<Post> {
    if post.message.contains("reject-me") {
        return Verdict::Reject("rejected by conformance".to_owned());
    }
    if post.message.contains("rewrite-me") {
        return Verdict::Replace(Post {
            message: "rewritten".to_owned(),
            ..post
        });
    }
    Verdict::Allow
}

fn of_post(post: &Post) -> Value {
    json!({"PostId": post.id, "Message": post.message, "UserId": post.user_id, "ChannelId": post.channel_id})
}

fn of_update(new_post: &Post, old_post: &Post) -> Value {
    json!({"PostId": new_post.id, "Message": new_post.message, "OldMessage": old_post.message})
}

fn of_reaction(reaction: &Reaction) -> Value {
    json!({"UserId": reaction.user_id, "PostId": reaction.post_id, "EmojiName": reaction.emoji_name})
}

fn of_user(user: &User) -> Value {
    json!({"UserId": user.id, "Username": user.username})
}

fn of_channel(channel: &Channel) -> Value {
    json!({"ChannelId": channel.id, "Name": channel.name, "TeamId": channel.team_id})
}

fn of_member(member: &ChannelMember, actor: Option<&User>) -> Value {
    json!({"ChannelId": member.channel_id, "UserId": member.user_id, "ActorId": actor.map(|actor| &actor.id)})
}

fn of_team_member(member: &TeamMember, actor: Option<&User>) -> Value {
    json!({"TeamId": member.team_id, "UserId": member.user_id, "ActorId": actor.map(|actor| &actor.id)})
}

fn main() -> ExitCode {
    mattermost_plugin::serve::<Conformance>()
}

#[cfg(test)]
mod tests;
