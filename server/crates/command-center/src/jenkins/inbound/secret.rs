//! What proves a source: the secret in its address.
//!
//! Only a digest is stored. A secret has 256 random bits, so a plain hash is as good as a slow one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Length of an id, in ASCII letters and digits.
const ID_LENGTH: usize = 26;
/// Longest secret that is looked at, in bytes.
const LONGEST_SECRET: usize = 128;

/// What an address claims.
#[derive(Debug)]
pub struct Claim {
    /// Which source.
    pub id: String,
    /// Its proof.
    pub secret: SecretString,
}

/// SHA-256 of a secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretDigest(String);

/// The system gives no random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random numbers")]
pub struct NoRandomness;

impl Claim {
    /// Reads `<id>.<secret>`, the part of a path behind `/hooks/jenkins/`, perhaps with more behind a
    /// slash, which `slackSend` appends; or `<id>` with the secret in the query.
    #[must_use]
    pub fn read(path: &str, query: Option<&str>) -> Option<Self> {
        let first = path.trim_start_matches('/').split('/').next()?;
        let (id, secret) = match first.split_once('.') {
            Some((id, secret)) => (id, secret.to_owned()),
            None => (first, secret_in(query?)?),
        };
        let is_id = id.len() == ID_LENGTH && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_secret = (1..=LONGEST_SECRET).contains(&secret.len());
        (is_id && is_secret).then(|| Self {
            id: id.to_owned(),
            secret: SecretString::from(secret),
        })
    }
}

fn secret_in(query: &str) -> Option<String> {
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "secret")
        .map(|(_, value)| value.into_owned())
}

/// A new secret, in letters that need no encoding in an address.
///
/// # Errors
/// [`NoRandomness`].
pub fn generate() -> Result<SecretString, NoRandomness> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| NoRandomness)?;
    Ok(SecretString::from(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
}

impl SecretDigest {
    /// The digest of a secret.
    #[must_use]
    pub fn of(secret: &SecretString) -> Self {
        let digest = Sha256::digest(secret.expose_secret().as_bytes());
        Self(URL_SAFE_NO_PAD.encode(digest))
    }

    /// Whether it is the digest of this secret. Takes the same time either way.
    #[must_use]
    pub fn is_of(&self, secret: &SecretString) -> bool {
        let other = Self::of(secret);
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

/// A digest tells nothing, but nobody needs it in a log.
impl std::fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretDigest")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ID: &str = "abcdefghijklmnopqrstuvwxyz";

    #[test]
    fn an_address_is_read_in_each_form() {
        for (path, query) in [
            (format!("{ID}.s3"), None),
            (format!("/{ID}.s3/"), None),
            (format!("{ID}.s3/services/T0/B0"), Some("a=b")),
            (ID.to_owned(), Some("a=b&secret=s3")),
        ] {
            let claim = Claim::read(&path, query).unwrap_or_else(|| panic!("{path}"));
            assert_eq!(
                (claim.id.as_str(), claim.secret.expose_secret()),
                (ID, "s3")
            );
            assert!(!format!("{claim:?}").contains("s3"));
        }
        for path in [
            ID.to_owned(),
            format!("{ID}."),
            "x.s3".to_owned(),
            format!("{ID}.{}", "x".repeat(200)),
            String::new(),
        ] {
            assert!(Claim::read(&path, None).is_none(), "{path}");
        }
    }

    #[test]
    fn a_digest_knows_its_secret() {
        let (one, other) = (generate().unwrap(), generate().unwrap());
        let digest = SecretDigest::of(&one);
        assert!(digest.is_of(&one) && !digest.is_of(&other));
        assert_eq!(one.expose_secret().len(), 43);
        assert!(!format!("{digest:?}").contains(&digest.0));
    }

    proptest! {
        #[test]
        fn no_path_panics(path in "\\PC{0,60}", query in "\\PC{0,30}") {
            let _ = Claim::read(&path, Some(&query));
        }
    }
}
