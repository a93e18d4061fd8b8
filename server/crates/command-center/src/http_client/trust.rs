//! Which certificates are trusted.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::sign::SingleCertAndKey;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use super::setup::{CertificateCheck, ClientSetup, SetupError};

/// The TLS configuration: whom to trust, and what to show.
pub(super) fn tls_config(setup: &ClientSetup) -> Result<ClientConfig, SetupError> {
    let identity = setup.identity.as_ref();
    let identity = identity.map_err(|_| SetupError::ClientCertificate)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Trust::new(&setup.ca_bundle, setup.certificates, Arc::clone(&provider))?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| SetupError::Other(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match identity {
        Some(identity) => {
            let identity = SingleCertAndKey::from(Arc::clone(identity));
            config.with_client_cert_resolver(Arc::new(identity))
        }
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Asks the operating system's authorities and additional ones.
///
/// A certificate that was itself pasted into the settings is trusted for its names even if it is
/// no proper CA: that is how a self-signed Jenkins is usually made trusted, and the standard check
/// refuses a CA that is used as a server's certificate. Its dates are not looked at then.
#[derive(Debug)]
struct Trust {
    check: CertificateCheck,
    pasted: Vec<CertificateDer<'static>>,
    /// `None` on a machine without any authority.
    authorities: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl Trust {
    fn new(
        ca_bundle: &str,
        check: CertificateCheck,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, SetupError> {
        let pasted = read_pem(ca_bundle)?;
        let mut roots = RootCertStore::empty();
        if check == CertificateCheck::Check {
            // Honours SSL_CERT_FILE and SSL_CERT_DIR. What cannot be read is skipped: the rest may do.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            for certificate in &pasted {
                roots
                    .add(certificate.clone())
                    .map_err(|_| SetupError::Certificates)?;
            }
        }
        let authorities =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                .build()
                .ok();
        Ok(Self {
            check,
            pasted,
            authorities,
            provider,
        })
    }
}

fn read_pem(bundle: &str) -> Result<Vec<CertificateDer<'static>>, SetupError> {
    let certificates: Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(bundle.as_bytes()).collect();
    match certificates {
        Ok(certificates) if certificates.is_empty() && !bundle.is_empty() => {
            Err(SetupError::Certificates)
        }
        Ok(certificates) => Ok(certificates),
        Err(_) => Err(SetupError::Certificates),
    }
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.check == CertificateCheck::Skip {
            return Ok(ServerCertVerified::assertion());
        }
        if self.pasted.iter().any(|pasted| pasted == end_entity) {
            verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
            return Ok(ServerCertVerified::assertion());
        }
        let unknown = Error::InvalidCertificate(CertificateError::UnknownIssuer);
        let authorities = self.authorities.as_ref().ok_or_else(|| unknown.clone())?;
        authorities
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            .map_err(|error| match error {
                // A CA as a server's certificate: nobody here vouches for it, which is what to say.
                Error::InvalidCertificate(CertificateError::Other(_)) => unknown,
                other => other,
            })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
#[path = "trust_tests.rs"]
mod tests;
