//! A proxy before Jenkins that wants to see a client certificate.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use mattermost_devhost::Builder;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use simulators::jenkins::Job;
use tokio::io::{AsyncReadExt, copy_bidirectional, sink};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::harness::{ALICE_TOKEN, World, jenkins_with};

/// Signed by `ca.pem`, for `localhost`.
const SERVER: [&str; 2] = [
    include_str!("../../src/http_client/testdata/leaf.pem"),
    include_str!("../../src/http_client/testdata/leaf.key"),
];
const SERVER_CA: &str = include_str!("../../src/http_client/testdata/ca.pem");
/// Signed by `client_ca.pem`.
const CLIENT: [&str; 2] = [
    include_str!("../../src/http_client/testdata/client.pem"),
    include_str!("../../src/http_client/testdata/client.key"),
];
const CLIENT_CA: &str = include_str!("../../src/http_client/testdata/client_ca.pem");

/// Ends TLS, and lets pass whoever has a certificate of the right authority.
struct Front {
    url: String,
    jenkins: Arc<OnceLock<SocketAddr>>,
}

impl Front {
    async fn start(version: &'static SupportedProtocolVersion) -> Self {
        let jenkins: Arc<OnceLock<SocketAddr>> = Arc::default();
        let acceptor = TlsAcceptor::from(Arc::new(demanding(version)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let target = Arc::clone(&jenkins);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let (acceptor, target) = (acceptor.clone(), Arc::clone(&target));
                tokio::spawn(pass(acceptor, connection, target));
            }
        });
        Self {
            url: format!("https://localhost:{port}"),
            jenkins,
        }
    }

    /// A world whose Jenkins is behind it.
    async fn world(&self, change: impl FnOnce(Builder) -> Builder) -> World {
        let config = jenkins_with(Job::freestyle("hello")).public_url(&self.url);
        let world = World::start_with(config, |builder| {
            let builder = builder
                .setting("JenkinsURL", self.url.as_str())
                .setting("JenkinsCABundle", SERVER_CA);
            change(builder)
        })
        .await;
        let _ = self.jenkins.set(world.jenkins.address());
        world
    }
}

fn demanding(version: &'static SupportedProtocolVersion) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_slice(CLIENT_CA.as_bytes()).expect("a certificate");
    roots.add(authority).expect("an authority");
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .expect("a verifier");
    let [certificate, key] = SERVER.map(str::as_bytes);
    ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .expect("a version")
        .with_client_cert_verifier(verifier)
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(certificate).expect("a certificate")],
            PrivateKeyDer::from_pem_slice(key).expect("a key"),
        )
        .expect("a key that fits")
}

async fn pass(acceptor: TlsAcceptor, connection: TcpStream, jenkins: Arc<OnceLock<SocketAddr>>) {
    match acceptor.accept(connection).into_fallible().await {
        Ok(mut connection) => {
            let jenkins = jenkins.get().expect("Jenkins has started");
            let mut jenkins = TcpStream::connect(jenkins).await.expect("Jenkins");
            let _ = copy_bidirectional(&mut connection, &mut jenkins).await;
        }
        // What is not read would be answered by a reset, before the client has seen why.
        Err((_, mut connection)) => {
            let (mut reading, mut writing) = connection.split();
            let _ = tokio::io::AsyncWriteExt::shutdown(&mut writing).await;
            let _ = tokio::io::copy(&mut (&mut reading).take(1 << 20), &mut sink()).await;
        }
    }
}

#[tokio::test]
async fn who_shows_a_certificate_is_let_in() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let front = Front::start(version).await;
        let [certificate, key] = CLIENT;
        let world = front
            .world(|builder| {
                builder
                    .setting("JenkinsClientCertificate", certificate)
                    .setting("JenkinsClientKey", key)
            })
            .await;
        world.connect("alice", ALICE_TOKEN).await;
        world.run("alice", "/jenkins build hello").await;
        world.settled().await;
        world.assert_told_once("succeeded");
        let said = world.say("alice", "/jenkins doctor").await;
        assert!(said.contains("Everything works"), "{said}");
        assert!(
            said.contains("**Client certificate:** shown to Jenkins"),
            "{said}"
        );
        let secret = key.lines().nth(1).expect("a line of the key");
        world.host.assert_no_secret(secret);
        world.host.assert_no_violations();
    }
}

#[tokio::test]
async fn who_shows_none_or_another_is_told_why() {
    let front = Front::start(&rustls::version::TLS13).await;
    for (identity, expected, next) in [
        (None, "it asks for a client certificate", "JenkinsClientKey"),
        (
            Some(SERVER),
            "it does not accept the client certificate",
            "has expired",
        ),
    ] {
        let world = front
            .world(|builder| match identity {
                Some([certificate, key]) => builder
                    .setting("JenkinsClientCertificate", certificate)
                    .setting("JenkinsClientKey", key),
                None => builder,
            })
            .await;
        for (command, heading) in [
            ("/jenkins connect alice a-token", "No secure connection"),
            ("/jenkins doctor", "Jenkins doctor"),
        ] {
            world.run("alice", command).await;
            let said = world.told("alice", heading).await;
            assert!(
                said.contains(expected) && said.contains(next),
                "{command}: {said}"
            );
        }
    }
}

#[tokio::test]
async fn what_cannot_be_used_stops_nothing() {
    let front = Front::start(&rustls::version::TLS13).await;
    let [certificate, key] = CLIENT;
    for (certificate, key, setting) in [
        (certificate, "", "JenkinsClientKey"),
        (certificate, SERVER[1], "JenkinsClientKey"),
        (certificate, "MARK", "JenkinsClientKey"),
        ("MARK", key, "JenkinsClientCertificate"),
        ("", key, "JenkinsClientCertificate"),
    ] {
        let world = front
            .world(|builder| {
                builder
                    .setting("JenkinsClientCertificate", certificate)
                    .setting("JenkinsClientKey", key)
            })
            .await;
        let said = world.say("alice", "/jenkins connect alice a-token").await;
        assert!(said.contains("client certificate"), "{setting}: {said}");
        world.run("alice", "/jenkins doctor").await;
        let said = world.told("alice", &format!("`{setting}`")).await;
        assert!(!said.contains("MARK"), "{said}");
        world.host.assert_no_secret("MARK");
    }
}
