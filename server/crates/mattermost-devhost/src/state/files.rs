//! Stored files (`app/file.go`).

use std::collections::BTreeMap;

use bytes::Bytes;
use mattermost_plugin::model::{AppError, FileInfo};
use sha2::{Digest, Sha256};

use crate::errors::app_error;

/// Data up to this size is kept; of more only size and hash, so that tests can stream gigabytes.
pub const KEPT_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// The bytes of a file, or what is known of them.
#[derive(Debug, Clone)]
pub struct Content {
    /// How many bytes there are.
    pub size: u64,
    /// SHA-256 of all bytes, in hexadecimal; of a finished file.
    pub sha256: String,
    /// The bytes, when there are at most [`KEPT_BYTES_MAX`].
    pub bytes: Option<Bytes>,
}

/// Counts, hashes and keeps data that arrives in pieces.
#[derive(Debug, Clone, Default)]
pub struct ContentBuilder {
    size: u64,
    hash: Sha256,
    kept: Vec<u8>,
}

impl ContentBuilder {
    /// Adds a piece.
    pub fn push(&mut self, piece: &[u8]) {
        self.size += piece.len() as u64;
        self.hash.update(piece);
        if self.size <= KEPT_BYTES_MAX {
            self.kept.extend_from_slice(piece);
        } else {
            self.kept = Vec::new();
        }
    }

    /// How many bytes there are so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Ends the data.
    #[must_use]
    pub fn finish(self) -> Content {
        let digest = self.hash.finalize();
        Content {
            size: self.size,
            sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            bytes: (self.size <= KEPT_BYTES_MAX).then(|| Bytes::from(self.kept)),
        }
    }
}

/// Files by id.
#[derive(Debug, Clone, Default)]
pub struct Files {
    by_id: BTreeMap<String, (FileInfo, Content)>,
}

impl Files {
    /// Stores a file.
    pub fn put(&mut self, info: FileInfo, content: Content) {
        self.by_id.insert(info.id.clone(), (info, content));
    }

    /// What is known of a file.
    ///
    /// # Errors
    /// When there is none with this id.
    pub fn info(&self, id: &str) -> Result<&FileInfo, AppError> {
        self.by_id
            .get(id)
            .map(|(info, _)| info)
            .ok_or_else(|| missing("GetFileInfo"))
    }

    /// The content of a file.
    #[must_use]
    pub fn content(&self, id: &str) -> Option<&Content> {
        self.by_id.get(id).map(|(_, content)| content)
    }

    /// The file stored at a path.
    #[must_use]
    pub fn at_path(&self, path: &str) -> Option<&Content> {
        self.by_id
            .values()
            .find(|(info, _)| info.path == path)
            .map(|(_, content)| content)
    }

    /// All files, ordered by id.
    #[must_use]
    pub fn all(&self) -> Vec<&FileInfo> {
        self.by_id.values().map(|(info, _)| info).collect()
    }

    /// Attaches a file to a post, once, and only its creator's or nobody's; answers whether it is
    /// attached (`SqlFileInfoStore.AttachToPost`).
    pub fn attach(&mut self, id: &str, post_id: &str, channel_id: &str, user_id: &str) -> bool {
        let Some((info, _)) = self.by_id.get_mut(id) else {
            return false;
        };
        if !info.post_id.is_empty() || (info.creator_id != user_id && info.creator_id != "nouser") {
            return false;
        }
        post_id.clone_into(&mut info.post_id);
        channel_id.clone_into(&mut info.channel_id);
        true
    }

    /// Copies what is known of a file for another user; both share the content.
    ///
    /// # Errors
    /// When there is none with this id.
    pub fn copy(
        &mut self,
        id: &str,
        new_id: &str,
        user_id: &str,
        now: i64,
    ) -> Result<(), AppError> {
        let (info, content) = self
            .by_id
            .get(id)
            .cloned()
            .ok_or_else(|| missing("CopyFileInfos"))?;
        let info = FileInfo {
            id: new_id.to_owned(),
            creator_id: user_id.to_owned(),
            create_at: now,
            update_at: now,
            post_id: String::new(),
            channel_id: String::new(),
            ..info
        };
        self.by_id.insert(info.id.clone(), (info, content));
        Ok(())
    }
}

fn missing(place: &str) -> AppError {
    app_error(
        place,
        "app.file_info.get.app_error",
        "Unable to get the file info.",
        404,
    )
}

/// Extension and media type of a file name, as far as they matter for display.
#[must_use]
pub fn kind_of(name: &str) -> (String, String) {
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_lowercase())
        .unwrap_or_default();
    let kind = match extension.as_str() {
        "txt" | "log" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "csv" => "text/csv; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "xml" => "text/xml; charset=utf-8",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "svg" => "image/svg+xml",
        "gz" => "application/gzip",
        "zip" => "application/zip",
        "pdf" => "application/pdf",
        _ => "",
    };
    (extension, kind.to_owned())
}
