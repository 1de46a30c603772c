//! The accept loop: ours, because whoever answers has to know the certificate.

use super::{Peer, router, router_for};
use crate::app::App;
use crate::pki::{Authority, store_of};
use anyhow::{Context, Result};
use axum::Router;
use edge_domain::time::{Clock, Entropy};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// How long a handshake may take.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request's head may take.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How many connections may be open: two a store, for some hundreds of stores. More wait.
const CONNECTIONS_MAX: usize = 1_024;
/// How long connections may take to end when headquarters stops.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// The server's side of mutual TLS.
///
/// # Errors
/// A name of the server that is none, or an authority that cannot sign.
pub(crate) fn tls(
    authority: &Authority,
    names: &[String],
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<ServerConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.certificate_pem().as_bytes())?)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = Arc::new(roots);
    let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider.clone()).build()?;
    let (certificate, key) = authority.server(names, clock, entropy).context("[sync] names")?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![certificate], key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Serves stores until headquarters stops.
pub(crate) async fn serve(app: Arc<App>, listener: TcpListener, tls: ServerConfig) {
    let (acceptor, router) = (TlsAcceptor::from(Arc::new(tls)), router(app.clone()));
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    loop {
        let next = async {
            let permit = room.clone().acquire_owned().await.ok();
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            next = next => next,
            Some(_) = connections.join_next() => continue,
            () = app.stopped() => break,
        };
        match accepted {
            Ok((stream, from)) => {
                let (app, acceptor, router) = (app.clone(), acceptor.clone(), router.clone());
                connections.spawn(async move {
                    let _permit = permit;
                    if let Err(error) = connection(&app, acceptor, &router, stream).await {
                        tracing::info!(%from, error = format!("{error:#}"), "a connection ended");
                    }
                });
            }
            // Out of file handles, most likely: others have to end first.
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
    let ended = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(STOP_TIMEOUT, ended).await.is_err() {
        tracing::warn!("connections of stores were cut");
    }
}

async fn connection(
    app: &App,
    acceptor: TlsAcceptor,
    router: &Router,
    stream: TcpStream,
) -> Result<()> {
    stream.set_nodelay(true)?;
    let handshake = tokio::time::timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream));
    let stream = handshake.await.context("handshake")?.context("handshake")?;
    let certificate = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
    let store = certificate.and_then(store_of).context("the certificate names no store")?;
    let service = TowerToHyperService::new(router_for(router, Peer(store)));
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let served = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    let mut served = std::pin::pin!(served);
    let ended = tokio::select! {
        ended = &mut served => ended,
        () = app.stopped() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    ended.map_err(|error| anyhow::anyhow!(error)).context("serving")
}
