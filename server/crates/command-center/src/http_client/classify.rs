//! From an error of the HTTP library to a [`HttpFailure`], by type and never by text.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError, InvalidMessage};
use url::Url;

use super::failure::{HttpFailure, Phase, TlsFault};
use super::resolver::LookupFailed;
use super::setup::CONNECT_TIMEOUT;

pub(super) fn classify(error: &reqwest::Error, url: &Url) -> HttpFailure {
    let host = url.host_str().unwrap_or_default().to_owned();
    if let Some(failed) = find::<LookupFailed>(error) {
        return HttpFailure::Dns {
            host: failed.name.clone(),
            fault: failed.fault.clone(),
        };
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return HttpFailure::Tls {
            host,
            fault: tls_fault(tls),
        };
    }
    let detail = root_cause(error);
    if error.is_connect() && error.is_timeout() {
        return HttpFailure::Timeout {
            phase: Phase::Connect,
            after: CONNECT_TIMEOUT,
        };
    }
    if error.is_connect() {
        let port = url.port_or_known_default().unwrap_or_default();
        return HttpFailure::Connect {
            address: format!("{host}:{port}"),
            detail,
        };
    }
    let was_cut = find::<io::Error>(error).is_some_and(|error| is_cut(error.kind()))
        || find::<hyper::Error>(error)
            .is_some_and(|error| error.is_incomplete_message() || error.is_closed());
    if was_cut {
        HttpFailure::Cut { detail }
    } else {
        HttpFailure::Protocol { detail }
    }
}

/// The first error of that type among the causes. An `io::Error` hides the error that it wraps
/// from `source`, so that one is looked at as well.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        next = match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let cause = cause.to_string();
    // "Connection refused (os error 111)": the number helps nobody.
    let cause = cause.split(" (os error").next().unwrap_or_default();
    crate::text::truncate(&crate::text::one_line(cause), 200)
}

fn is_cut(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(
        kind,
        BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof
    )
}

fn tls_fault(error: &rustls::Error) -> TlsFault {
    use rustls::Error::{AlertReceived, InvalidCertificate, InvalidMessage as Unreadable};
    match error {
        InvalidCertificate(CertificateError::UnknownIssuer) => TlsFault::UnknownIssuer,
        InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            TlsFault::Expired
        }
        InvalidCertificate(
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
        ) => TlsFault::NotValidYet,
        InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => TlsFault::WrongName,
        Unreadable(InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion) => {
            TlsFault::NotTls
        }
        AlertReceived(AlertDescription::CertificateRequired) => TlsFault::WantsCertificate,
        AlertReceived(
            AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied,
        ) => TlsFault::RefusesCertificate,
        other => TlsFault::Other {
            detail: crate::text::truncate(&other.to_string(), 200),
        },
    }
}
