//! The certificate by which this server shows Jenkins, or a proxy before it, who it is.

use std::sync::Arc;

use rustls::InconsistentKeys;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use secrecy::{ExposeSecret, SecretString};

use super::Settings;
use super::problem::Problem;

const CERTIFICATE: &str = "JenkinsClientCertificate";
const KEY: &str = "JenkinsClientKey";

/// Why a certificate and its key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// There is a key and no certificate.
    NoCertificate,
    /// There is a certificate and no key.
    NoKey,
    /// The private key stands where the certificate should.
    KeyInCertificate,
    /// The first is no certificate in PEM.
    Certificate,
    /// The second is no private key in PEM.
    Key,
    /// The key can only be read with a passphrase.
    EncryptedKey,
    /// The certificate is for another key.
    Mismatch,
}

/// The certificate with its chain and key; `None` if neither is set.
fn read(certificate: &str, key: &SecretString) -> Result<Option<Arc<CertifiedKey>>, Fault> {
    let key = key.expose_secret();
    match (certificate.is_empty(), key.is_empty()) {
        (true, true) => return Ok(None),
        (true, false) => return Err(Fault::NoCertificate),
        _ if certificate.contains("PRIVATE KEY-----") => return Err(Fault::KeyInCertificate),
        (false, true) => return Err(Fault::NoKey),
        (false, false) => {}
    }
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificate.as_bytes()).collect();
    let chain = chain.map_err(|_| Fault::Certificate)?;
    if chain.is_empty() {
        return Err(Fault::Certificate);
    }
    // PKCS #8, and the older form of OpenSSL.
    if key.contains("BEGIN ENCRYPTED PRIVATE KEY") || key.contains("Proc-Type: 4,ENCRYPTED") {
        return Err(Fault::EncryptedKey);
    }
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| Fault::Key)?;
    let provider = rustls::crypto::ring::default_provider();
    match CertifiedKey::from_der(chain, key, &provider) {
        Ok(identity) => Ok(Some(Arc::new(identity))),
        Err(rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => Err(Fault::Mismatch),
        Err(rustls::Error::InvalidCertificate(_)) => Err(Fault::Certificate),
        Err(_) => Err(Fault::Key),
    }
}

impl Settings {
    /// What requests to Jenkins show of this server; `None` if that is not set.
    ///
    /// # Errors
    /// When it cannot be used; [`Settings::problems`] says why.
    pub fn client_identity(&self) -> Result<Option<Arc<CertifiedKey>>, UnusableIdentity> {
        read(&self.jenkins_client_certificate, &self.jenkins_client_key)
            .map_err(|_| UnusableIdentity)
    }

    pub(super) fn problem_of_client_certificate(&self) -> Option<Problem> {
        let fault = read(&self.jenkins_client_certificate, &self.jenkins_client_key).err()?;
        Some(fault.problem())
    }
}

/// The certificate for requests to Jenkins cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the client certificate or its key cannot be used")]
pub struct UnusableIdentity;

impl Fault {
    fn problem(self) -> Problem {
        const PASTE_CERTIFICATE: &str = "Paste the certificate, and those that it is signed with if there are any: text from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.";
        const PASTE_KEY: &str = "Paste its private key: text from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----, without a passphrase.";
        let (setting, what, fix) = match self {
            Self::NoCertificate => (
                CERTIFICATE,
                "There is a key for a client certificate, but no certificate.",
                PASTE_CERTIFICATE,
            ),
            Self::NoKey => (
                KEY,
                "There is a client certificate, but not its key.",
                PASTE_KEY,
            ),
            Self::KeyInCertificate => (
                CERTIFICATE,
                "It contains a private key, which does not belong there and is stored in clear.",
                "Move the private key to JenkinsClientKey. Whoever could read the settings knows it: better make another one.",
            ),
            Self::Certificate => (
                CERTIFICATE,
                "It contains something that is no certificate in PEM form.",
                PASTE_CERTIFICATE,
            ),
            Self::Key => (
                KEY,
                "It is no private key in PEM form that can be used here (RSA, P-256, P-384 or Ed25519).",
                PASTE_KEY,
            ),
            Self::EncryptedKey => (
                KEY,
                "The private key is locked with a passphrase.",
                "Unlock it, as with openssl pkey -in locked.key -out unlocked.key, and paste what comes out.",
            ),
            Self::Mismatch => (
                KEY,
                "The key does not belong to the first certificate in JenkinsClientCertificate.",
                "Paste the key that the certificate was made for, and put this certificate before those that it is signed with.",
            ),
        };
        Problem::error(setting, what, fix)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A certificate made for these tests, signed by `client_ca.pem`: P-256, valid until 2126.
    pub(crate) const CLIENT: [&str; 2] = [
        include_str!("../http_client/testdata/client.pem"),
        include_str!("../http_client/testdata/client.key"),
    ];
    const OTHER_KEY: &str = include_str!("../http_client/testdata/leaf.key");
    const CA: &str = include_str!("../http_client/testdata/client_ca.pem");

    fn settings(certificate: &str, key: &str) -> Settings {
        Settings {
            jenkins_client_certificate: certificate.to_owned(),
            jenkins_client_key: SecretString::from(key),
            ..Settings::default()
        }
    }

    #[test]
    fn a_certificate_and_its_key_are_taken() {
        let [certificate, key] = CLIENT;
        let chain = format!("{certificate}\n{CA}");
        for (certificate, key, length) in [
            ("", "", None),
            (certificate, key, Some(1)),
            (&chain, key, Some(2)),
        ] {
            let settings = settings(certificate, key);
            let identity = settings.client_identity().unwrap();
            assert_eq!(identity.map(|identity| identity.cert.len()), length);
            assert_eq!(settings.problem_of_client_certificate(), None);
        }
    }

    #[test]
    fn what_is_wrong_is_named_and_not_shown() {
        let [certificate, key] = CLIENT;
        let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let bad_key = "-----BEGIN PRIVATE KEY-----\nMARK\n-----END PRIVATE KEY-----\n";
        let locked =
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMARK\n-----END ENCRYPTED PRIVATE KEY-----\n";
        let wrong_order = format!("{CA}{certificate}");
        let mixed = format!("{certificate}{key}");
        for (certificate, key, setting, words) in [
            (certificate, "", KEY, "not its key"),
            ("", key, CERTIFICATE, "no certificate"),
            ("hello", key, CERTIFICATE, "no certificate"),
            (&certificate[..99], key, CERTIFICATE, "no certificate"),
            (garbage, key, CERTIFICATE, "no certificate"),
            (certificate, "MARK", KEY, "no private key"),
            (certificate, bad_key, KEY, "no private key"),
            (certificate, certificate, KEY, "no private key"),
            (certificate, locked, KEY, "passphrase"),
            (certificate, OTHER_KEY, KEY, "does not belong"),
            (&wrong_order, key, KEY, "does not belong"),
            (&mixed, "", CERTIFICATE, "private key"),
        ] {
            let settings = settings(certificate, key);
            assert!(settings.client_identity().is_err(), "{words}");
            let problem = settings.problem_of_client_certificate().unwrap();
            assert_eq!(problem.setting, setting, "{problem:?}");
            assert!(problem.what.contains(words), "{problem:?}");
            assert!(!format!("{problem:?}{settings:?}").contains("MARK"));
        }
    }
}
