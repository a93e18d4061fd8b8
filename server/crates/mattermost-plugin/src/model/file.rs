//! Files and uploads.

use bytes::Bytes;
use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

use super::json;

/// A file that was uploaded.
///
/// Go: `FileInfo` in `server/public/model/file_info.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct FileInfo {
    /// Identifier, 26 characters.
    pub id: String,
    /// Who uploaded it.
    #[serde(rename = "user_id")]
    pub creator_id: String,
    /// Empty until a post carries it.
    #[serde(skip_serializing_if = "json::is_default")]
    pub post_id: String,
    /// Identifier of the channel.
    pub channel_id: String,
    /// When it was created, in milliseconds since 1970.
    pub create_at: i64,
    /// When it was last changed, in milliseconds since 1970.
    pub update_at: i64,
    /// When it was deleted, in milliseconds since 1970; 0 when it was not.
    pub delete_at: i64,
    /// Where the file store has it.
    #[serde(skip)]
    pub path: String,
    /// Where the thumbnail is.
    #[serde(skip)]
    pub thumbnail_path: String,
    /// Where the preview is.
    #[serde(skip)]
    pub preview_path: String,
    /// File name.
    pub name: String,
    /// Without dot.
    pub extension: String,
    /// Bytes.
    pub size: i64,
    /// Media type.
    pub mime_type: String,
    /// Pixels.
    #[serde(skip_serializing_if = "json::is_default")]
    pub width: i64,
    /// Pixels.
    #[serde(skip_serializing_if = "json::is_default")]
    pub height: i64,
    /// Whether there is a preview.
    #[serde(skip_serializing_if = "json::is_default")]
    pub has_preview_image: bool,
    /// A tiny JPEG; `None` when there is none.
    #[serde(with = "json::optional_base64_bytes")]
    pub mini_preview: Option<Bytes>,
    /// Text found in the file, for the search.
    #[serde(skip)]
    pub content: String,
    /// Remote cluster it came from.
    pub remote_id: Option<String>,
    /// Whether the file is beyond a plan's limits.
    pub archived: bool,
}

/// A file that is being uploaded in parts.
///
/// Go: `UploadSession` in `server/public/model/upload_session.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct UploadSession {
    /// Identifier, 26 characters.
    pub id: String,
    /// `attachment` or `import`.
    pub r#type: String,
    /// When it was created, in milliseconds since 1970.
    pub create_at: i64,
    /// Identifier of the user.
    pub user_id: String,
    /// Identifier of the channel.
    #[serde(skip_serializing_if = "json::is_default")]
    pub channel_id: String,
    /// File name.
    pub filename: String,
    /// Where the file store has it.
    #[serde(skip)]
    pub path: String,
    /// Bytes of the whole file.
    pub file_size: i64,
    /// Bytes received so far.
    pub file_offset: i64,
    /// Remote cluster it came from.
    pub remote_id: String,
    /// Identifier the file should get.
    pub req_file_id: String,
}

/// A file and its name.
///
/// Go: `FileData` in `server/public/model/support_packet.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default, rename_all = "PascalCase")]
pub struct FileData {
    /// File name.
    pub filename: String,
    /// The whole file.
    #[serde(with = "json::base64_bytes")]
    pub body: Bytes,
}
