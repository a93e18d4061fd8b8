//! Which certificates are trusted.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use super::setup::{CertificateCheck, SetupError};

/// The TLS configuration for these additional authorities and this strictness.
pub(super) fn tls_config(
    ca_bundle: &str,
    check: CertificateCheck,
) -> Result<ClientConfig, SetupError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Trust::new(ca_bundle, check, Arc::clone(&provider))?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| SetupError::Other(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
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
mod tests {
    use std::time::Duration;

    use rustls::ServerConfig;
    use rustls::pki_types::PrivateKeyDer;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;

    use super::*;
    use crate::config::ProxyChoice;
    use crate::http_client::{Call, ClientSetup, HttpClient, HttpFailure, TlsFault};

    const CA: &str = include_str!("testdata/ca.pem");
    const LEAF: [&str; 2] = [
        include_str!("testdata/leaf.pem"),
        include_str!("testdata/leaf.key"),
    ];
    const SELF_SIGNED: [&str; 2] = [
        include_str!("testdata/self_signed.pem"),
        include_str!("testdata/self_signed.key"),
    ];

    /// Serves one certificate for `localhost`; returns the port.
    async fn serve([certificate, key]: [&str; 2]) -> u16 {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                read_pem(certificate).unwrap(),
                PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
            )
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                if let Ok(mut connection) = acceptor.accept(connection).await {
                    let _ = connection.read(&mut [0; 4096]).await;
                    let _ = connection
                        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
                        .await;
                    let _ = connection.shutdown().await;
                }
            }
        });
        port
    }

    async fn ask(
        port: u16,
        host: &str,
        ca_bundle: &str,
        certificates: CertificateCheck,
    ) -> Result<String, TlsFault> {
        let setup = ClientSetup {
            ca_bundle: ca_bundle.to_owned(),
            certificates,
            proxy: ProxyChoice::Direct,
            request_timeout: Duration::from_secs(20),
            ..ClientSetup::default()
        };
        let url = format!("https://{host}:{port}/").parse().unwrap();
        match HttpClient::new(&setup).unwrap().fetch(Call::get(url)).await {
            Ok(fetched) => Ok(String::from_utf8(fetched.body.to_vec()).unwrap()),
            Err(HttpFailure::Tls { fault, .. }) => Err(fault),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_private_authority_is_trusted_once_it_is_pasted() {
        let port = serve(LEAF).await;
        let check = CertificateCheck::Check;
        assert_eq!(
            ask(port, "localhost", "", check).await,
            Err(TlsFault::UnknownIssuer)
        );
        assert_eq!(
            ask(port, "localhost", SELF_SIGNED[0], check).await,
            Err(TlsFault::UnknownIssuer)
        );
        assert_eq!(ask(port, "localhost", CA, check).await.as_deref(), Ok("hi"));
        assert_eq!(
            ask(port, "localhost", LEAF[0], check).await.as_deref(),
            Ok("hi")
        );
        assert_eq!(
            ask(port, "127.0.0.1", CA, check).await,
            Err(TlsFault::WrongName)
        );
        assert_eq!(
            ask(port, "127.0.0.1", "", CertificateCheck::Skip)
                .await
                .as_deref(),
            Ok("hi")
        );
    }

    #[tokio::test]
    async fn a_self_signed_certificate_is_trusted_once_it_is_pasted() {
        let port = serve(SELF_SIGNED).await;
        let check = CertificateCheck::Check;
        assert_eq!(
            ask(port, "localhost", "", check).await,
            Err(TlsFault::UnknownIssuer)
        );
        assert_eq!(
            ask(port, "localhost", CA, check).await,
            Err(TlsFault::UnknownIssuer)
        );
        assert_eq!(
            ask(port, "localhost", SELF_SIGNED[0], check)
                .await
                .as_deref(),
            Ok("hi")
        );
        assert_eq!(
            ask(port, "127.0.0.1", SELF_SIGNED[0], check).await,
            Err(TlsFault::WrongName)
        );
    }

    #[tokio::test]
    async fn a_port_without_tls_is_named() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                let _ = connection
                    .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    .await;
                let _ = connection.read(&mut [0; 4096]).await;
            }
        });
        assert_eq!(
            ask(port, "localhost", "", CertificateCheck::Check).await,
            Err(TlsFault::NotTls)
        );
    }
}
