//! The PEM text of additional certificate authorities.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::problem::Problem;

const HOW_TO_FIX: &str = "Paste the certificate of the CA that signed the certificate of Jenkins: text from \
                          -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, several in a row if needed.";

pub(super) fn problems(bundle: &str) -> Vec<Problem> {
    if bundle.is_empty() {
        return Vec::new();
    }
    let mut problems = Vec::new();
    if bundle.contains("PRIVATE KEY-----") {
        problems.push(Problem::error(
            "JenkinsCABundle",
            "It contains a private key, which does not belong there and is stored in clear.",
            "Remove the private key, treat it as disclosed, and keep only certificates.",
        ));
    }
    if let Some(what) = fault(bundle) {
        problems.push(Problem::error("JenkinsCABundle", what, HOW_TO_FIX));
    }
    problems
}

fn fault(bundle: &str) -> Option<String> {
    let mut store = RootCertStore::empty();
    let mut count = 0;
    for certificate in CertificateDer::pem_slice_iter(bundle.as_bytes()) {
        count += 1;
        let Ok(certificate) = certificate else {
            return Some(format!("Certificate {count} is not readable PEM text."));
        };
        if store.add(certificate).is_err() {
            return Some(format!(
                "Certificate {count} is PEM text, but not a certificate that can be trusted as a CA."
            ));
        }
    }
    (count == 0).then(|| "It contains no certificate.".to_owned())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A self-signed CA made for these tests: `CN=Command Center test CA`, P-256, valid until 2126.
    pub(crate) const TEST_CA: &str = include_str!("../http_client/testdata/ca.pem");

    #[test]
    fn certificates_are_accepted() {
        assert_eq!(problems(""), []);
        assert_eq!(problems(TEST_CA), []);
        assert_eq!(problems(&format!("{TEST_CA}\nsome text\n{TEST_CA}")), []);
    }

    #[test]
    fn anything_else_is_refused() {
        let cut = &TEST_CA[..TEST_CA.len() / 2];
        let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for bad in ["hello", cut, garbage, &format!("{TEST_CA}{garbage}")] {
            assert_eq!(problems(bad).len(), 1, "{bad}");
        }
        let key = "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n";
        assert!(
            problems(&format!("{TEST_CA}{key}"))[0]
                .what
                .contains("private key")
        );
    }
}
