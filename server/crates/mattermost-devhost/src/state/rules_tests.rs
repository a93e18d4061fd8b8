use mattermost_plugin::model::{Bot, BotPatch, Channel, Command, Post, Preference, Reaction, Session, Team, UploadSession, User};
use serde_json::json;

use super::files::{ContentBuilder, KEPT_BYTES_MAX};
use super::{Data, text};
use crate::ids::new_id;

fn user(name: &str) -> User {
    User { username: name.to_owned(), email: format!("{name}@example.com"), ..User::default() }
}

fn data() -> (Data, Post) {
    let mut data = Data::default();
    let alice = data.users.create(user("alice"), 1).expect("alice is valid");
    let channel = Channel { name: "builds".to_owned(), r#type: "O".to_owned(), team_id: new_id(), ..Channel::default() };
    let channel = data.channels.create(channel, 1).expect("the channel is valid");
    let post = data.posts.insert(Post::new(alice.id, channel.id, "x"), 1).expect("the post is valid");
    (data, post)
}

#[test]
fn names_and_addresses_of_users_are_their_own() {
    let (mut data, _) = data();
    assert_eq!(data.users.create(user("alice"), 1).unwrap_err().id, "app.user.save.username_exists.app_error");
    let same_email = User { email: "ALICE@example.com".to_owned(), ..user("other") };
    assert_eq!(data.users.create(same_email, 1).unwrap_err().id, "app.user.save.email_exists.app_error");
    for name in ["", "all", "a b", &"x".repeat(65)] {
        let error = data.users.create(User { username: name.to_owned(), ..user("ok") }, 1).unwrap_err();
        assert_eq!(error.id, "model.user.is_valid.username.app_error", "{name}");
    }
    assert!(data.users.by_username("ALICE").is_some());
}

#[test]
fn channels_have_valid_names_of_their_own() {
    let (mut data, post) = data();
    let known = data.channels.get(&post.channel_id).expect("the channel exists").clone();
    let twin = Channel { id: String::new(), ..known };
    assert_eq!(data.channels.create(twin.clone(), 1).unwrap_err().id, "store.sql_channel.save_channel.exists.app_error");
    let mut refused = |change: &dyn Fn(&mut Channel)| {
        let mut channel = Channel { name: "new".to_owned(), ..twin.clone() };
        change(&mut channel);
        data.channels.create(channel, 1).unwrap_err().id
    };
    assert_eq!(refused(&|channel| channel.name = "With Space".to_owned()), "model.channel.is_valid.1_or_more.app_error");
    assert_eq!(refused(&|channel| channel.header = "ü".repeat(1025)), "model.channel.is_valid.header.app_error");
    assert_eq!(refused(&|channel| channel.purpose = "ü".repeat(251)), "model.channel.is_valid.purpose.app_error");
    assert_eq!(refused(&|channel| channel.display_name = "ü".repeat(65)), "model.channel.is_valid.display_name.app_error");
    assert_eq!(refused(&|channel| channel.r#type = "D".to_owned()), "store.sql_channel.save.direct_channel.app_error");
    assert_eq!(refused(&|channel| channel.r#type = "X".to_owned()), "model.channel.is_valid.type.app_error");
}

#[test]
fn teams_have_valid_names_of_their_own() {
    let mut data = Data::default();
    let team = Team { name: "ops".to_owned(), display_name: "Ops".to_owned(), ..Team::default() };
    data.teams.create(team.clone(), 1).expect("the team is valid");
    assert_eq!(data.teams.create(team.clone(), 1).unwrap_err().id, "app.team.save.existing.app_error");
    let bad = Team { name: "O ps".to_owned(), ..team };
    assert_eq!(data.teams.create(bad, 1).unwrap_err().id, "model.team.is_valid.characters.app_error");
}

#[test]
fn reactions_are_counted_once_and_need_a_known_emoji() {
    let (mut data, post) = data();
    let reaction = Reaction { user_id: post.user_id.clone(), post_id: post.id.clone(), emoji_name: "eyes".to_owned(), ..Reaction::default() };
    data.add_reaction(reaction.clone(), 2).unwrap();
    data.add_reaction(reaction.clone(), 3).unwrap();
    assert_eq!(data.of_post(&post.id).count(), 1);
    assert!(data.posts.get(&post.id).unwrap().has_reactions);
    let unknown = Reaction { emoji_name: "nope_nope".to_owned(), ..reaction.clone() };
    assert_eq!(data.add_reaction(unknown, 3).unwrap_err().status_code, 404);
    data.remove_reaction(&reaction, 4).unwrap();
    assert!(!data.posts.get(&post.id).unwrap().has_reactions);
    let mut emoji = super::emoji::all();
    for _ in 0..super::reactions::UNIQUE_REACTIONS_MAX {
        let name = emoji.next().expect("there are enough emoji").0.to_owned();
        data.add_reaction(Reaction { emoji_name: name, ..reaction.clone() }, 5).unwrap();
    }
    let one_more = Reaction { emoji_name: emoji.next().expect("there are enough emoji").0.to_owned(), ..reaction };
    assert_eq!(data.add_reaction(one_more, 5).unwrap_err().id, "app.reaction.save.save.too_many_reactions");
}

#[test]
fn preferences_are_their_users_own_and_all_or_nothing() {
    let (mut data, post) = data();
    let good = Preference { user_id: post.user_id.clone(), category: "c".to_owned(), name: "n".to_owned(), value: "v".to_owned() };
    let long = Preference { name: "x".repeat(33), ..good.clone() };
    assert_eq!(data.set_preferences(&post.user_id, &[good.clone(), long]).unwrap_err().id, "model.preference.is_valid.name.app_error");
    assert!(data.preferences_of(&post.user_id).is_empty());
    assert_eq!(data.set_preferences(&new_id(), std::slice::from_ref(&good)).unwrap_err().status_code, 403);
    data.set_preferences(&post.user_id, std::slice::from_ref(&good)).unwrap();
    assert_eq!(data.preference(&post.user_id, "c", "n").unwrap().value, "v");
    assert_eq!(data.preference(&post.user_id, "c", "x").unwrap_err().status_code, 400);
}

#[test]
fn bots_have_an_account_that_follows_them() {
    let mut data = Data::default();
    let bot = Bot { username: "ci".to_owned(), display_name: "CI".to_owned(), owner_id: "plugin".to_owned(), ..Bot::default() };
    let bot = data.create_bot(bot, 1).unwrap();
    assert!(data.users.get(&bot.user_id).unwrap().is_bot);
    let patch = BotPatch { display_name: Some(String::new()), ..BotPatch::default() };
    assert_eq!(data.patch_bot(&bot.user_id, &patch, 2).unwrap().display_name, "");
    assert_eq!(data.users.get(&bot.user_id).unwrap().first_name, "");
    data.set_bot_active(&bot.user_id, false, 3).unwrap();
    assert_eq!(data.bot(&bot.user_id, false).unwrap_err().status_code, 404);
    assert!(data.bot(&bot.user_id, true).is_ok());
    let long = BotPatch { description: Some("x".repeat(1025)), ..BotPatch::default() };
    assert!(data.patch_bot(&bot.user_id, &long, 4).is_err());
}

#[test]
fn sessions_end() {
    let mut data = Data::default();
    let session = data.sessions.create(Session { user_id: new_id(), expires_at: 10, ..Session::default() }, 1).unwrap();
    assert!(data.sessions.by_token(&session.token, 9).is_some());
    assert!(data.sessions.by_token(&session.token, 10).is_none());
    data.sessions.extend(&session.id, 20).unwrap();
    assert!(data.sessions.by_token(&session.token, 10).is_some());
    data.sessions.revoke(&session.id).unwrap();
    assert_eq!(data.sessions.get(&session.id).unwrap_err().status_code, 400);
}

#[test]
fn files_are_attached_once_and_by_their_owner() {
    let (mut data, post) = data();
    let info = mattermost_plugin::model::FileInfo { id: new_id(), creator_id: "nouser".to_owned(), ..Default::default() };
    data.files.put(info.clone(), ContentBuilder::default().finish());
    assert!(data.files.attach(&info.id, &post.id, &post.channel_id, &post.user_id));
    assert!(!data.files.attach(&info.id, &post.id, &post.channel_id, &post.user_id), "only once");
    let foreign = mattermost_plugin::model::FileInfo { id: new_id(), creator_id: new_id(), ..Default::default() };
    data.files.put(foreign.clone(), ContentBuilder::default().finish());
    assert!(!data.files.attach(&foreign.id, &post.id, &post.channel_id, &post.user_id));
}

#[test]
fn large_content_is_hashed_and_not_kept() {
    let mut builder = ContentBuilder::default();
    builder.push(b"abc");
    let small = builder.clone().finish();
    assert_eq!(small.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
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
    assert_eq!(refused(UploadSession { id: String::new(), ..valid.clone() }), "model.upload_session.is_valid.id.app_error");
    assert_eq!(refused(UploadSession { file_size: 0, ..valid.clone() }), "model.upload_session.is_valid.file_size.app_error");
    assert_eq!(refused(UploadSession { filename: String::new(), ..valid.clone() }), "model.upload_session.is_valid.filename.app_error");
    assert_eq!(refused(UploadSession { channel_id: new_id(), ..valid.clone() }), "app.upload.create.incorrect_channel_id.app_error");
    let session = data.create_upload(valid, 1).unwrap();
    data.take_upload(&session).unwrap();
    assert_eq!(data.take_upload(&session).unwrap_err().id, "app.upload.upload_data.concurrent.app_error");
}

#[test]
fn commands_are_found_by_lower_case_trigger_and_checked() {
    let mut data = Data::default();
    let command = Command { trigger: "Jenkins".to_owned(), ..Command::default() };
    data.commands.register("p", command.clone()).unwrap();
    assert!(data.commands.find("t", "jenkins").is_some());
    assert!(data.commands.register("p", Command::default()).is_err());
    let mut refused = |autocomplete: serde_json::Value| {
        let autocomplete_data = Some(serde_json::from_value(autocomplete).expect("the data can be read"));
        data.commands.register("p", Command { autocomplete_data, ..command.clone() }).unwrap_err()
    };
    assert!(refused(json!({"Trigger": "Jenkins"})).contains("lowercase"));
    assert!(refused(json!({"Trigger": "j", "RoleID": "team_admin"})).contains("role"));
    let text = json!({"Type": "TextInput", "Name": "", "Required": false, "Data": {"Hint": "", "Pattern": ""}});
    assert!(refused(json!({"Trigger": "j", "Arguments": [text]})).contains("optional"));
    assert!(refused(json!({"Trigger": "j", "SubCommands": [{"Trigger": ""}]})).contains("empty command name"));
    data.commands.unregister("", "JENKINS");
    assert!(data.commands.find("t", "jenkins").is_none());
}

#[test]
fn relative_addresses_of_dynamic_lists_lead_to_the_plugin() {
    let mut data = Data::default();
    let list = json!({"Type": "DynamicList", "Name": "", "Required": true, "HelpText": "", "Data": {"FetchURL": "api/jobs"}});
    let autocomplete = json!({"Trigger": "j", "SubCommands": [{"Trigger": "b", "Arguments": [list]}]});
    let autocomplete_data = serde_json::from_value(autocomplete).ok();
    data.commands.register("com.x", Command { trigger: "j".to_owned(), autocomplete_data, ..Command::default() }).unwrap();
    let command = data.commands.find("", "j").expect("the command is known").command.clone();
    let stored = serde_json::to_value(command.autocomplete_data).unwrap();
    assert_eq!(stored.pointer("/SubCommands/0/Arguments/0/Data/FetchURL"), Some(&json!("/plugins/com.x/api/jobs")));
}

#[test]
fn text_is_read_as_the_server_reads_it() {
    assert_eq!(text::hashtags("a #Build-1, #no! ##x2 #1 # #é_é"), "#Build-1 #no #x2 #é_é");
    assert_eq!(text::mentions("hi @Alice, @bob. mail@x.y @here", '@'), ["alice", "bob.", "here"]);
    assert_eq!(text::slack_links_to_markdown("see <http://a|the <b> job> or <x"), "see [the <b](http://a) job> or <x");
    assert_eq!(text::channel_wide_mention("dear @channel"), Some("@channel"));
    assert_eq!(text::channel_wide_mention("dear @channels"), None);
}
