//! Mutual TLS: the store shows its certificate, and trusts headquarters' own authority alone.

use rustls::ClientConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files that `outpost-hq store add` wrote (PEM).
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The store's certificate.
    pub certificate: PathBuf,
    /// Its key; readable by the appliance alone.
    pub key: PathBuf,
    /// The authority that signed headquarters' certificate.
    pub authority: PathBuf,
}

/// Why the credentials cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {what}")]
pub struct TlsError {
    /// Which file.
    pub file: String,
    /// What is wrong with it.
    pub what: String,
}

fn bad(path: &Path, what: impl std::fmt::Display) -> TlsError {
    TlsError { file: path.display().to_string(), what: what.to_string() }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let read = CertificateDer::pem_file_iter(path).map_err(|error| bad(path, error))?;
    let certificates = read.collect::<Result<Vec<_>, _>>().map_err(|error| bad(path, error))?;
    if certificates.is_empty() { Err(bad(path, "no certificate in it")) } else { Ok(certificates) }
}

/// The client's end. Read at every connection, so that a renewed certificate is taken up.
pub(crate) fn client(credentials: &Credentials) -> Result<Arc<ClientConfig>, TlsError> {
    let mut roots = rustls::RootCertStore::empty();
    for certificate in certificates(&credentials.authority)? {
        roots.add(certificate).map_err(|error| bad(&credentials.authority, error))?;
    }
    let chain = certificates(&credentials.certificate)?;
    let key = PrivateKeyDer::from_pem_file(&credentials.key);
    let key = key.map_err(|error| bad(&credentials.key, error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(&credentials.certificate, error))?
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, key)
        .map_err(|error| bad(&credentials.certificate, error))?;
    Ok(Arc::new(config))
}
