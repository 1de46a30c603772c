//! The daemon's life: rooms are opened from the ledger outwards, and closed from the door inwards.

use crate::config::Config;
use crate::device_key;
use crate::paper;
use crate::stand_in::StandIns;
use crate::sweep::sweep;
use crate::wiring::{DRIVERS, DevicesOnApi, LinkOnApi, System, bumped, charged, scanned, settled};
use anyhow::Context;
use edge_app::{Shop, ShopError, ShopWords};
use edge_devices::{Board, DeviceConfig, DeviceState, Devices, GateHouse, House, Telemetry};
use edge_ledger::{Core, Ledger, Settings};
use edge_link::{Bus, Link};
use edge_process::{logs, notify};
use edge_replica::Replica;
use edge_web::metrics::Metrics;
use edge_web::{Api, shapes};
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long each room may take to close; what is not done then is done after the next start.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// Runs the store until it is told to stop.
pub(crate) fn run(config: Config) -> anyhow::Result<()> {
    logs::start("outpost", &config.log);
    // Before anything speaks TLS: the workspace builds one provider, and none is the default.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let lock = claim(&config.data)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(64)
        .build()
        .context("no runtime")?;
    let done = runtime.block_on(serve(config));
    runtime.shutdown_timeout(CLOSE_TIMEOUT);
    drop(lock);
    done
}

/// One daemon a folder: a second one would not see the first one's promises.
fn claim(data: &Path) -> anyhow::Result<File> {
    let folder = || format!("the data folder {}", data.display());
    std::fs::create_dir_all(data).with_context(folder)?;
    let lock = File::create(data.join("lock")).with_context(folder)?;
    lock.try_lock().with_context(|| format!("another daemon uses {}", data.display()))?;
    Ok(lock)
}

async fn serve(mut config: Config) -> anyhow::Result<()> {
    std::fs::create_dir_all(&config.data)?;
    config.shop.rules.seal = Some(device_key::open(&config.data)?);
    let config = Arc::new(config);
    let (configs, stand_ins) = config.plug_in(&config.data.join("sim"));
    stand_ins.warn(&configs);
    let stand_ins = Arc::new(stand_ins);
    let shop = open_shop(&config)?;
    let scratch = open_scratch(&config.data.join("scratch"));
    let gates = config.gate.open(shop.ledger(), &configs)?;
    let devices = open_devices(&config, &configs, &shop, scratch.clone(), gates.clone())?;
    let plugs = watch_plugs(&configs, &devices);
    let (stop, stopped) = watch::channel(false);
    let telemetry = Telemetry::new(scratch.as_ref());
    let figures = {
        let (board, stand_ins) = (devices.board().clone(), stand_ins.clone());
        move || count_devices(&board, &stand_ins)
    };
    let (mut lines, link) = open_lines(&config, &shop, figures, telemetry, &stopped);
    lines.push(("sweep", tokio::spawn(sweep(shop.clone(), stopped.clone()))));
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let board =
        DevicesOnApi { board: devices.board().clone(), gates, stand_ins: stand_ins.clone() };
    let router = edge_web::router(api(&config, &shop, board, link)?);
    let mut closing = stopped.clone();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        let _ = closing.changed().await;
    });
    let server = tokio::spawn(async move { server.await });
    tracing::info!(%address, "open");
    notify::notify("READY=1");
    let mending = tokio::spawn(mend_documents(shop.clone()));
    wait_for_end().await?;
    mending.abort();
    notify::notify("STOPPING=1");
    tracing::info!("closing");
    stop.send_replace(true);
    close("http", server).await;
    for (name, line) in lines {
        close(name, line).await;
    }
    drop(plugs);
    let _ =
        tokio::time::timeout(CLOSE_TIMEOUT, tokio::task::spawn_blocking(move || devices.stop()))
            .await;
    // After the devices: a twin that goes first would be a device that was unplugged.
    drop(stand_ins);
    let ledger = shop.ledger().clone();
    tokio::task::spawn_blocking(move || ledger.close()).await?;
    tracing::info!("closed");
    Ok(())
}

fn open_shop(config: &Config) -> anyhow::Result<Shop> {
    let settings = Settings {
        store: config.store,
        currency: config.shop.currency,
        clock: Arc::new(System),
        entropy: Arc::new(System),
    };
    let mut replica = Replica::new(&System);
    let name = config.shop.seller.name.clone();
    {
        let mut core = Core::open(&config.data, settings.clone())?;
        if let Some(facts) = core.rebuild_if_older()? {
            tracing::info!(facts, "projections written again");
        }
        let made: usize = core.transact(|tx| {
            let uncertain = tx.settle_jobs("The appliance restarted while this was printing.")?;
            if uncertain > 0 {
                tracing::warn!(uncertain, "print jobs are uncertain: a person has to look");
            }
            replica.restore(tx, &name).map_err(ShopError::from)
        })?;
        replica.keep();
        tracing::info!(head = core.head().seq, documents_made = made, "ledger");
    }
    let ledger = Ledger::open(&config.data, settings)?;
    let replica = Arc::new(Mutex::new(replica));
    Ok(Shop::new(ledger, replica, Arc::new(config.shop.clone())))
}

/// Looks after the documents one by one, while the shop sells already.
async fn mend_documents(shop: Shop) {
    let reading = shop.clone();
    let names = tokio::task::spawn_blocking(move || reading.read(|view| Ok(view.doc_names()?)));
    let Ok(Ok(names)) = names.await else { return };
    let store = shop.config().seller.name.clone();
    for name in names {
        let (doc, store) = (name.clone(), store.clone());
        let mended = shop.run(None, move |desk| Ok(desk.docs.mend(desk.tx, &doc, &store)?));
        if let Err(error) = mended.answer().await {
            tracing::error!(document = %name, %error, "a document cannot be mended");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What may be lost: whatever does not open is thrown away and made anew.
fn open_scratch(path: &Path) -> Option<sled::Db> {
    let open = || sled::Config::new().path(path).cache_capacity(1 << 20).open();
    let opened = open().or_else(|error| {
        tracing::info!(%error, "the scratch store is made anew");
        let _ = std::fs::remove_dir_all(path);
        open()
    });
    opened.inspect_err(|error| tracing::warn!(%error, "no scratch store: double reads stay")).ok()
}

fn open_devices(
    config: &Arc<Config>,
    configs: &[DeviceConfig],
    shop: &Shop,
    scratch: Option<sled::Db>,
    gate: Arc<GateHouse>,
) -> anyhow::Result<Devices> {
    let words = ShopWords::new(&config.locale, &config.timezone)?;
    let (seller, selling) = (config.shop.seller.clone(), shop.clone());
    let (seal, charging) = (config.shop.rules.seal.clone(), shop.clone());
    let logo = config.logo.clone();
    let (kitchen, settling) = (shop.clone(), shop.clone());
    let glass = Arc::new(ShopWords::new(&config.locale, &config.timezone)?);
    let house = House {
        ledger: shop.ledger().clone(),
        render: Arc::new(move |view, job| {
            paper::page(view, job, &seller, seal.as_ref(), &words, logo.as_ref())
        }),
        on_scan: Arc::new(move |station, code| scanned(&selling, station, code)),
        on_card: Arc::new(move |id, verdict| charged(&charging, id, verdict)),
        on_settled: Arc::new(move |id, said| settled(&settling, id, said)),
        on_bump: Arc::new(move |station, key| bumped(&kitchen, station, key)),
        words: glass,
        scratch,
        gate,
        runtime: tokio::runtime::Handle::current(),
    };
    Devices::start(configs, DRIVERS, &house).context("a device's thread does not start")
}

/// Rings the devices' bell when something is plugged. Without it they look again by themselves, a
/// little later.
fn watch_plugs(configs: &[DeviceConfig], devices: &Devices) -> Option<drivers_plug::Watch> {
    let paths = configs.iter().filter_map(|device| device.uri.local_path());
    let paths: Vec<_> = paths.map(Path::to_owned).collect();
    let board = devices.board().clone();
    drivers_plug::Watch::start(&paths, move || board.plugged())
        .inspect_err(|error| tracing::warn!(%error, "plugging is not watched"))
        .ok()
}

type Lines = Vec<(&'static str, JoinHandle<()>)>;

/// What headquarters hears of the devices: how many do not work, and how many are none.
fn count_devices(board: &Board, stand_ins: &StandIns) -> [(&'static str, i64); 2] {
    let devices = board.devices();
    let count = |is: &dyn Fn(&DeviceState) -> bool| {
        i64::try_from(devices.iter().filter(|device| is(device)).count()).unwrap_or(i64::MAX)
    };
    [
        ("devices_down", count(&|device| device.state != edge_devices::State::Online)),
        ("devices_simulated", count(&|device| stand_ins.is_simulated(&device.config))),
    ]
}

fn open_lines(
    config: &Config,
    shop: &Shop,
    figures: impl Fn() -> [(&'static str, i64); 2] + Send + Sync + 'static,
    telemetry: Telemetry,
    stopped: &watch::Receiver<bool>,
) -> (Lines, Option<watch::Receiver<edge_link::LinkStatus>>) {
    let mut lines: Lines = Vec::new();
    if let Some(bus) = config.bus.clone() {
        let bus = Bus::new(shop.clone(), bus);
        lines.push(("bus", tokio::spawn(bus.run(stopped.clone()))));
    }
    let Some(link) = config.link.clone() else { return (lines, None) };
    let take = move || {
        for (name, count) in figures() {
            telemetry.note(name, count);
        }
        telemetry.take()
    };
    let (link, status) = Link::new(shop.clone(), link, Arc::new(take));
    lines.push(("link", tokio::spawn(link.run(stopped.clone()))));
    (lines, Some(status))
}

fn api(
    config: &Config,
    shop: &Shop,
    devices: DevicesOnApi,
    status: Option<watch::Receiver<edge_link::LinkStatus>>,
) -> anyhow::Result<Api> {
    let store = shapes::Store {
        id: config.store.to_string(),
        name: config.shop.seller.name.clone(),
        currency: config.shop.currency.to_string(),
        locale: config.locale.clone(),
        timezone: config.timezone.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    Ok(Api {
        shop: shop.clone(),
        words: Arc::new(ShopWords::new(&config.locale, &config.timezone)?),
        store: Arc::new(store),
        devices: Arc::new(devices),
        sync: Arc::new(LinkOnApi { shop: shop.clone(), status }),
        metrics: Arc::new(Metrics::default()),
        hosts: Arc::new(config.hosts.clone()),
    })
}

/// Waits for the order to stop, and tells systemd that the daemon lives meanwhile.
async fn wait_for_end() -> anyhow::Result<()> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let period = notify::watchdog_period().unwrap_or(Duration::from_secs(3_600));
    let mut watchdog = tokio::time::interval(period);
    loop {
        tokio::select! {
            _ = term.recv() => return Ok(()),
            _ = int.recv() => return Ok(()),
            _ = watchdog.tick() => notify::notify("WATCHDOG=1"),
        }
    }
}

/// Waits for a room to close, but not for ever: an open feed must not hold up the night.
async fn close<T>(name: &str, task: JoinHandle<T>) {
    let abort = task.abort_handle();
    if tokio::time::timeout(CLOSE_TIMEOUT, task).await.is_err() {
        tracing::warn!(name, "did not close in time");
        abort.abort();
    }
}
