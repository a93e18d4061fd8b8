//! What not every transport can carry.

/// Something that a plugin may want to know before it relies on it: see
/// [`Api::supports`](crate::Api::supports). Where a capability is missing the transport falls back as
/// said here, and reports the first loss of each kind in the log.
///
/// Over net/rpc, which every released server speaks, all of them are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Capability {
    /// A command's tree of subcommands and arguments. Without: the names of the subcommands as hint.
    AutocompleteTree,
    /// Dialog elements to choose from. Without: a text field whose help says what may be typed.
    /// Buttons on a post are the better replacement.
    DialogChoices,
    /// `CommandResponse.extra_responses`. Without: they are not sent.
    ExtraResponses,
    /// `CommandArgs.user_mentions` and `channel_mentions`. Without: they are empty.
    CommandMentions,
    /// Props and metadata of the posts that hooks get. Without: they are empty, and a post that a
    /// hook replaces loses its own.
    HookPostProps,
    /// The hooks `ServeMetrics`, `ChannelWillBeArchived`, `ChannelMemberWillBeAdded` and
    /// `TeamMemberWillBeAdded`. Without: they are not called.
    NewerHooks,
    /// API requests of more than four MiB, such as files. Without:
    /// [`Error::Unsupported`](crate::Error::Unsupported), and
    /// [`Files::max_size`](crate::api::Files::max_size) says less.
    LargeRequests,
    /// Records in the server's audit log. Without: lines in its ordinary log.
    AuditRecords,
    /// Narrowing a search by dates, excluded words or hashtags. Without:
    /// [`Error::Unsupported`](crate::Error::Unsupported).
    SearchFilters,
    /// `FileInfo.path`, which [`Files::read`](crate::api::Files::read) wants. Without: it is empty;
    /// [`Files::get`](crate::api::Files::get) wants only the id.
    FilePaths,
}
