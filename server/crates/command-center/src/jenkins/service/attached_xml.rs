//! Configurations that people attach to a post, and type a command in its thread.

use mattermost_plugin::model::{FileInfo, Post};

use super::{Caller, JenkinsService};
use crate::jenkins::access::AccessError;
use crate::jenkins::dialog::create_job::check_xml;
use crate::text;

/// Largest attached configuration, in bytes.
const LARGEST_FILE: i64 = 4 << 20;

/// A file that holds well-formed XML.
pub(super) struct AttachedXml {
    /// Its id.
    pub(super) file_id: String,
    /// What it holds.
    pub(super) xml: String,
}

impl JenkinsService {
    /// The newest XML file in the caller's thread. The thread is the client's word: it has to be one of
    /// the channel.
    pub(super) async fn attached_xml(&self, caller: &Caller) -> Result<AttachedXml, AccessError> {
        if caller.root_id.is_empty() {
            return Err(refused(
                "Attach the config.xml to a post, and type this command in the thread of that post.",
            ));
        }
        let thread = self.api.posts().thread(&caller.root_id).await?;
        let mut posts: Vec<&Post> = thread
            .posts
            .values()
            .filter(|post| post.channel_id == caller.channel_id && post.delete_at == 0)
            .collect();
        posts.sort_by_key(|post| std::cmp::Reverse(post.create_at));
        for id in posts.iter().flat_map(|post| &post.file_ids) {
            let file = self.api.files().info(id).await?;
            if file.extension.eq_ignore_ascii_case("xml") {
                return self.read_xml(&file).await;
            }
        }
        Err(refused(
            "There is no file with the extension .xml in this thread. Attach the config.xml, and type the command again.",
        ))
    }

    async fn read_xml(&self, file: &FileInfo) -> Result<AttachedXml, AccessError> {
        if file.size > LARGEST_FILE {
            return Err(refused(
                "The attached file is larger than 4 MiB: that is no job's configuration.",
            ));
        }
        let bytes = self.api.files().get(&file.id).await?;
        let xml = String::from_utf8(bytes.to_vec()).map_err(|_| {
            refused("The attached file is no text in UTF-8. Save it anew and attach it again.")
        })?;
        // Some editors begin a file with a mark of its byte order.
        let xml = xml.trim_start_matches('\u{feff}').to_owned();
        check_xml(&xml).map_err(|problem| {
            AccessError::Refused(format!(
                "{}: {}",
                text::plain(&file.name),
                text::plain(&problem)
            ))
        })?;
        Ok(AttachedXml {
            file_id: file.id.clone(),
            xml,
        })
    }

    /// A file that was [looked at](Self::attached_xml) earlier.
    pub(super) async fn attached_xml_again(
        &self,
        file_id: &str,
    ) -> Result<AttachedXml, AccessError> {
        let file = self.api.files().info(file_id).await?;
        self.read_xml(&file).await
    }
}

fn refused(words: &str) -> AccessError {
    AccessError::Refused(words.to_owned())
}
