//! Tokens of users: sealed before they are stored, opened only to be used.
//!
//! A sealed token is `version ‖ key id ‖ nonce ‖ ciphertext` under AES-256-GCM and is bound to its
//! owner and its purpose: a record copied to another user cannot be opened. The keys are derived
//! (HKDF-SHA256) from the setting `EncryptionKey`. When that setting changes, [`rotation`] says
//! which records to seal again; the former keys stay in the [`KeyRing`] until that is done.

mod key;
mod keyring;
mod record;
pub mod rotation;
mod sealed;
mod service;
mod store;

pub use key::KeyId;
pub use keyring::{KeyRing, KeyTooShort, OpenError, Opened, SealError};
pub use record::{Account, Connection, ConnectionRecord, ResealError};
pub use sealed::{MalformedSeal, SealedSecret};
pub use service::{ConnectionError, Connections};
pub use store::{ConnectionStore, StoredConnection};

/// What a secret is for. A secret sealed for one purpose cannot be opened for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The API token of a user at Jenkins.
    JenkinsToken,
    /// What a user has filled in so far in the dialogs of a build's parameters: passwords among it.
    BuildParameters,
    /// A former key of this plugin, kept until nothing is sealed with it any more.
    RetiredKey,
}

impl Purpose {
    /// Part of the authenticated data: never change a name.
    fn label(self) -> &'static str {
        match self {
            Self::JenkinsToken => "jenkins-token",
            Self::BuildParameters => "build-parameters",
            Self::RetiredKey => "retired-key",
        }
    }
}
