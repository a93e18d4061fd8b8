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
