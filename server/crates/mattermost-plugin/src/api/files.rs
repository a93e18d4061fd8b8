//! Files and uploads.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::StreamExt;
use http_body::{Frame, SizeHint};
use http_body_util::StreamBody;
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

use super::new_id;
use crate::error::Error;
use crate::http::{Body, BoxError};
use crate::model::{FileInfo, UploadSession};
use crate::transport::{Capability, SMALL_REQUEST};

/// How much of a reader is read at a time, in bytes.
const READ_SIZE: usize = 64 * 1024;

service! {
    /// Files: uploading them, reading them, linking to them.
    ///
    /// The plugin API does not keep the server's own limit (`FileSettings.MaxFileSize`); the
    /// uploads here do.
    Files
}

/// A file to be uploaded by [`Files::upload_stream`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The channel in which it will be posted.
    pub channel_id: String,
    /// Who uploads it: the user, or the bot, that will post it.
    pub user_id: String,
    /// Its name, with the extension that tells clients what it is.
    pub filename: String,
    /// Its exact size in bytes, at least 1.
    pub size: u64,
}

impl Files<'_> {
    /// The size of the largest file that can be uploaded here, in bytes: what the server allows
    /// users, and less where [`Capability::LargeRequests`] is missing. `None` when nothing says.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn max_size(&self) -> Result<Option<u64>, Error> {
        let config = self.host.get_config().await?;
        let limit = config.integer("/FileSettings/MaxFileSize");
        let allowed = u64::try_from(limit).ok().filter(|limit| *limit > 0);
        if self.host.supports(Capability::LargeRequests) {
            return Ok(allowed);
        }
        let carried = SMALL_REQUEST as u64;
        Ok(Some(allowed.map_or(carried, |limit| limit.min(carried))))
    }

    /// Uploads a small file, held in memory here and, for a while, in the server.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is larger than the server allows; status 400 for an unknown
    /// channel.
    pub async fn upload(
        &self,
        data: impl Into<Bytes>,
        channel_id: &str,
        filename: &str,
    ) -> Result<FileInfo, Error> {
        let data = data.into();
        self.check_size(filename, data.len() as u64).await?;
        self.host
            .upload_file(data, channel_id.to_owned(), filename.to_owned())
            .await
    }

    /// Uploads a file of any size without holding it: `data` is read as fast as the server takes
    /// it. Attach it by putting the id of the answer into a post's `file_ids`.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is empty or larger than the server allows, or when `data` is not
    /// as long as `upload.size`; otherwise the server's error, or the one that `data` ended with.
    /// The server forgets an upload that was not completed after a while.
    pub async fn upload_stream(
        &self,
        upload: &Upload,
        data: impl Into<Body>,
    ) -> Result<FileInfo, Error> {
        if upload.size == 0 {
            return Err(Error::Invalid(format!(
                "the server takes no empty files: {:?}",
                upload.filename
            )));
        }
        self.check_size(&upload.filename, upload.size).await?;
        let session = self
            .create_session(&UploadSession {
                r#type: "attachment".to_owned(),
                user_id: upload.user_id.clone(),
                channel_id: upload.channel_id.clone(),
                filename: upload.filename.clone(),
                file_size: i64::try_from(upload.size)
                    .map_err(|_| too_large(&upload.filename, upload.size, i64::MAX as u64))?,
                ..UploadSession::default()
            })
            .await?;
        let exact = Body::new(ExactLength {
            body: data.into(),
            left: upload.size,
        });
        self.upload_data(&session, exact).await?.ok_or_else(|| {
            Error::Invalid(format!(
                "{:?} ended before its {} bytes or is longer: nothing was stored",
                upload.filename, upload.size
            ))
        })
    }

    /// [`upload_stream`](Self::upload_stream) from a reader.
    ///
    /// # Errors
    /// As [`upload_stream`](Self::upload_stream).
    pub async fn upload_reader(
        &self,
        upload: &Upload,
        data: impl AsyncRead + Send + 'static,
    ) -> Result<FileInfo, Error> {
        let frames =
            ReaderStream::with_capacity(data, READ_SIZE).map(|chunk| chunk.map(Frame::data));
        self.upload_stream(upload, Body::new(StreamBody::new(frames)))
            .await
    }

    /// Begins an upload in parts. An empty `id` is filled in, as the server demands one.
    ///
    /// # Errors
    /// Status 400 when a field is missing or the channel does not exist.
    pub async fn create_session(&self, session: &UploadSession) -> Result<UploadSession, Error> {
        let mut session = session.clone();
        if session.id.is_empty() {
            session.id = new_id();
        }
        self.host.create_upload_session(session).await
    }

    /// An upload in parts, with the number of bytes that have arrived.
    ///
    /// # Errors
    /// Status 404 when it does not exist or is complete.
    pub async fn session(&self, upload_id: &str) -> Result<UploadSession, Error> {
        self.host.get_upload_session(upload_id.to_owned()).await
    }

    /// Adds the next part to an upload; the answer is `Some` once it is complete. The first part
    /// must have 5 MiB, or be all. Bytes beyond the session's size are cut off by the server.
    ///
    /// # Errors
    /// When the server refuses the part. What it took before is kept:
    /// [`session`](Self::session) tells how much.
    pub async fn upload_data(
        &self,
        session: &UploadSession,
        data: impl Into<Body>,
    ) -> Result<Option<FileInfo>, Error> {
        self.host.upload_data(session.clone(), data.into()).await
    }

    /// Copies of files, owned by a user, which can be attached to another post.
    ///
    /// # Errors
    /// Status 404 when one does not exist.
    pub async fn copy(&self, user_id: &str, file_ids: &[String]) -> Result<Vec<String>, Error> {
        self.host
            .copy_file_infos(user_id.to_owned(), file_ids.to_vec())
            .await
    }

    /// Name, size and kind of a file.
    ///
    /// # Errors
    /// Status 404 when it does not exist.
    pub async fn info(&self, file_id: &str) -> Result<FileInfo, Error> {
        self.host.get_file_info(file_id.to_owned()).await
    }

    /// The bytes of a file, all at once.
    ///
    /// # Errors
    /// Status 404 when it does not exist.
    pub async fn get(&self, file_id: &str) -> Result<Bytes, Error> {
        self.host.get_file(file_id.to_owned()).await
    }

    /// A link to a file that works for everyone who knows it.
    ///
    /// # Errors
    /// Status 501 when the server has public links disabled, 400 when the file is in no post.
    pub async fn link(&self, file_id: &str) -> Result<String, Error> {
        self.host.get_file_link(file_id.to_owned()).await
    }

    /// The bytes of any file in the server's file store, by its path there.
    ///
    /// # Errors
    /// Status 404 when it does not exist.
    pub async fn read(&self, path: &str) -> Result<Bytes, Error> {
        self.host.read_file(path.to_owned()).await
    }

    async fn check_size(&self, filename: &str, size: u64) -> Result<(), Error> {
        match self.max_size().await? {
            Some(limit) if size > limit => Err(too_large(filename, size, limit)),
            _ => Ok(()),
        }
    }
}

fn too_large(filename: &str, size: u64, limit: u64) -> Error {
    Error::Invalid(format!(
        "{filename:?} has {size} bytes, the server takes {limit} (FileSettings.MaxFileSize, or what fits into one message over gRPC)"
    ))
}

/// A body that fails when it turns out to be shorter or longer than announced: the server would
/// cut a longer one without a word.
struct ExactLength {
    body: Body,
    left: u64,
}

impl http_body::Body for ExactLength {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(cx));
        Poll::Ready(match frame {
            Some(Ok(frame)) => {
                let length = frame.data_ref().map_or(0, Bytes::len) as u64;
                match self.left.checked_sub(length) {
                    Some(left) => {
                        self.left = left;
                        Some(Ok(frame))
                    }
                    None => Some(Err("the data is longer than announced".into())),
                }
            }
            None if self.left > 0 => Some(Err("the data is shorter than announced".into())),
            other => other,
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
