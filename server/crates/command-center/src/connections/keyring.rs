//! The current key, the former ones, and what they seal and open.

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::Purpose;
use super::key::{Key, KeyId, NONCE_LENGTH};
use super::sealed::{SealedSecret, VERSION};
use crate::config::MINIMUM_ENCRYPTION_KEY_LENGTH;

/// Seals with the current key; opens with the current and with former ones.
#[derive(Clone, Debug)]
pub struct KeyRing {
    current: Key,
    former: Vec<Key>,
}

/// `EncryptionKey` has fewer than [`MINIMUM_ENCRYPTION_KEY_LENGTH`] characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the encryption key has fewer than {MINIMUM_ENCRYPTION_KEY_LENGTH} characters")]
pub struct KeyTooShort;

/// The operating system gave no random numbers, or the secret is longer than 64 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the secret could not be sealed because the operating system gave no random numbers; try again"
)]
pub struct SealError;

/// Why a sealed secret stays closed. In both cases its owner has to connect again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The key that sealed it is neither the current one nor a known former one.
    #[error(
        "it was sealed with another encryption key (id {0}), which this server does not have; connect again"
    )]
    UnknownKey(KeyId),
    /// The stored bytes were changed, or belong to another user or purpose.
    #[error("it was changed after it was stored, or belongs to another user; connect again")]
    Tampered,
}

/// An opened secret.
#[derive(Debug)]
pub struct Opened {
    /// What was sealed.
    pub secret: SecretString,
    /// True if a former key sealed it: seal it again with the current one.
    pub needs_reseal: bool,
}

impl KeyRing {
    /// A ring with only the current key.
    ///
    /// # Errors
    /// [`KeyTooShort`].
    pub fn new(encryption_key: &SecretString) -> Result<Self, KeyTooShort> {
        if encryption_key.expose_secret().chars().count() < MINIMUM_ENCRYPTION_KEY_LENGTH {
            return Err(KeyTooShort);
        }
        Ok(Self {
            current: Key::derive(encryption_key),
            former: Vec::new(),
        })
    }

    /// The same ring with the keys of another one as former keys: what to do when `EncryptionKey`
    /// has changed.
    #[must_use]
    pub fn succeeding(mut self, predecessor: &Self) -> Self {
        for key in std::iter::once(&predecessor.current).chain(&predecessor.former) {
            self.remember(key.clone());
        }
        self
    }

    /// The name of the key that seals.
    #[must_use]
    pub fn current_key_id(&self) -> KeyId {
        self.current.id()
    }

    /// The names of the keys that only open.
    pub fn former_key_ids(&self) -> impl Iterator<Item = KeyId> + '_ {
        self.former.iter().map(Key::id)
    }

    /// Seals for one user and one purpose, with a random nonce.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn seal(
        &self,
        user_id: &str,
        purpose: Purpose,
        secret: &SecretString,
    ) -> Result<SealedSecret, SealError> {
        let mut nonce = [0; NONCE_LENGTH];
        getrandom::fill(&mut nonce).map_err(|_| SealError)?;
        let bound_to = binding(user_id, purpose);
        let ciphertext = self
            .current
            .encrypt(&nonce, secret.expose_secret().as_bytes(), &bound_to)
            .ok_or(SealError)?;
        Ok(SealedSecret::new(self.current.id(), nonce, ciphertext))
    }

    /// Opens what was sealed for this user and this purpose.
    ///
    /// # Errors
    /// [`OpenError`], which says to connect again.
    pub fn open(
        &self,
        user_id: &str,
        purpose: Purpose,
        sealed: &SealedSecret,
    ) -> Result<Opened, OpenError> {
        let key = self
            .key(sealed.key_id())
            .ok_or(OpenError::UnknownKey(sealed.key_id()))?;
        let bytes = key
            .decrypt(
                sealed.nonce(),
                sealed.ciphertext(),
                &binding(user_id, purpose),
            )
            .ok_or(OpenError::Tampered)?;
        let text = Zeroizing::new(
            std::str::from_utf8(&bytes)
                .map_err(|_| OpenError::Tampered)?
                .to_owned(),
        );
        Ok(Opened {
            secret: SecretString::from(text.as_str()),
            needs_reseal: key.id() != self.current.id(),
        })
    }

    /// The former keys, each sealed with the current one, to be stored so that a restart does not
    /// lose them while records are still sealed with them.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn retire(&self) -> Result<Vec<SealedSecret>, SealError> {
        self.former
            .iter()
            .map(|key| self.seal("", Purpose::RetiredKey, &key.to_text()))
            .collect()
    }

    /// Takes back a key that [`KeyRing::retire`] sealed.
    ///
    /// # Errors
    /// [`OpenError`] if it was sealed with a key that is not in this ring.
    pub fn recall(&mut self, retired: &SealedSecret) -> Result<(), OpenError> {
        let opened = self.open("", Purpose::RetiredKey, retired)?;
        self.remember(Key::from_text(&opened.secret).ok_or(OpenError::Tampered)?);
        Ok(())
    }

    pub(super) fn key(&self, id: KeyId) -> Option<&Key> {
        std::iter::once(&self.current)
            .chain(&self.former)
            .find(|key| key.id() == id)
    }

    fn remember(&mut self, key: Key) {
        if self.key(key.id()).is_none() {
            self.former.push(key);
        }
    }
}

/// Authenticated with the ciphertext. The length in front of the user id keeps two different pairs
/// from giving the same bytes.
fn binding(user_id: &str, purpose: Purpose) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    bytes.extend((user_id.len() as u64).to_be_bytes());
    bytes.extend(user_id.as_bytes());
    bytes.extend(purpose.label().as_bytes());
    bytes
}

#[cfg(test)]
#[path = "keyring_tests.rs"]
mod tests;
