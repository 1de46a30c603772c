//! What runs: two ends and two small tasks.

use crate::app::App;
use crate::config::Config;
use crate::pki::Authority;
use crate::system::{SystemClock, SystemEntropy};
use crate::{events, http, sync};
use anyhow::{Context, Result};
use cloud_sync_protocol::session::hq::Refusal;
use cloud_sync_store::{Sqlite, Store, barred};
use edge_process::notify::{notify, watchdog_period};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// How often rows are asked whether a store that is connected may still be.
const REVOCATION_PERIOD: Duration = Duration::from_secs(1);
/// How often rights are spread anew; who asks is answered at once.
const REBALANCE_PERIOD: Duration = Duration::from_secs(30);
/// How long everything together may take to end.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// Headquarters while it runs.
pub struct Server {
    /// Where people ask.
    pub http: SocketAddr,
    /// Where stores ask.
    pub sync: SocketAddr,
    /// What both share.
    pub app: Arc<App>,
    tasks: JoinSet<()>,
}

/// Opens the tables, readable only by the owner of the folder.
///
/// # Errors
/// A folder that cannot be made or a database that cannot be read.
pub fn open_store(config: &Config) -> Result<Sqlite> {
    let dir: &Path = &config.data_dir;
    let mut make = std::fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut make, 0o700);
    make.recursive(true).create(dir).with_context(|| format!("{}", dir.display()))?;
    let path = config.database();
    Sqlite::open(&path).with_context(|| format!("{}", path.display()))
}

/// Starts headquarters. It runs until [`Server::stop`].
///
/// # Errors
/// What keeps it from starting: the database, the keys, an address that is taken.
pub async fn start(config: &Config) -> Result<Server> {
    let (clock, entropy) = (SystemClock, SystemEntropy);
    let store: Arc<dyn Store> = Arc::new(open_store(config)?);
    let authority = Authority::open(&config.tls_dir(), &clock, &entropy)?;
    let tls = sync::tls(&authority, &config.sync_names, &clock, &entropy)?;
    let app = Arc::new(App::new(store, Arc::new(clock), &entropy));
    let listen = async |address: SocketAddr, key: &str| {
        let listener = TcpListener::bind(address).await;
        listener.with_context(|| format!("[{key}] listen = \"{address}\""))
    };
    let people = listen(config.http_listen, "http").await?;
    let stores = listen(config.sync_listen, "sync").await?;
    let (http, sync) = (people.local_addr()?, stores.local_addr()?);
    let mut tasks = JoinSet::new();
    tasks.spawn(serve_people(app.clone(), people));
    tasks.spawn(sync::serve(app.clone(), stores, tls));
    tasks.spawn(every(app.clone(), events::GATHER, async |app| app.events.flush(app.now())));
    tasks.spawn(every(app.clone(), REVOCATION_PERIOD, shut_out));
    tasks.spawn(every(app.clone(), REBALANCE_PERIOD, rebalance));
    if let Some(period) = watchdog_period() {
        tasks.spawn(every(app.clone(), period, watchdog));
    }
    Ok(Server { http, sync, app, tasks })
}

impl Server {
    /// Stops, and waits for what runs, up to a bound.
    pub async fn stop(mut self) {
        self.app.stop();
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP_TIMEOUT, ended).await.is_err() {
            tracing::warn!("some connections were cut");
        }
    }

    /// Resolves when a part of headquarters ends without having been told.
    pub async fn broken(&mut self) {
        self.tasks.join_next().await;
    }
}

async fn serve_people(app: Arc<App>, listener: TcpListener) {
    let stopped = app.clone();
    let served = axum::serve(listener, http::router(app))
        .with_graceful_shutdown(async move { stopped.stopped().await });
    if let Err(error) = served.await {
        tracing::error!(%error, "the people's end broke");
    }
}

async fn every(app: Arc<App>, period: Duration, run: impl AsyncFn(&Arc<App>)) {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => run(&app).await,
            () = app.stopped() => return,
        }
    }
}

/// Tells systemd that we live, if the database still answers.
async fn watchdog(app: &Arc<App>) {
    match app.ask(|app| app.store.answer("")).await {
        Ok(_) => notify("WATCHDOG=1"),
        Err(error) => tracing::error!(%error, "the watchdog is not fed: the database is silent"),
    }
}

/// Spreads rights by what stores used lately.
async fn rebalance(app: &Arc<App>) {
    let spread =
        app.ask(|app| app.with_documents(|documents| Ok(((), documents.rebalance(app.now())?))));
    if let Err(error) = spread.await {
        tracing::error!(%error, "rights were not spread; again soon");
    }
}

/// Hangs up on stores that were revoked, set aside or replaced since they were let in.
async fn shut_out(app: &Arc<App>) {
    let open = app.hub.open_lines();
    if open.is_empty() {
        return;
    }
    let rows = match app.ask(|app| app.store.stores()).await {
        Ok(rows) => rows,
        Err(error) => {
            tracing::error!(%error, "whether stores may still speak is not known");
            return;
        }
    };
    for (store, epoch) in open {
        let row = rows.iter().find(|row| row.id == store);
        let replaced = || Refusal {
            code: "old_epoch".into(),
            message: "A new life of this box was issued: this one is a copy or was replaced. \
                      Switch it off, or enrol it again."
                .into(),
        };
        let refusal =
            row.and_then(|row| barred(row).or_else(|| (row.epoch != epoch).then(replaced)));
        if let Some(refusal) = refusal {
            app.hub.refuse(store, &refusal);
        }
    }
}
