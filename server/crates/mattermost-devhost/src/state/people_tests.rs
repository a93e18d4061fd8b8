use mattermost_plugin::model::{Bot, BotPatch, Channel, Post, Preference, Session, Team, User};

use super::Data;
use crate::ids::new_id;

fn user(name: &str) -> User {
    User {
        username: name.to_owned(),
        email: format!("{name}@example.com"),
        ..User::default()
    }
}

/// Tables with a user, a channel and a post.
pub(super) fn data() -> (Data, Post) {
    let mut data = Data::default();
    let alice = data.users.create(user("alice"), 1).expect("alice is valid");
    let channel = Channel {
        name: "builds".to_owned(),
        r#type: "O".to_owned(),
        team_id: new_id(),
        ..Channel::default()
    };
    let channel = data
        .channels
        .create(channel, 1)
        .expect("the channel is valid");
    let post = data
        .posts
        .insert(Post::new(alice.id, channel.id, "x"), 1)
        .expect("the post is valid");
    (data, post)
}

#[test]
fn names_and_addresses_of_users_are_their_own() {
    let (mut data, _) = data();
    assert_eq!(
        data.users.create(user("alice"), 1).unwrap_err().id,
        "app.user.save.username_exists.app_error"
    );
    let same_email = User {
        email: "ALICE@example.com".to_owned(),
        ..user("other")
    };
    assert_eq!(
        data.users.create(same_email, 1).unwrap_err().id,
        "app.user.save.email_exists.app_error"
    );
    for name in ["", "all", "a b", &"x".repeat(65)] {
        let error = data
            .users
            .create(
                User {
                    username: name.to_owned(),
                    ..user("ok")
                },
                1,
            )
            .unwrap_err();
        assert_eq!(error.id, "model.user.is_valid.username.app_error", "{name}");
    }
    assert!(data.users.by_username("ALICE").is_some());
}

#[test]
fn channels_have_valid_names_of_their_own() {
    let (mut data, post) = data();
    let known = data
        .channels
        .get(&post.channel_id)
        .expect("the channel exists")
        .clone();
    let twin = Channel {
        id: String::new(),
        ..known
    };
    assert_eq!(
        data.channels.create(twin.clone(), 1).unwrap_err().id,
        "store.sql_channel.save_channel.exists.app_error"
    );
    let mut refused = |change: &dyn Fn(&mut Channel)| {
        let mut channel = Channel {
            name: "new".to_owned(),
            ..twin.clone()
        };
        change(&mut channel);
        data.channels.create(channel, 1).unwrap_err().id
    };
    assert_eq!(
        refused(&|channel| channel.name = "With Space".to_owned()),
        "model.channel.is_valid.1_or_more.app_error"
    );
    assert_eq!(
        refused(&|channel| channel.header = "ü".repeat(1025)),
        "model.channel.is_valid.header.app_error"
    );
    assert_eq!(
        refused(&|channel| channel.purpose = "ü".repeat(251)),
        "model.channel.is_valid.purpose.app_error"
    );
    assert_eq!(
        refused(&|channel| channel.display_name = "ü".repeat(65)),
        "model.channel.is_valid.display_name.app_error"
    );
    assert_eq!(
        refused(&|channel| channel.r#type = "D".to_owned()),
        "store.sql_channel.save.direct_channel.app_error"
    );
    assert_eq!(
        refused(&|channel| channel.r#type = "X".to_owned()),
        "model.channel.is_valid.type.app_error"
    );
}

#[test]
fn teams_have_valid_names_of_their_own() {
    let mut data = Data::default();
    let team = Team {
        name: "ops".to_owned(),
        display_name: "Ops".to_owned(),
        ..Team::default()
    };
    data.teams
        .create(team.clone(), 1)
        .expect("the team is valid");
    assert_eq!(
        data.teams.create(team.clone(), 1).unwrap_err().id,
        "app.team.save.existing.app_error"
    );
    let bad = Team {
        name: "O ps".to_owned(),
        ..team
    };
    assert_eq!(
        data.teams.create(bad, 1).unwrap_err().id,
        "model.team.is_valid.characters.app_error"
    );
}

#[test]
fn preferences_are_their_users_own_and_all_or_nothing() {
    let (mut data, post) = data();
    let good = Preference {
        user_id: post.user_id.clone(),
        category: "c".to_owned(),
        name: "n".to_owned(),
        value: "v".to_owned(),
    };
    let long = Preference {
        name: "x".repeat(33),
        ..good.clone()
    };
    assert_eq!(
        data.set_preferences(&post.user_id, &[good.clone(), long])
            .unwrap_err()
            .id,
        "model.preference.is_valid.name.app_error"
    );
    assert!(data.preferences_of(&post.user_id).is_empty());
    assert_eq!(
        data.set_preferences(&new_id(), std::slice::from_ref(&good))
            .unwrap_err()
            .status_code,
        403
    );
    data.set_preferences(&post.user_id, std::slice::from_ref(&good))
        .unwrap();
    assert_eq!(data.preference(&post.user_id, "c", "n").unwrap().value, "v");
    assert_eq!(
        data.preference(&post.user_id, "c", "x")
            .unwrap_err()
            .status_code,
        400
    );
}

#[test]
fn bots_have_an_account_that_follows_them() {
    let mut data = Data::default();
    let bot = Bot {
        username: "ci".to_owned(),
        display_name: "CI".to_owned(),
        owner_id: "plugin".to_owned(),
        ..Bot::default()
    };
    let bot = data.create_bot(bot, 1).unwrap();
    assert!(data.users.get(&bot.user_id).unwrap().is_bot);
    let patch = BotPatch {
        display_name: Some(String::new()),
        ..BotPatch::default()
    };
    assert_eq!(
        data.patch_bot(&bot.user_id, &patch, 2)
            .unwrap()
            .display_name,
        ""
    );
    assert_eq!(data.users.get(&bot.user_id).unwrap().first_name, "");
    data.set_bot_active(&bot.user_id, false, 3).unwrap();
    assert_eq!(data.bot(&bot.user_id, false).unwrap_err().status_code, 404);
    assert!(data.bot(&bot.user_id, true).is_ok());
    let long = BotPatch {
        description: Some("x".repeat(1025)),
        ..BotPatch::default()
    };
    assert!(data.patch_bot(&bot.user_id, &long, 4).is_err());
}

#[test]
fn sessions_end() {
    let mut data = Data::default();
    let session = data
        .sessions
        .create(
            Session {
                user_id: new_id(),
                expires_at: 10,
                ..Session::default()
            },
            1,
        )
        .unwrap();
    assert!(data.sessions.by_token(&session.token, 9).is_some());
    assert!(data.sessions.by_token(&session.token, 10).is_none());
    data.sessions.extend(&session.id, 20).unwrap();
    assert!(data.sessions.by_token(&session.token, 10).is_some());
    data.sessions.revoke(&session.id).unwrap();
    assert_eq!(data.sessions.get(&session.id).unwrap_err().status_code, 400);
}
