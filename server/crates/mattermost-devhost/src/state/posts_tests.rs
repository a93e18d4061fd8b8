use mattermost_plugin::model::Post;
use serde_json::json;

use super::post_limits::MESSAGE_MAX_RUNES;
use super::posts::Posts;
use crate::ids::new_id;

struct World {
    posts: Posts,
    user: String,
    channel: String,
}

fn world() -> World {
    World {
        posts: Posts::default(),
        user: new_id(),
        channel: new_id(),
    }
}

impl World {
    fn post(&mut self, message: &str, root: &str, now: i64) -> Post {
        let post = Post {
            root_id: root.to_owned(),
            ..Post::new(&self.user, &self.channel, message)
        };
        self.posts.insert(post, now).expect("the post is valid")
    }
}

#[test]
fn messages_are_limited_in_runes() {
    let mut world = world();
    let longest = "ü".repeat(MESSAGE_MAX_RUNES);
    world.post(&longest, "", 1);
    let error = world
        .posts
        .insert(
            Post::new(&world.user, &world.channel, format!("{longest}ü")),
            1,
        )
        .unwrap_err();
    assert_eq!(
        (error.id.as_str(), error.status_code),
        ("model.post.is_valid.message_length.app_error", 400)
    );
}

#[test]
fn other_limits_are_kept_too() {
    let mut world = world();
    let refused = |post: Post, posts: &mut Posts| posts.insert(post, 1).unwrap_err().id;
    let valid = Post::new(&world.user, &world.channel, "x");
    let with_id = Post {
        id: new_id(),
        ..valid.clone()
    };
    assert_eq!(
        refused(with_id, &mut world.posts),
        "app.post.save.existing.app_error"
    );
    let odd_type = Post {
        r#type: "jenkins".to_owned(),
        ..valid.clone()
    };
    assert_eq!(
        refused(odd_type, &mut world.posts),
        "model.post.is_valid.type.app_error"
    );
    let no_user = Post {
        user_id: "me".to_owned(),
        ..valid.clone()
    };
    assert_eq!(
        refused(no_user, &mut world.posts),
        "model.post.is_valid.user_id.app_error"
    );
    let eleven = Post {
        file_ids: (0..11).map(|_| new_id()).collect(),
        ..valid.clone()
    };
    assert_eq!(
        refused(eleven, &mut world.posts),
        "model.post.is_valid.file_ids.app_error"
    );
    let mut large = valid.clone();
    large
        .props
        .insert("a".to_owned(), json!("x".repeat(800_000)));
    assert_eq!(
        refused(large, &mut world.posts),
        "model.post.is_valid.props.app_error"
    );
    let custom = Post {
        r#type: "custom_build".to_owned(),
        ..valid
    };
    assert!(world.posts.insert(custom, 1).is_ok());
}

#[test]
fn a_thread_holds_its_root_and_replies() {
    let mut world = world();
    let root = world.post("root", "", 1);
    let reply = world.post("reply", &root.id, 2);
    world.post("other", "", 3);
    let thread = world.posts.thread(&reply.id).unwrap();
    assert_eq!(
        thread.order,
        [reply.id.clone(), root.id.clone()],
        "the asked-for post comes first"
    );
    assert_eq!(world.posts.get(&root.id).unwrap().reply_count, 1);
    assert_eq!(
        world.posts.get(&root.id).unwrap().update_at,
        2,
        "a reply updates the root"
    );
}

#[test]
fn an_edit_leaves_the_former_version_behind() {
    let mut world = world();
    let post = world.post("one", "", 1);
    let edited = world
        .posts
        .replace(
            Post {
                message: "two".to_owned(),
                edit_at: 5,
                ..post.clone()
            },
            5,
        )
        .unwrap();
    assert_eq!((edited.update_at, edited.create_at), (5, 1));
    assert_eq!(world.posts.in_channel(&world.channel).len(), 1);
    let since = world.posts.since(&world.channel, 4);
    let former = since
        .posts
        .values()
        .find(|other| other.id != post.id)
        .expect("the former version is listed");
    assert_eq!(
        (
            former.message.as_str(),
            former.delete_at,
            former.original_id.as_str()
        ),
        ("one", 5, post.id.as_str())
    );
}

#[test]
fn deleting_a_root_deletes_its_replies() {
    let mut world = world();
    let root = world.post("root", "", 1);
    let reply = world.post("reply", &root.id, 2);
    world.posts.delete(&root.id, "plugin", 9);
    assert!(world.posts.get(&root.id).is_none());
    assert!(world.posts.get(&reply.id).is_none());
    assert!(world.posts.thread(&root.id).is_err());
    let since = world.posts.since(&world.channel, 8);
    assert_eq!(since.posts[&root.id].props["deleteBy"], json!("plugin"));
}

#[test]
fn pages_are_newest_first_and_limited() {
    let mut world = world();
    let posts: Vec<Post> = (1..=5)
        .map(|time| world.post(&time.to_string(), "", time))
        .collect();
    let page = world.posts.page(&world.channel, 1, 2).unwrap();
    assert_eq!(page.order, [posts[2].id.clone(), posts[1].id.clone()]);
    assert_eq!(
        world
            .posts
            .page(&world.channel, 0, 1_001)
            .unwrap_err()
            .status_code,
        400
    );
    let before = world.posts.around(&world.channel, &posts[2].id, true, 0, 1);
    assert_eq!(before.order, [posts[1].id.clone()]);
    let after = world
        .posts
        .around(&world.channel, &posts[2].id, false, 0, 9);
    assert_eq!(after.order, [posts[4].id.clone(), posts[3].id.clone()]);
}

#[test]
fn buttons_get_ids_and_keep_what_they_do_from_clients() {
    let mut world = world();
    let mut post = Post::new(&world.user, &world.channel, "");
    post.props.insert(
        "attachments".to_owned(),
        json!([{"actions": [{"name": "Go", "integration": {"url": "/plugins/a/b"}}]}]),
    );
    let post = world.posts.insert(post, 1).unwrap();
    let id = post.props["attachments"][0]["actions"][0]["id"]
        .as_str()
        .expect("the button has an id");
    assert!(super::text::action(&post.props, id).is_some());
    let shown = super::text::without_integrations(&post.props);
    assert_eq!(
        shown["attachments"][0]["actions"][0],
        json!({"name": "Go", "id": id})
    );
}
