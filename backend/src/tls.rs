//! Certificates: the operator's, or a self-signed one.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use axum_server::tls_rustls::RustlsConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::Config;

/// What the flags ask for; nothing for plain HTTP.
pub fn config(config: &Config) -> anyhow::Result<Option<RustlsConfig>> {
    let server = &config.server;
    let (certificate, key) = match (&server.tls_cert, &server.tls_key, server.tls) {
        (Some(certificate), Some(key), _) => (certificate.clone(), key.clone()),
        (_, _, Some(crate::config::Tls::SelfSigned)) => {
            let folder = config.data.data.join("tls");
            let paths = (folder.join("certificate.pem"), folder.join("key.pem"));
            if !paths.1.exists() {
                make_self_signed(&folder, &server.bind.ip().to_string(), &paths.0, &paths.1)?;
            }
            paths
        }
        _ => return Ok(None),
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&certificate)
        .and_then(Iterator::collect)
        .with_context(|| format!("{} cannot be read as PEM", certificate.display()))?;
    anyhow::ensure!(!chain.is_empty(), "{} holds no certificate in PEM", certificate.display());
    let key = PrivateKeyDer::from_pem_file(&key)
        .with_context(|| format!("{} holds no private key in PEM", key.display()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("the certificate and the key do not fit each other")?;
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Some(RustlsConfig::from_config(Arc::new(tls))))
}

/// It is kept, so that a browser that accepted it once knows it again.
fn make_self_signed(folder: &Path, address: &str, certificate: &Path, key: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), address.to_owned()];
    let made = rcgen::generate_simple_self_signed(names)?;
    std::fs::write(certificate, made.cert.pem())?;
    // The key last: where it is, the certificate is too.
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(key)?;
    file.write_all(made.signing_key.serialize_pem().as_bytes())?;
    Ok(())
}
