//! Files and uploads.

use super::macros::message;

message! {
    FileInfo = FileInfo {
        id, creator_id, post_id, channel_id, create_at, update_at, delete_at, name, extension, size,
        mime_type, width, height, has_preview_image, mini_preview, remote_id, archived,
    }
    lost { path, thumbnail_path, preview_path, content }
}

message! { FileData = FileData { filename } renamed { body => data } }

message! {
    UploadSession = UploadSession {
        id, r#type, create_at, user_id, channel_id, filename, path, file_size, file_offset,
        remote_id, req_file_id,
    }
}
