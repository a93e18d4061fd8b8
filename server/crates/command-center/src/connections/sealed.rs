//! The stored form of a sealed secret.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::key::{KeyId, NONCE_LENGTH};

/// The only version so far. Part of the authenticated data.
pub(super) const VERSION: u8 = 1;

const HEAD: usize = 1 + KeyId::LENGTH + NONCE_LENGTH;
const TAG_LENGTH: usize = 16;

/// A secret that only a [`KeyRing`](super::KeyRing) with the right key opens, for the right user
/// and purpose. As text and in JSON it is base64url without padding.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SealedSecret {
    key_id: KeyId,
    nonce: [u8; NONCE_LENGTH],
    ciphertext: Vec<u8>,
}

/// The text is not a sealed secret of a version that this program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a sealed secret that this version of the plugin can read")]
pub struct MalformedSeal;

impl SealedSecret {
    pub(super) fn new(key_id: KeyId, nonce: [u8; NONCE_LENGTH], ciphertext: Vec<u8>) -> Self {
        Self {
            key_id,
            nonce,
            ciphertext,
        }
    }

    /// Which key sealed it.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    pub(super) fn nonce(&self) -> &[u8; NONCE_LENGTH] {
        &self.nonce
    }

    pub(super) fn ciphertext(&self) -> &[u8] {
        &self.ciphertext
    }
}

impl FromStr for SealedSecret {
    type Err = MalformedSeal;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = decode_base64(text).ok_or(MalformedSeal)?;
        if bytes.len() < HEAD + TAG_LENGTH || bytes[0] != VERSION {
            return Err(MalformedSeal);
        }
        let (key_id, rest) = bytes[1..].split_first_chunk().ok_or(MalformedSeal)?;
        let (nonce, ciphertext) = rest.split_first_chunk().ok_or(MalformedSeal)?;
        Ok(Self::new(KeyId(*key_id), *nonce, ciphertext.to_vec()))
    }
}

impl TryFrom<String> for SealedSecret {
    type Error = MalformedSeal;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for SealedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Vec::with_capacity(HEAD + self.ciphertext.len());
        bytes.push(VERSION);
        bytes.extend(self.key_id.0);
        bytes.extend(self.nonce);
        bytes.extend(&self.ciphertext);
        f.write_str(&encode_base64(&bytes))
    }
}

impl From<SealedSecret> for String {
    fn from(sealed: SealedSecret) -> Self {
        sealed.to_string()
    }
}

impl fmt::Debug for SealedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SealedSecret(key {}, {} bytes)",
            self.key_id,
            self.ciphertext.len()
        )
    }
}

pub(super) fn encode_base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
