//! Files and uploads.

use bytes::Bytes;
use mattermost_plugin::Error;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{FileInfo, UploadSession};

use super::PluginApi;
use crate::errors::{app_error, detailed};
use crate::ids::new_id;
use crate::state::files::Content;

impl PluginApi {
    pub(super) async fn upload_file(
        &self,
        data: Bytes,
        channel_id: String,
        filename: String,
    ) -> Result<FileInfo, Error> {
        Ok(self.server.upload_file(&data, &channel_id, &filename)?)
    }

    pub(super) async fn copy_file_infos(
        &self,
        user_id: String,
        file_ids: Vec<String>,
    ) -> Result<Vec<String>, Error> {
        let now = self.server.now();
        let copies = self.server.write(|data| {
            file_ids
                .iter()
                .map(|id| {
                    let copy = new_id();
                    data.files.copy(id, &copy, &user_id, now).map(|()| copy)
                })
                .collect::<Result<Vec<String>, _>>()
        })?;
        Ok(copies)
    }

    pub(super) async fn get_file_info(&self, file_id: String) -> Result<FileInfo, Error> {
        Ok(self
            .server
            .read(|data| data.files.info(&file_id).cloned())?)
    }

    pub(super) async fn get_file(&self, file_id: String) -> Result<Bytes, Error> {
        self.get_file_info(file_id.clone()).await?;
        let content = self
            .server
            .read(|data| data.files.content(&file_id).cloned());
        kept(content)
    }

    pub(super) async fn read_file(&self, path: String) -> Result<Bytes, Error> {
        let content = self.server.read(|data| data.files.at_path(&path).cloned());
        kept(content)
    }

    pub(super) async fn get_file_link(&self, file_id: String) -> Result<String, Error> {
        let config = self.server.config();
        if !config.is_on("FileSettings.EnablePublicLink") {
            return Err(app_error(
                "GetFileLink",
                "plugin_api.get_file_link.disabled.app_error",
                "Public links have been disabled.",
                501,
            )
            .into());
        }
        let info = self.get_file_info(file_id).await?;
        if info.post_id.is_empty() {
            let error = app_error(
                "GetFileLink",
                "plugin_api.get_file_link.no_post.app_error",
                "Unable to get public link for file. File must be attached to a post that can be read.",
                400,
            );
            return Err(detailed(error, format!("file_id={}", info.id)).into());
        }
        Ok(format!(
            "{}/files/{}/public",
            config.text("ServiceSettings.SiteURL"),
            info.id
        ))
    }

    pub(super) async fn create_upload_session(
        &self,
        session: UploadSession,
    ) -> Result<UploadSession, Error> {
        let now = self.server.now();
        Ok(self.server.write(|data| data.create_upload(session, now))?)
    }

    pub(super) async fn get_upload_session(
        &self,
        upload_id: String,
    ) -> Result<UploadSession, Error> {
        Ok(self.server.read(|data| data.upload(&upload_id).cloned())?)
    }

    pub(super) async fn upload_data(
        &self,
        session: UploadSession,
        data: Body,
    ) -> Result<Option<FileInfo>, Error> {
        Ok(self.server.upload_data(&session, data).await?)
    }
}

fn kept(content: Option<Content>) -> Result<Bytes, Error> {
    let problem = match content {
        Some(Content {
            bytes: Some(bytes), ..
        }) => return Ok(bytes),
        Some(content) => format!(
            "a development server keeps only size ({}) and hash ({}) of a file this large",
            content.size, content.sha256
        ),
        None => "no such file".to_owned(),
    };
    let error = app_error(
        "ReadFile",
        "api.file.read_file.reading_local.app_error",
        "Encountered an error reading from local server file storage.",
        500,
    );
    Err(detailed(error, problem).into())
}
