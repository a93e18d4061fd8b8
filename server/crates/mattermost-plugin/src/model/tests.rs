//! Models as JSON, as a server and its clients write it.

use serde_json::{Value, json};

use super::*;

#[test]
fn nil_lists_and_maps_are_null() {
    let post: Post = serde_json::from_value(json!({
        "id": "p", "message": "m", "props": null, "file_ids": null, "participants": null, "metadata": {"embeds": null},
    }))
    .expect("a post");
    assert_eq!((post.id.as_str(), post.message.as_str()), ("p", "m"));
    assert!(post.props.is_empty() && post.file_ids.is_empty());
    assert_eq!(post.metadata, Some(PostMetadata::default()));
    let user: User = serde_json::from_value(
        json!({"id": "u", "timezone": null, "roles": "system_user system_admin"}),
    )
    .expect("a user");
    assert!(user.is_in_role("system_admin") && !user.is_in_role("system"));
}

#[test]
fn empty_fields_are_left_out_where_mattermost_does() {
    assert_eq!(
        serde_json::to_value(AppError::new("Here", "text", 400)).expect("JSON"),
        json!({"id": "", "message": "text", "detailed_error": "", "status_code": 400}),
    );
    assert_eq!(
        serde_json::to_value(SubmitDialogResponse::default()).expect("JSON"),
        json!({}),
    );
    let answer = serde_json::to_value(PostActionIntegrationResponse {
        ephemeral_text: "done".into(),
        ..Default::default()
    });
    assert_eq!(
        answer.expect("JSON"),
        json!({"update": null, "ephemeral_text": "done", "skip_slack_parsing": false})
    );
}

#[test]
fn a_button_was_pressed() {
    let request: PostActionIntegrationRequest = serde_json::from_value(json!({
        "user_id": "u", "user_name": "anna", "channel_id": "c", "channel_name": "town", "team_id": "t", "team_domain": "team",
        "post_id": "p", "trigger_id": "x", "type": "select", "data_source": "", "context": {"selected_option": "1", "run": 7},
    }))
    .expect("a request");
    assert_eq!(
        (request.team_name.as_str(), request.r#type.as_str()),
        ("team", "select")
    );
    assert_eq!(request.context["selected_option"], "1");
}

#[test]
fn a_dialog_was_submitted() {
    let request: SubmitDialogRequest = serde_json::from_value(json!({
        "type": "dialog_submission", "callback_id": "cb", "state": "s", "user_id": "u", "channel_id": "c", "team_id": "t",
        "submission": {"token": "secret", "count": 3, "flag": true}, "cancelled": false,
    }))
    .expect("a request");
    assert_eq!(request.submission["count"], 3);
}

#[test]
fn attachments_live_in_props() {
    let attachment = Attachment {
        color: "#00ff00".into(),
        fields: vec![AttachmentField::new("Branch", "main", true)],
        actions: vec![PostAction {
            id: "rebuild".into(),
            integration: Some(PostActionIntegration {
                url: "/plugins/x/rebuild".into(),
                context: [("run".to_owned(), json!(7))].into_iter().collect(),
            }),
            ..PostAction::default()
        }],
        ..Attachment::default()
    };
    let mut post = Post::new("u", "c", "m").with_attachments(std::slice::from_ref(&attachment));
    assert_eq!(
        post.props["attachments"][0]["fields"][0],
        json!({"title": "Branch", "value": "main", "short": true})
    );
    assert_eq!(post.attachments(), [attachment]);
    // Other programs write `short` as text, and other things beside attachments.
    post.props["attachments"] =
        json!([{"fields": [{"title": "t", "value": 1, "short": "true"}]}, "nonsense"]);
    assert!(post.attachments()[0].fields[0].short);
    assert_eq!(post.attachments().len(), 1);
    post.props.insert("from_bot".into(), json!("true"));
    assert_eq!(
        (post.prop("from_bot"), post.prop("attachments")),
        ("true", "")
    );
}

#[test]
fn kinds_of_arguments_are_told_by_their_fields() {
    let mut command = AutocompleteData::new("build", "[job]", "starts a build");
    command.arguments = vec![
        AutocompleteArg::text("", "job", "[job]").required(),
        AutocompleteArg::static_list(
            "kind",
            "k",
            vec![AutocompleteListItem {
                item: "a".into(),
                ..Default::default()
            }],
        ),
        AutocompleteArg::dynamic_list("", "branch", "plugins/x/branches"),
        AutocompleteArg {
            data: AutocompleteArgData::Other(json!({"new": 1})),
            ..AutocompleteArg::default()
        },
        AutocompleteArg::default(),
    ];
    let text = serde_json::to_value(&command).expect("JSON");
    assert_eq!(
        text["Arguments"][2]["Data"],
        json!({"FetchURL": "plugins/x/branches"})
    );
    assert_eq!(text["RoleID"], "system_user");
    assert_eq!(
        serde_json::from_value::<AutocompleteData>(text).expect("the same"),
        command
    );
}

#[test]
fn embeds_are_told_by_their_fields() {
    let embeds: Vec<PostEmbed> = serde_json::from_value(json!([
        {"type": "permalink", "data": {"post_id": "p", "post": {"id": "p"}, "team_name": "t", "channel_id": "c"}},
        {"type": "opengraph", "url": "https://x", "data": {"title": "t"}},
        {"type": "link", "url": "https://x"},
    ]))
    .expect("embeds");
    assert!(
        matches!(&embeds[0].data, PostEmbedData::Post(preview) if preview.post.as_ref().is_some_and(|post| post.id == "p"))
    );
    assert_eq!(embeds[1].data, PostEmbedData::Other(json!({"title": "t"})));
    assert_eq!(embeds[2].data, PostEmbedData::None);
}

#[test]
fn bytes_are_base64() {
    let event = ClusterEvent {
        id: "e".into(),
        data: bytes::Bytes::from_static(&[0, 255]),
    };
    let text = serde_json::to_value(&event).expect("JSON");
    assert_eq!(text, json!({"Id": "e", "Data": "AP8="}));
    assert_eq!(
        serde_json::from_value::<ClusterEvent>(text).expect("the same"),
        event
    );
    let info: FileInfo =
        serde_json::from_value(json!({"id": "f", "user_id": "u", "mini_preview": null}))
            .expect("a file");
    assert_eq!((info.creator_id.as_str(), info.mini_preview), ("u", None));
    let translation: PostTranslation =
        serde_json::from_value(json!({"type": "object", "object": {"a": 1}}))
            .expect("a translation");
    assert_eq!(translation.object.as_ref(), br#"{"a":1}"#);
}

#[test]
fn a_manifest_is_read() {
    let manifest: Manifest = serde_json::from_value(json!({
        "id": "command-center", "name": "n", "version": "0.1.0", "min_server_version": "10.5.0",
        "server": {"executables": {"linux-amd64": "server/dist/plugin-linux-amd64"}, "executable": ""},
        "settings_schema": {"header": "", "footer": "", "sections": null, "settings": [
            {"key": "JenkinsURL", "display_name": "d", "type": "text", "help_text": "", "placeholder": "", "default": 5, "secret": true},
        ]},
    }))
    .expect("a manifest");
    assert_eq!(
        manifest.server.expect("a server").executables["linux-amd64"],
        "server/dist/plugin-linux-amd64"
    );
    let setting = &manifest.settings_schema.expect("settings").settings[0];
    assert_eq!(
        (setting.default.clone(), setting.secret),
        (Value::from(5), true)
    );
}

#[test]
fn posts_are_listed_in_order() {
    let list: PostList = serde_json::from_value(json!({
        "order": ["b", "a", "gone"], "posts": {"a": {"id": "a"}, "b": {"id": "b"}, "root": {"id": "root"}}, "next_post_id": "",
    }))
    .expect("a list");
    assert_eq!(
        list.in_order()
            .map(|post| post.id.as_str())
            .collect::<Vec<_>>(),
        ["b", "a"]
    );
}
