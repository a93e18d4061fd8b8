//! One AES key and its name.

use std::fmt;
use std::sync::Arc;

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Bytes of a nonce; 96 bits is what GCM is defined for (NIST SP 800-38D, 5.2.1.1).
pub(super) const NONCE_LENGTH: usize = 12;

const KEY_LENGTH: usize = 32;
const SALT: &[u8] = b"mattermost command-center, sealed secrets, version 1";

/// A name of a key that tells nothing about it: eight bytes of its own derivation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub(super) [u8; KeyId::LENGTH]);

impl KeyId {
    pub(super) const LENGTH: usize = 8;
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A derived key. Wiped from memory when dropped.
#[derive(Clone)]
pub(super) struct Key {
    id: KeyId,
    bytes: Arc<SecretBox<[u8; KEY_LENGTH]>>,
}

impl Key {
    /// Derives the key from text of any length (RFC 5869).
    pub(super) fn derive(text: &SecretString) -> Self {
        let hkdf = Hkdf::<Sha256>::new(Some(SALT), text.expose_secret().as_bytes());
        let bytes = SecretBox::init_with_mut(|bytes: &mut [u8; KEY_LENGTH]| {
            expand(&hkdf, b"aes-256-gcm", bytes);
        });
        Self::from_material(bytes)
    }

    fn from_material(bytes: SecretBox<[u8; KEY_LENGTH]>) -> Self {
        let mut id = [0; KeyId::LENGTH];
        let hkdf = Hkdf::<Sha256>::new(Some(SALT), bytes.expose_secret());
        expand(&hkdf, b"key id", &mut id);
        Self {
            id: KeyId(id),
            bytes: Arc::new(bytes),
        }
    }

    /// The key that [`Key::to_text`] wrote; `None` if the text is something else.
    pub(super) fn from_text(text: &SecretString) -> Option<Self> {
        let decoded = Zeroizing::new(super::sealed::decode_base64(text.expose_secret())?);
        let material: &[u8; KEY_LENGTH] = decoded.as_slice().try_into().ok()?;
        Some(Self::from_material(SecretBox::init_with_mut(
            |bytes: &mut [u8; KEY_LENGTH]| bytes.copy_from_slice(material),
        )))
    }

    /// The derived key itself, to be sealed with its successor.
    pub(super) fn to_text(&self) -> SecretString {
        SecretString::from(super::sealed::encode_base64(self.bytes.expose_secret()))
    }

    pub(super) fn id(&self) -> KeyId {
        self.id
    }

    /// `None` only for a text beyond GCM's limit of 64 GiB.
    pub(super) fn encrypt(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        text: &[u8],
        bound_to: &[u8],
    ) -> Option<Vec<u8>> {
        self.cipher()
            .encrypt(
                nonce.into(),
                Payload {
                    msg: text,
                    aad: bound_to,
                },
            )
            .ok()
    }

    /// `None` if text, binding or key are not those that were sealed.
    pub(super) fn decrypt(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        sealed: &[u8],
        bound_to: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let opened = self.cipher().decrypt(
            nonce.into(),
            Payload {
                msg: sealed,
                aad: bound_to,
            },
        );
        opened.ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(self.bytes.expose_secret().into())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id)
    }
}

fn expand(hkdf: &Hkdf<Sha256>, info: &[u8], output: &mut [u8]) {
    hkdf.expand(info, output)
        .expect("HKDF-SHA256 gives up to 8160 bytes (RFC 5869, 2.3)");
}
