//! Posts that one user sees, and what is wrong with attachments.

use mattermost_plugin::model::Post;
use serde_json::{Map, Value};

use super::Server;
use super::posts::post_event;
use crate::ids::new_id;
use crate::state::post_limits::EPHEMERAL;
use crate::state::text::{self, is_http_url};

/// Props that a button's answer cannot change (`PostActionRetainPropKeys`).
pub(crate) const RETAINED_PROPS: &[&str] =
    &["from_webhook", "override_username", "override_icon_url"];

impl Server {
    /// Shows a post to one user (`App.SendEphemeralPost`). Nothing is checked, as on the server: an
    /// unknown user simply sees nothing.
    pub fn send_ephemeral(&self, user_id: &str, mut post: Post) -> Post {
        EPHEMERAL.clone_into(&mut post.r#type);
        if post.id.is_empty() {
            post.id = new_id();
        }
        if post.create_at == 0 {
            post.create_at = self.now();
        }
        self.put_ephemeral("ephemeral_message", user_id, post)
    }

    /// Replaces a post that one user sees.
    pub fn update_ephemeral(&self, user_id: &str, mut post: Post) -> Post {
        EPHEMERAL.clone_into(&mut post.r#type);
        post.update_at = self.now();
        self.put_ephemeral("post_edited", user_id, post)
    }

    fn put_ephemeral(&self, event: &str, user_id: &str, mut post: Post) -> Post {
        text::generate_action_ids(&mut post.props);
        self.add_cookies(&mut post);
        self.report_attachment_problems(&post);
        self.write(|data| data.posts.put_ephemeral(user_id, post.clone()));
        self.publish_to_user(event, user_id, post_event(&post));
        post
    }

    /// Takes a post away that one user sees.
    pub fn delete_ephemeral(&self, user_id: &str, post_id: &str) {
        let now = self.now();
        self.write(|data| data.posts.remove_ephemeral(user_id, post_id));
        let post = Post {
            id: post_id.to_owned(),
            user_id: user_id.to_owned(),
            r#type: EPHEMERAL.to_owned(),
            delete_at: now,
            update_at: now,
            ..Post::default()
        };
        self.publish_to_user("post_deleted", user_id, post_event(&post));
    }

    /// Gives each button of a post that is not stored a cookie: the client sends it back with a
    /// click, and it says what the button does (`AddPostActionCookies`).
    fn add_cookies(&self, post: &mut Post) {
        let mut retained = Map::new();
        let mut removed = Vec::new();
        for name in RETAINED_PROPS {
            match post.props.get(*name) {
                Some(value) => _ = retained.insert((*name).to_owned(), value.clone()),
                None => removed.push(*name),
            }
        }
        let root = if post.root_id.is_empty() {
            post.id.clone()
        } else {
            post.root_id.clone()
        };
        let mut cookie = serde_json::json!({
            "post_id": post.id,
            "root_post_id": root,
            "channel_id": post.channel_id,
            "retain_props": retained,
            "remove_props": removed,
        });
        for action in text::actions_mut(&mut post.props) {
            for name in ["type", "data_source", "integration"] {
                cookie[name] = action.get(name).cloned().unwrap_or_default();
            }
            action.insert("cookie".to_owned(), Value::from(self.seal_cookie(&cookie)));
        }
    }

    /// Notes attachments that the server stores but logs as not valid
    /// (`MessageAttachment.IsValid`, `PostAction.IsValid`).
    pub(crate) fn report_attachment_problems(&self, post: &Post) {
        for problem in attachment_problems(&post.props) {
            self.violation("", format!("post {}: {problem}", post.id));
        }
    }
}

/// Everything that is wrong with the attachments of a post.
pub(crate) fn attachment_problems(props: &Map<String, Value>) -> Vec<String> {
    let mut found = Vec::new();
    for (index, attachment) in text::attachments(props).enumerate() {
        let field = |name: &str| {
            attachment
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let color = field("color");
        if !color.is_empty()
            && !["good", "warning", "danger"].contains(&color)
            && !is_hex_color(color)
        {
            found.push(format!("attachment {index}: invalid color {color:?}"));
        }
        if !field("title_link").is_empty() && field("title").is_empty() {
            found.push(format!("attachment {index}: title link without a title"));
        }
        if !field("author_link").is_empty() && field("author_name").is_empty() {
            found.push(format!(
                "attachment {index}: author link without an author name"
            ));
        }
        for name in [
            "title_link",
            "author_link",
            "author_icon",
            "image_url",
            "thumb_url",
            "footer_icon",
        ] {
            if !field(name).is_empty() && !is_http_url(field(name)) {
                found.push(format!(
                    "attachment {index}: {name} is no http address: {:?}",
                    field(name)
                ));
            }
        }
        for action in attachment
            .get("actions")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let problems = action_problems(action);
            found.extend(
                problems
                    .into_iter()
                    .map(|problem| format!("attachment {index}: action: {problem}")),
            );
        }
    }
    found
}

fn action_problems(action: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let field = |name: &str| action.get(name).and_then(Value::as_str).unwrap_or_default();
    let options = action
        .get("options")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    if field("name").is_empty() {
        found.push("must have a name".to_owned());
    }
    let id = field("id");
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        // The route of a click takes letters and digits only (`api4/post.go`).
        found.push(format!(
            "id {id:?} has other signs than letters and digits, it cannot be clicked"
        ));
    }
    let style = field("style");
    let styles = [
        "", "default", "primary", "success", "good", "warning", "danger",
    ];
    if !styles.contains(&style) && !is_hex_color(style) {
        found.push(format!("invalid style {style:?}"));
    }
    match field("type") {
        "button" if !options.is_empty() || !field("data_source").is_empty() => {
            found.push("a button must not have options or a data source".to_owned());
        }
        "button" => {}
        "select" => match field("data_source") {
            "users" | "channels" if options.is_empty() => {}
            "" if !options.is_empty() => {
                let blank = |option: &Value, name: &str| option.get(name).and_then(Value::as_str).unwrap_or_default().is_empty();
                if options.iter().any(|option| blank(option, "text") || blank(option, "value")) {
                    found.push("options need text and value".to_owned());
                }
            }
            source => found.push(format!("a menu needs options or one of the data sources users and channels, not {source:?} with {} options", options.len())),
        },
        other => found.push(format!("invalid action type {other:?}")),
    }
    let url = action
        .pointer("/integration/url")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !url.starts_with("/plugins/") && !url.starts_with("plugins/") && !is_http_url(url) {
        found.push(format!("no valid integration address: {url:?}"));
    }
    found
}

fn is_hex_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|digits| {
        digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}
