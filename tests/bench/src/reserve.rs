//! Promises: 64 clients that set one unit aside, durably, against Redis with the same check.
//!
//! What is compared: on both sides a check and a decrement that are durable before the answer
//! (Redis: `appendfsync always`). Ours also records the promise with its expiry, a hash-chained
//! journal entry and the answer to an idempotency key; Redis's script does the check and the
//! decrement alone, which favours Redis; a second script keeps the promise and the answer, too,
//! and is printed beside it. In this process ours has no network while Redis has its
//! loopback, which favours ours: so ours over HTTP, with clients and daemon on the same cores as
//! Redis's, is printed beside it.

use crate::report::{Budget, Row, median};
use crate::shop;
use anyhow::Context;
use edge_app::{Delivery, Reserve, Shop, receive_goods, reserve};
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use edge_ledger::Command;
use serde_json::json;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};
use tests_support::{Client, Store, StoreSetup};
use tokio::task::JoinSet;

const ROUNDS: usize = 5;
const CLIENTS: usize = 64;
const LIMIT: Duration = Duration::from_secs(2);
/// Items that the clients want, each in turn.
const ITEMS: usize = 5;
/// Enough of each item that none runs out.
const UNITS: i64 = 900_000;

/// The same check: enough is there, or nothing is taken.
const SCRIPT: &str = "local left = tonumber(redis.call('GET', KEYS[1]) or '0')
    if left < tonumber(ARGV[1]) then return 0 end
    redis.call('DECRBY', KEYS[1], ARGV[1])
    return 1";

/// The same, and what a shop needs beyond it: the promise with its expiry, and the answer to the
/// key under which it was asked.
const KEEPING: &str = "if redis.call('EXISTS', KEYS[3]) == 1 then return 1 end
    local left = tonumber(redis.call('GET', KEYS[1]) or '0')
    if left < tonumber(ARGV[1]) then return 0 end
    redis.call('DECRBY', KEYS[1], ARGV[1])
    redis.call('SET', KEYS[2], KEYS[1], 'EX', 900)
    redis.call('SET', KEYS[3], KEYS[2])
    return 1";

pub(crate) async fn measure(rows: &mut Vec<Row>) -> anyhow::Result<()> {
    let (mut always, mut everysec) = (Vec::new(), Vec::new());
    let (mut http, mut rates, mut keeping) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let folder = tempfile::tempdir()?;
        let ours = ledger(folder.path().join("ours"), round).await?;
        let durable = redis(&folder.path().join("always"), "always", SCRIPT).await?;
        let kept = redis(&folder.path().join("keeping"), "always", KEEPING).await?;
        let lazy = redis(&folder.path().join("everysec"), "everysec", SCRIPT).await?;
        let served = over_http(&folder.path().join("http")).await?;
        println!(
            "  round {round}: ledger {ours:.0}/s, over HTTP {served:.0}/s, \
             Redis always {durable:.0}/s, keeping promise and answer {kept:.0}/s, \
             everysec {lazy:.0}/s"
        );
        always.push(ours / durable);
        everysec.push(ours / lazy);
        http.push(served / durable);
        keeping.push(ours / kept);
        rates.push(ours);
    }
    let mut row = |name: &str, values: &mut [f64], unit, budget| {
        rows.push(Row::new(name, median(values), unit, budget));
    };
    let budget = Budget::AtLeast(1.0);
    row("reservation, 64 clients: ledger / Redis 7 always", &mut always, "ratio", budget);
    row("  the same, Redis keeping promise and answer", &mut keeping, "ratio", Budget::None);
    row("reservation, 64 clients: ledger / Redis everysec", &mut everysec, "ratio", Budget::None);
    row("reservation, 64 clients: HTTP / Redis 7 always", &mut http, "ratio", Budget::None);
    row("reservation, 64 clients: ledger", &mut rates, "1/s", Budget::None);
    Ok(())
}

fn stocked(folder: &Path) -> anyhow::Result<Shop> {
    let shop = shop::open(folder)?;
    let lines = (0..ITEMS)
        .map(|n| Ok((Sku::new(&format!("ITEM-{n}"))?, Quantity::from_thousandths(UNITS * 1_000)?)))
        .collect::<anyhow::Result<Vec<_>>>()?;
    shop.run(None, move |desk| receive_goods(desk, Delivery::plain(lines, None))).wait()?;
    Ok(shop)
}

/// Promises a second by the ledger in this process.
async fn ledger(folder: PathBuf, round: usize) -> anyhow::Result<f64> {
    let shop = tokio::task::spawn_blocking(move || stocked(&folder)).await??;
    let begun = Instant::now();
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let shop = shop.clone();
        clients.spawn(async move {
            let mut made = 0;
            while begun.elapsed() < LIMIT {
                let key = format!("{round}-{client}-{made}");
                let sku = Sku::new(&format!("ITEM-{}", (client + made) % ITEMS))?;
                let lines = vec![(sku, Quantity::ONE)];
                let identity = Command::new(&key, &[key.as_bytes()]);
                let promised = shop.run(Some(identity), move |desk| {
                    let made = reserve(desk, Reserve { lines, ..Reserve::default() })?;
                    Ok((made.id.uuid(), made.expires_at.as_millis()))
                });
                promised.answer().await?;
                made += 1;
            }
            anyhow::Ok(made)
        });
    }
    let rate = rate(clients, begun).await;
    tokio::task::spawn_blocking(move || shop.ledger().close()).await?;
    rate
}

async fn rate(mut clients: JoinSet<anyhow::Result<usize>>, begun: Instant) -> anyhow::Result<f64> {
    let mut made = 0;
    while let Some(client) = clients.join_next().await {
        made += client??;
    }
    Ok(made as f64 / begun.elapsed().as_secs_f64())
}

/// A Redis of its own, which ends with this.
struct Redis {
    process: Child,
    port: u16,
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Redis {
    /// Starts one in a folder. Debian's `redis-check-rdb` is the server by another name.
    async fn start(folder: &Path, fsync: &str) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let path = std::env::var_os("PATH").unwrap_or_default();
        let find = |name: &str| {
            std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.exists())
        };
        let program = find("redis-server").or_else(|| find("redis-check-rdb"));
        let program = program.context("there is no redis-server: run tests/install bench")?;
        let named = folder.join("redis-server");
        symlink(program, &named)?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let process = Process::new(named)
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""])
            .args(["--appendonly", "yes", "--appendfsync", fsync, "--dir"])
            .arg(folder)
            .stdout(Stdio::null())
            .spawn()?;
        let redis = Self { process, port };
        let patience = Instant::now() + Duration::from_secs(10);
        while redis.connect().await.is_err() {
            anyhow::ensure!(Instant::now() < patience, "redis-server does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(redis)
    }

    async fn connect(&self) -> anyhow::Result<redis::aio::MultiplexedConnection> {
        let client = redis::Client::open(format!("redis://127.0.0.1:{}", self.port))?;
        Ok(client.get_multiplexed_async_connection().await?)
    }
}

/// Promises a second by Redis, each client with a connection of its own.
async fn redis(folder: &Path, fsync: &str, script: &'static str) -> anyhow::Result<f64> {
    let redis = Redis::start(folder, fsync).await?;
    let mut first = redis.connect().await?;
    for n in 0..ITEMS {
        let mut set = redis::cmd("SET");
        set.arg(format!("ITEM-{n}")).arg(UNITS).exec_async(&mut first).await?;
    }
    let mut connections = Vec::with_capacity(CLIENTS);
    for _ in 0..CLIENTS {
        connections.push(redis.connect().await?);
    }
    let begun = Instant::now();
    let mut clients = JoinSet::new();
    for (client, mut connection) in connections.into_iter().enumerate() {
        clients.spawn(async move {
            let (script, mut made) = (redis::Script::new(script), 0);
            while begun.elapsed() < LIMIT {
                let key = format!("ITEM-{}", (client + made) % ITEMS);
                let mut call = script.key(key);
                call.key(format!("promise-{client}-{made}")).key(format!("key-{client}-{made}"));
                let took: i64 = call.arg(1).invoke_async(&mut connection).await?;
                anyhow::ensure!(took == 1, "Redis ran out");
                made += 1;
            }
            anyhow::Ok(made)
        });
    }
    rate(clients, begun).await
}

/// Promises a second by the daemon over HTTP.
async fn over_http(folder: &Path) -> anyhow::Result<f64> {
    let store = Store::start(folder, StoreSetup::default())?;
    let rows = (0..ITEMS).map(|n| format!("ITEM-{n},,Item {n},1.29,each,7,{UNITS}\n"));
    let header = "sku,gtin,name,price,unit,tax_rate,stock\n".to_owned();
    store.import(&rows.fold(header, |csv, row| csv + &row)).await?;
    let begun = Instant::now();
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let store = Client::clone(&store);
        clients.spawn(async move {
            let mut made = 0;
            while begun.elapsed() < LIMIT {
                let sku = format!("ITEM-{}", (client + made) % ITEMS);
                let ask = json!({ "lines": [{ "sku": sku, "quantity": "1" }] });
                store.post_as("/reservations", &format!("{client}-{made}"), &ask).await?.ok()?;
                made += 1;
            }
            anyhow::Ok(made)
        });
    }
    rate(clients, begun).await
}
