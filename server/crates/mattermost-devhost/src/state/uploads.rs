//! Uploads in parts (`app/upload.go`, `model/upload_session.go`).

use mattermost_plugin::model::{AppError, UploadSession};

use super::Data;
use super::files::ContentBuilder;
use crate::errors::app_error;
use crate::ids::is_valid_id;

/// Smallest first part of an upload that has more than one, in bytes.
pub const FIRST_PART_MIN_BYTES: i64 = 5 * 1024 * 1024;

/// Owner of files that no user uploaded (`model.UploadNoUserID`).
pub const NO_USER: &str = "nouser";

/// An upload under way.
#[derive(Debug, Clone)]
pub struct Upload {
    /// What was announced, and how far it has come.
    pub session: UploadSession,
    /// What has arrived.
    pub content: ContentBuilder,
    /// Whether a part is arriving now.
    pub busy: bool,
}

impl Data {
    /// Announces an upload. The plugin makes the id itself. The size is not compared with `FileSettings.MaxFileSize`: the plugin
    /// API of the server does not do that either.
    ///
    /// # Errors
    /// When a value is not valid or the channel cannot take files.
    pub fn create_upload(
        &mut self,
        mut session: UploadSession,
        now: i64,
    ) -> Result<UploadSession, AppError> {
        session.file_offset = 0;
        session.create_at = now;
        let name = session.filename.rsplit('/').next().unwrap_or_default();
        session.path = format!(
            "{}/users/{}/{}/{name}",
            session.channel_id, session.user_id, session.id
        );
        check(&session)?;
        if session.r#type == "attachment" {
            let refuse =
                |id: &str, message: &str| Err(app_error("CreateUploadSession", id, message, 400));
            match self.channels.get(&session.channel_id) {
                None => {
                    return refuse(
                        "app.upload.create.incorrect_channel_id.app_error",
                        "Cannot upload to the specified channel.",
                    );
                }
                Some(channel) if channel.delete_at != 0 => {
                    return refuse(
                        "app.upload.create.cannot_upload_to_deleted_channel.app_error",
                        "Cannot upload to a deleted channel.",
                    );
                }
                Some(_) => {}
            }
        }
        let upload = Upload {
            session: session.clone(),
            content: ContentBuilder::default(),
            busy: false,
        };
        self.uploads.insert(session.id.clone(), upload);
        Ok(session)
    }

    /// An upload under way.
    ///
    /// # Errors
    /// When there is none with this id: it is over or never was.
    pub fn upload(&self, id: &str) -> Result<&UploadSession, AppError> {
        self.uploads
            .get(id)
            .map(|upload| &upload.session)
            .ok_or_else(missing)
    }

    /// Takes an upload for one part; nobody else can add one until it is given back.
    ///
    /// # Errors
    /// When it is taken already, unknown, or further than the plugin thinks.
    pub fn take_upload(&mut self, session: &UploadSession) -> Result<Upload, AppError> {
        let upload = self.uploads.get_mut(&session.id).ok_or_else(missing)?;
        if upload.busy || upload.session.file_offset != session.file_offset {
            return Err(app_error(
                "UploadData",
                "app.upload.upload_data.concurrent.app_error",
                "Unable to upload data from more than one request.",
                400,
            ));
        }
        upload.busy = true;
        Ok(upload.clone())
    }
}

/// There is no such upload.
fn missing() -> AppError {
    app_error(
        "GetUpload",
        "app.upload.get.app_error",
        "Failed to get upload.",
        404,
    )
}

/// The first part of an upload in parts was too small.
pub(crate) fn first_part_too_small() -> AppError {
    app_error(
        "UploadData",
        "app.upload.upload_data.first_part_too_small.app_error",
        format!("Failed to upload data. First part must be at least {FIRST_PART_MIN_BYTES} Bytes."),
        400,
    )
}

fn check(session: &UploadSession) -> Result<(), AppError> {
    let refuse = |id: &str, message: &str| {
        Err(app_error(
            "UploadSession.IsValid",
            &format!("model.upload_session.is_valid.{id}.app_error"),
            message,
            400,
        ))
    };
    if !is_valid_id(&session.id) {
        return refuse("id", "Invalid value for Id");
    }
    if session.r#type != "attachment" && session.r#type != "import" {
        return refuse("type", "Invalid value for Type");
    }
    if !is_valid_id(&session.user_id) && session.user_id != NO_USER {
        return refuse("user_id", "Invalid value for UserId");
    }
    if session.r#type == "attachment" && !is_valid_id(&session.channel_id) {
        return refuse("channel_id", "Invalid value for ChannelId");
    }
    if session.filename.is_empty() {
        return refuse("filename", "Invalid value for Filename");
    }
    if session.file_size <= 0 {
        return refuse("file_size", "Invalid value for FileSize");
    }
    Ok(())
}
