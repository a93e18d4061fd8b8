//! Files, uploads and emoji.

use bytes::Bytes;
use mattermost_plugin::Capability;
use mattermost_plugin::api::Upload;
use mattermost_plugin::model::{Post, UploadSession};

use super::World;
use crate::table::{Table, ensure, needed, refused, worked_or_refused};

const TEXT: &[u8] = b"conformance\n";

/// Longer than any buffer on the way.
const STREAMED: usize = 300 * 1024;

pub(super) async fn check(world: &World<'_>, table: &mut Table) {
    let files = world.api.files();
    let file = table
        .check("UploadFile", async {
            let info = files
                .upload(TEXT, &world.channel()?.id, "conformance.txt")
                .await?;
            ensure(
                info.size == TEXT.len() as i64,
                format!("its size is {}", info.size),
            )?;
            Ok(info)
        })
        .await;
    let id = file.map(|file| file.id);
    table
        .check("GetFileInfo", async {
            let info = files.info(needed(&id, "file")?).await?;
            ensure(
                info.name == "conformance.txt",
                format!("its name is {:?}", info.name),
            )
        })
        .await;
    table
        .check("GetFile", async {
            let data = files.get(needed(&id, "file")?).await?;
            ensure(data == TEXT, format!("it has {} bytes", data.len()))
        })
        .await;
    table
        .check("ReadFile", async {
            let path = files.info(needed(&id, "file")?).await?.path;
            if !world.api.supports(Capability::FilePaths) {
                ensure(path.is_empty(), "a path that cannot travel is there")?;
                return refused(files.read("no/such/file").await, &[404, 500]);
            }
            let data = files.read(&path).await?;
            ensure(data == TEXT, format!("it has {} bytes", data.len()))
        })
        .await;
    table
        .check("CopyFileInfos", async {
            let copies = files
                .copy(&world.user()?.id, &[needed(&id, "file")?.clone()])
                .await?;
            ensure(
                copies.len() == 1 && Some(&copies[0]) != id.as_ref(),
                format!("{} are made", copies.len()),
            )
        })
        .await;
    table
        .check("GetFileLink", async {
            let mut post = Post::new(&world.user()?.id, &world.channel()?.id, "a file");
            post.file_ids = vec![needed(&id, "file")?.clone()];
            let post = world.api.posts().create(&post).await?;
            // Public links may be disabled.
            let link = files.link(&post.file_ids[0]).await;
            world.api.posts().delete(&post.id).await?;
            let link = worked_or_refused(link, &[501])?;
            ensure(
                link.is_none_or(|link| link.contains("/files/")),
                "it is no link to a file",
            )
        })
        .await;
    uploads(world, table).await;
    let emoji = world.api.emoji();
    table
        .check("GetEmojiList", async { Ok(emoji.list("", 0, 5).await?) })
        .await;
    table
        .check("GetEmojiByName", async {
            // None has this name, or custom emoji are disabled.
            worked_or_refused(
                emoji.by_name("conformance-no-such-emoji").await,
                &[403, 404, 501],
            )
        })
        .await;
}

async fn uploads(world: &World<'_>, table: &mut Table) {
    let files = world.api.files();
    let session = table
        .check("CreateUploadSession", async {
            let session = UploadSession {
                r#type: "attachment".to_owned(),
                user_id: world.user()?.id.clone(),
                channel_id: world.channel()?.id.clone(),
                filename: "unfinished.txt".to_owned(),
                file_size: 5,
                ..UploadSession::default()
            };
            let created = files.create_session(&session).await?;
            ensure(
                !created.id.is_empty() && created.file_size == 5,
                "it is another",
            )?;
            Ok(created)
        })
        .await;
    table
        .check("GetUploadSession", async {
            let session = files
                .session(&needed(&session, "upload session")?.id)
                .await?;
            ensure(
                session.filename == "unfinished.txt" && session.file_offset == 0,
                "it is another",
            )
        })
        .await;
    table
        .check("UploadData", async {
            let info = files
                .upload_data(needed(&session, "upload session")?, "12345")
                .await?;
            ensure(
                info.is_some_and(|info| info.size == 5),
                "the upload is not complete",
            )?;
            let upload = Upload {
                channel_id: world.channel()?.id.clone(),
                user_id: world.user()?.id.clone(),
                filename: "streamed.txt".to_owned(),
                size: STREAMED as u64,
            };
            let data = Bytes::from(vec![b'x'; STREAMED]);
            let info = files.upload_stream(&upload, data.clone()).await?;
            // A host in memory may count the bytes and forget them.
            let stored = worked_or_refused(files.get(&info.id).await, &[404])?;
            ensure(
                stored.is_none_or(|stored| stored == data),
                "other bytes came back",
            )
        })
        .await;
}
