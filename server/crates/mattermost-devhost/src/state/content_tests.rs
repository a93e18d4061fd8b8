use mattermost_plugin::model::{Command, Reaction, UploadSession};
use serde_json::json;

use super::files::{ContentBuilder, KEPT_BYTES_MAX};
use super::people_tests::data;
use super::{Data, text};
use crate::ids::new_id;

#[test]
fn reactions_are_counted_once_and_need_a_known_emoji() {
    let (mut data, post) = data();
    let reaction = Reaction {
        user_id: post.user_id.clone(),
        post_id: post.id.clone(),
        emoji_name: "eyes".to_owned(),
        ..Reaction::default()
    };
    data.add_reaction(reaction.clone(), 2).unwrap();
    data.add_reaction(reaction.clone(), 3).unwrap();
    assert_eq!(data.of_post(&post.id).count(), 1);
    assert!(data.posts.get(&post.id).unwrap().has_reactions);
    let unknown = Reaction {
        emoji_name: "nope_nope".to_owned(),
        ..reaction.clone()
    };
    assert_eq!(data.add_reaction(unknown, 3).unwrap_err().status_code, 404);
    data.remove_reaction(&reaction, 4).unwrap();
    assert!(!data.posts.get(&post.id).unwrap().has_reactions);
    let mut emoji = super::emoji::all();
    for _ in 0..super::reactions::UNIQUE_REACTIONS_MAX {
        let name = emoji.next().expect("there are enough emoji").0.to_owned();
        data.add_reaction(
            Reaction {
                emoji_name: name,
                ..reaction.clone()
            },
            5,
        )
        .unwrap();
    }
    let one_more = Reaction {
        emoji_name: emoji.next().expect("there are enough emoji").0.to_owned(),
        ..reaction
    };
    assert_eq!(
        data.add_reaction(one_more, 5).unwrap_err().id,
        "app.reaction.save.save.too_many_reactions"
    );
}

#[test]
fn files_are_attached_once_and_by_their_owner() {
    let (mut data, post) = data();
    let info = mattermost_plugin::model::FileInfo {
        id: new_id(),
        creator_id: "nouser".to_owned(),
        ..Default::default()
    };
    data.files
        .put(info.clone(), ContentBuilder::default().finish());
    assert!(
        data.files
            .attach(&info.id, &post.id, &post.channel_id, &post.user_id)
    );
    assert!(
        !data
            .files
            .attach(&info.id, &post.id, &post.channel_id, &post.user_id),
        "only once"
    );
    let foreign = mattermost_plugin::model::FileInfo {
        id: new_id(),
        creator_id: new_id(),
        ..Default::default()
    };
    data.files
        .put(foreign.clone(), ContentBuilder::default().finish());
    assert!(
        !data
            .files
            .attach(&foreign.id, &post.id, &post.channel_id, &post.user_id)
    );
}

#[test]
fn large_content_is_hashed_and_not_kept() {
    let mut builder = ContentBuilder::default();
    builder.push(b"abc");
    let small = builder.clone().finish();
    assert_eq!(
        small.sha256,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(small.bytes.as_deref(), Some(&b"abc"[..]));
    builder.push(&vec![0; usize::try_from(KEPT_BYTES_MAX).unwrap()]);
    let large = builder.finish();
    assert_eq!((large.size, large.bytes), (KEPT_BYTES_MAX + 3, None));
}

#[test]
fn uploads_need_an_id_a_name_a_size_and_a_channel() {
    let (mut data, post) = data();
    let valid = UploadSession {
        id: new_id(),
        r#type: "attachment".to_owned(),
        user_id: "nouser".to_owned(),
        channel_id: post.channel_id.clone(),
        filename: "log.txt".to_owned(),
        file_size: 3,
        ..UploadSession::default()
    };
    let mut refused = |session: UploadSession| data.create_upload(session, 1).unwrap_err().id;
    assert_eq!(
        refused(UploadSession {
            id: String::new(),
            ..valid.clone()
        }),
        "model.upload_session.is_valid.id.app_error"
    );
    assert_eq!(
        refused(UploadSession {
            file_size: 0,
            ..valid.clone()
        }),
        "model.upload_session.is_valid.file_size.app_error"
    );
    assert_eq!(
        refused(UploadSession {
            filename: String::new(),
            ..valid.clone()
        }),
        "model.upload_session.is_valid.filename.app_error"
    );
    assert_eq!(
        refused(UploadSession {
            channel_id: new_id(),
            ..valid.clone()
        }),
        "app.upload.create.incorrect_channel_id.app_error"
    );
    let session = data.create_upload(valid, 1).unwrap();
    data.take_upload(&session).unwrap();
    assert_eq!(
        data.take_upload(&session).unwrap_err().id,
        "app.upload.upload_data.concurrent.app_error"
    );
}

#[test]
fn commands_are_found_by_lower_case_trigger_and_checked() {
    let mut data = Data::default();
    let command = Command {
        trigger: "Jenkins".to_owned(),
        ..Command::default()
    };
    data.commands.register("p", command.clone()).unwrap();
    assert!(data.commands.find("t", "jenkins").is_some());
    assert!(data.commands.register("p", Command::default()).is_err());
    let mut refused = |autocomplete: serde_json::Value| {
        let autocomplete_data =
            Some(serde_json::from_value(autocomplete).expect("the data can be read"));
        data.commands
            .register(
                "p",
                Command {
                    autocomplete_data,
                    ..command.clone()
                },
            )
            .unwrap_err()
    };
    assert!(refused(json!({"Trigger": "Jenkins"})).contains("lowercase"));
    assert!(refused(json!({"Trigger": "j", "RoleID": "team_admin"})).contains("role"));
    let text = json!({"Type": "TextInput", "Name": "", "Required": false, "Data": {"Hint": "", "Pattern": ""}});
    assert!(refused(json!({"Trigger": "j", "Arguments": [text]})).contains("optional"));
    assert!(
        refused(json!({"Trigger": "j", "SubCommands": [{"Trigger": ""}]}))
            .contains("empty command name")
    );
    data.commands.unregister("", "JENKINS");
    assert!(data.commands.find("t", "jenkins").is_none());
}

#[test]
fn relative_addresses_of_dynamic_lists_lead_to_the_plugin() {
    let mut data = Data::default();
    let list = json!({"Type": "DynamicList", "Name": "", "Required": true, "HelpText": "", "Data": {"FetchURL": "api/jobs"}});
    let autocomplete =
        json!({"Trigger": "j", "SubCommands": [{"Trigger": "b", "Arguments": [list]}]});
    let autocomplete_data = serde_json::from_value(autocomplete).ok();
    data.commands
        .register(
            "com.x",
            Command {
                trigger: "j".to_owned(),
                autocomplete_data,
                ..Command::default()
            },
        )
        .unwrap();
    let command = data
        .commands
        .find("", "j")
        .expect("the command is known")
        .command
        .clone();
    let stored = serde_json::to_value(command.autocomplete_data).unwrap();
    assert_eq!(
        stored.pointer("/SubCommands/0/Arguments/0/Data/FetchURL"),
        Some(&json!("/plugins/com.x/api/jobs"))
    );
}

#[test]
fn text_is_read_as_the_server_reads_it() {
    assert_eq!(
        text::hashtags("a #Build-1, #no! ##x2 #1 # #é_é"),
        "#Build-1 #no #x2 #é_é"
    );
    assert_eq!(
        text::mentions("hi @Alice, @bob. mail@x.y @here", '@'),
        ["alice", "bob.", "here"]
    );
    assert_eq!(
        text::slack_links_to_markdown("see <http://a|the <b> job> or <x"),
        "see [the <b](http://a) job> or <x"
    );
    assert_eq!(
        text::channel_wide_mention("dear @channel"),
        Some("@channel")
    );
    assert_eq!(text::channel_wide_mention("dear @channels"), None);
}
