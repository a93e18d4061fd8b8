//! Files that arrive (`app/file.go`, `app/upload.go`).

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::BodyExt;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{AppError, FileInfo, UploadSession};

use super::Server;
use crate::errors::app_error;
use crate::ids::new_id;
use crate::state::files::{ContentBuilder, kind_of};
use crate::state::uploads::{FIRST_PART_MIN_BYTES, NO_USER, first_part_too_small};

impl Server {
    /// Stores a file that nobody owns yet. An empty channel id is allowed.
    ///
    /// # Errors
    /// When the channel does not exist.
    pub fn upload_file(
        &self,
        data: &Bytes,
        channel_id: &str,
        name: &str,
    ) -> Result<FileInfo, AppError> {
        if !channel_id.is_empty() && self.read(|data| data.channels.get(channel_id).is_none()) {
            return Err(app_error(
                "UploadFile",
                "api.file.upload_file.incorrect_channelId.app_error",
                format!("Unable to upload the file. Incorrect channel ID: {channel_id}"),
                400,
            ));
        }
        let mut content = ContentBuilder::default();
        content.push(data);
        // The plugin API does not compare sizes; clients are refused larger files.
        self.report_size(content.size());
        let id = new_id();
        let name = name.rsplit('/').next().unwrap_or_default();
        let path = format!("channels/{channel_id}/users/{NO_USER}/{id}/{name}");
        Ok(self.store_file(id, name, NO_USER, channel_id, path, content))
    }

    fn store_file(
        &self,
        id: String,
        name: &str,
        owner: &str,
        channel_id: &str,
        path: String,
        content: ContentBuilder,
    ) -> FileInfo {
        let now = self.now();
        let (extension, mime_type) = kind_of(name);
        let info = FileInfo {
            id,
            creator_id: owner.to_owned(),
            channel_id: channel_id.to_owned(),
            create_at: now,
            update_at: now,
            path,
            name: name.to_owned(),
            extension,
            mime_type,
            size: i64::try_from(content.size()).unwrap_or(i64::MAX),
            ..FileInfo::default()
        };
        let content = content.finish();
        self.write(|data| data.files.put(info.clone(), content));
        info
    }

    fn report_size(&self, size: u64) {
        let limit =
            u64::try_from(self.config().number("FileSettings.MaxFileSize")).unwrap_or(u64::MAX);
        if size > limit {
            self.violation(
                "",
                format!(
                    "a file of {size} bytes is larger than FileSettings.MaxFileSize of {limit}"
                ),
            );
        }
    }

    /// Adds a part to an upload while it arrives; answers the file when it is complete.
    ///
    /// # Errors
    /// When the upload is unknown, taken or further, or its first part is too small.
    pub async fn upload_data(
        self: &Arc<Self>,
        session: &UploadSession,
        mut body: Body,
    ) -> Result<Option<FileInfo>, AppError> {
        let mut upload = self.write(|data| data.take_upload(session))?;
        let first = upload.session.file_offset == 0;
        let mut room = upload.session.file_size - upload.session.file_offset;
        let mut written = 0_i64;
        while room > 0 {
            let Some(Ok(frame)) = body.frame().await else {
                break;
            };
            let Ok(piece) = frame.into_data() else {
                continue;
            };
            let take = piece.len().min(usize::try_from(room).unwrap_or(usize::MAX));
            upload.content.push(&piece[..take]);
            let taken = i64::try_from(take).unwrap_or(i64::MAX);
            room -= taken;
            written += taken;
        }
        drop(body);
        if first && written < FIRST_PART_MIN_BYTES && written != upload.session.file_size {
            self.write(|data| {
                if let Some(upload) = data.uploads.get_mut(&session.id) {
                    upload.busy = false;
                }
            });
            return Err(first_part_too_small());
        }
        upload.session.file_offset += written;
        upload.busy = false;
        let complete = upload.session.file_offset == upload.session.file_size;
        if !complete {
            self.write(|data| data.uploads.insert(upload.session.id.clone(), upload));
            return Ok(None);
        }
        self.report_size(upload.content.size());
        let session = upload.session;
        let id = if session.req_file_id.is_empty() {
            new_id()
        } else {
            session.req_file_id.clone()
        };
        let info = self.store_file(
            id,
            &session.filename,
            &session.user_id,
            &session.channel_id,
            session.path.clone(),
            upload.content,
        );
        self.write(|data| data.uploads.remove(&session.id));
        Ok(Some(info))
    }
}
