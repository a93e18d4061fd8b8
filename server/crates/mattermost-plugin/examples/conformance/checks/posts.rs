//! Posts, ephemeral posts and reactions.

use std::time::Duration;

use mattermost_plugin::api::new_id;
use mattermost_plugin::model::{Attachment, Post, Reaction, SearchParams};
use serde_json::Value;

use super::World;
use crate::table::{Checked, Table, ensure, needed, refused};

pub(super) async fn check(world: &World<'_>, table: &mut Table) {
    let posts = world.api.posts();
    let post = table
        .check("CreatePost", async {
            let mut post = Post::new(
                &world.user()?.id,
                &world.channel()?.id,
                format!("hello {}", world.name),
            );
            post.props
                .insert("conformance".to_owned(), Value::from("yes"));
            let box_below = Attachment {
                fallback: "f".to_owned(),
                text: "t".to_owned(),
                ..Attachment::default()
            };
            let created = posts.create(&post.with_attachments(&[box_below])).await?;
            ensure(
                created.prop("conformance") == "yes",
                "its property is missing",
            )?;
            ensure(
                created.prop("from_plugin") == "true",
                "it is not marked as a plugin's",
            )?;
            ensure(
                created.attachments().len() == 1,
                "its attachment is missing",
            )?;
            Ok(created)
        })
        .await;
    let id = post.as_ref().map(|post| post.id.clone());
    table
        .check("GetPost", async {
            let found = posts.get(needed(&id, "post")?).await?;
            ensure(
                found.message == format!("hello {}", world.name),
                "it is another",
            )?;
            ensure(
                posts.get_optional(&new_id()).await?.is_none(),
                "an unknown id is found",
            )
        })
        .await;
    table
        .check("UpdatePost", async {
            let changed = Post {
                message: "changed".to_owned(),
                ..needed(&post, "post")?.clone()
            };
            ensure(
                posts.update(&changed).await?.message == "changed",
                "it did not change",
            )
        })
        .await;
    verdicts(world, table).await;
    lists(world, table, &post).await;
    reactions(world, table, &id).await;
    ephemeral(world, table).await;
    table
        .check("PublishUserTyping", async {
            Ok(posts
                .typing(&world.user()?.id, &world.channel()?.id, "")
                .await?)
        })
        .await;
    table
        .check("DeletePost", async {
            let id = needed(&id, "post")?;
            posts.delete(id).await?;
            refused(posts.get(id).await, &[404])
        })
        .await;
}

/// What the hook of this plugin does to posts is done to its own posts, too, by a server that
/// calls it at all.
async fn verdicts(world: &World<'_>, table: &mut Table) {
    if world.seen.count("MessageWillBePosted") == 0 {
        return;
    }
    let posts = world.api.posts();
    let post = |text: &str| -> Checked<Post> {
        Ok(Post::new(&world.user()?.id, &world.channel()?.id, text))
    };
    table
        .check("posts are refused and rewritten", async {
            refused(posts.create(&post("please reject-me")?).await, &[400])?;
            let rewritten = posts.create(&post("please rewrite-me")?).await?;
            posts.delete(&rewritten.id).await?;
            ensure(
                rewritten.message == "rewritten",
                format!("it reads {:?}", rewritten.message),
            )
        })
        .await;
}

async fn lists(world: &World<'_>, table: &mut Table, post: &Option<Post>) {
    let posts = world.api.posts();
    let reply = match post {
        Some(root) => {
            let reply = Post {
                root_id: root.id.clone(),
                ..Post::new(&root.user_id, &root.channel_id, "reply")
            };
            posts.create(&reply).await.ok()
        }
        None => None,
    };
    table
        .check("GetPostThread", async {
            let thread = posts.thread(&needed(post, "post")?.id).await?;
            let reply = needed(&reply, "reply")?;
            ensure(
                thread.posts.contains_key(&reply.id),
                "the reply is not in it",
            )
        })
        .await;
    table
        .check("GetPostsSince", async {
            let post = needed(post, "post")?;
            let list = posts.since(&post.channel_id, post.create_at - 1).await?;
            ensure(list.posts.contains_key(&post.id), "the post is not in it")
        })
        .await;
    table
        .check("GetPostsAfter", async {
            let (post, reply) = (needed(post, "post")?, needed(&reply, "reply")?);
            let list = posts.after(&post.channel_id, &post.id, 0, 10).await?;
            ensure(list.order.contains(&reply.id), "the reply is not in it")
        })
        .await;
    table
        .check("GetPostsBefore", async {
            let (post, reply) = (needed(post, "post")?, needed(&reply, "reply")?);
            let list = posts.before(&post.channel_id, &reply.id, 0, 10).await?;
            ensure(list.order.contains(&post.id), "the post is not in it")
        })
        .await;
    table
        .check("GetPostsForChannel", async {
            let post = needed(post, "post")?;
            let list = posts.in_channel(&post.channel_id, 0, 10).await?;
            ensure(
                list.in_order().any(|known| known.id == post.id),
                "the post is not in it",
            )
        })
        .await;
    table
        .check("SearchPostsInTeam", async {
            let reply = needed(&reply, "reply")?;
            let search = SearchParams {
                terms: "reply".to_owned(),
                ..SearchParams::default()
            };
            // The index may follow a moment later.
            for _ in 0..20 {
                let found = posts
                    .search(&world.team()?.id, std::slice::from_ref(&search))
                    .await;
                match found {
                    Ok(found) if found.iter().any(|post| post.id == reply.id) => return Ok(()),
                    Ok(_) => tokio::time::sleep(Duration::from_millis(100)).await,
                    Err(error) => return refused(Err::<(), _>(error), &[501]),
                }
            }
            ensure(false, "the reply is not found")
        })
        .await;
}

async fn reactions(world: &World<'_>, table: &mut Table, id: &Option<String>) {
    let posts = world.api.posts();
    let reaction = || -> Checked<Reaction> {
        Ok(Reaction {
            user_id: world.user()?.id.clone(),
            post_id: needed(id, "post")?.clone(),
            emoji_name: "tada".to_owned(),
            ..Reaction::default()
        })
    };
    table
        .check("AddReaction", async {
            let added = posts.add_reaction(&reaction()?).await?;
            ensure(
                added.emoji_name == "tada",
                format!("it is {:?}", added.emoji_name),
            )
        })
        .await;
    table
        .check("GetReactions", async {
            let count = posts.reactions(needed(id, "post")?).await?.len();
            ensure(count == 1, format!("{count} are found"))
        })
        .await;
    table
        .check("RemoveReaction", async {
            posts.remove_reaction(&reaction()?).await?;
            let count = posts.reactions(needed(id, "post")?).await?.len();
            ensure(count == 0, format!("{count} are left"))
        })
        .await;
}

async fn ephemeral(world: &World<'_>, table: &mut Table) {
    let posts = world.api.posts();
    let (user, channel) = (&world.args.user_id, &world.args.channel_id);
    let sent = table
        .check("SendEphemeralPost", async {
            let author = &world.bot()?.user_id;
            let sent = posts
                .send_ephemeral(user, &Post::new(author, channel, "only for a moment"))
                .await?;
            ensure(!sent.id.is_empty(), "it has no id")?;
            Ok(sent)
        })
        .await;
    table
        .check("UpdateEphemeralPost", async {
            let changed = Post {
                message: "soon gone".to_owned(),
                ..needed(&sent, "ephemeral post")?.clone()
            };
            let changed = posts.update_ephemeral(user, &changed).await?;
            ensure(changed.message == "soon gone", "it did not change")
        })
        .await;
    table
        .check("DeleteEphemeralPost", async {
            Ok(posts
                .delete_ephemeral(user, &needed(&sent, "ephemeral post")?.id)
                .await?)
        })
        .await;
}
