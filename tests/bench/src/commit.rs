//! Sale commits: one client against the disk, 64 clients against a bare loop of the same rows
//! and against a connection per client.

use crate::report::{Budget, Row, median};
use crate::shop;
use nix::sys::resource::{UsageWho, getrusage};
use rusqlite::{Connection, params};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

const SCHEMA: &str = concat!(
    include_str!("../../../migrations/edge/0001_create_ledger.sql"),
    include_str!("../../../migrations/edge/0012_number_postings.sql"),
);
const ROUNDS: usize = 5;
const CLIENTS: usize = 64;
const LIMIT: Duration = Duration::from_secs(2);

pub(crate) fn measure(rows: &mut Vec<Row>) -> anyhow::Result<()> {
    let (mut many, mut direct, mut cpu) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let folder = tempfile::tempdir()?;
        let (ours, cpu_us) = ledger(&folder.path().join("ours"), round, CLIENTS)?;
        let bare = bare_loop(&folder.path().join("bare.sqlite"))?;
        let apart = connection_each(&folder.path().join("apart.sqlite"), CLIENTS)?;
        many.push(ours / bare);
        direct.push(ours / apart);
        cpu.push(cpu_us);
        println!(
            "  round {round}: ours {ours:.0}/s, bare loop {bare:.0}/s, a connection each {apart:.0}/s"
        );
    }
    rows.push(Row::new(
        "sale commit, 64 clients: ledger / bare group-commit loop",
        median(&mut many),
        "ratio",
        Budget::AtLeast(0.8),
    ));
    rows.push(Row::new(
        "sale commit, 64 clients: ledger / one connection each",
        median(&mut direct),
        "ratio",
        Budget::AtLeast(5.0),
    ));
    for clients in [1, 8] {
        let folder = tempfile::tempdir()?;
        let raw = std::fs::File::create(folder.path().join("raw"))?;
        let mut syncs = (0..200).map(|_| fdatasync(&raw)).collect::<anyhow::Result<Vec<_>>>()?;
        let (ours, _) = ledger(&folder.path().join("ours"), ROUNDS, clients)?;
        let apart = connection_each(&folder.path().join("apart.sqlite"), clients)?;
        let name = |against: &str| format!("sale commit, {clients} client(s): ledger / {against}");
        let against_disk = ours * median(&mut syncs);
        rows.push(Row::new(&name("raw fdatasync"), against_disk, "ratio", Budget::None));
        rows.push(Row::new(&name("one connection each"), ours / apart, "ratio", Budget::None));
    }
    let cpu = median(&mut cpu);
    rows.push(Row::new("CPU a sale of 5 lines, all threads", cpu, "µs", Budget::AtMost(120.0)));
    Ok(())
}

/// One 4 KiB overwrite and fdatasync, in seconds.
pub(crate) fn fdatasync(file: &File) -> anyhow::Result<f64> {
    let begun = Instant::now();
    file.write_all_at(&[7; 4096], 0)?;
    file.sync_data()?;
    Ok(begun.elapsed().as_secs_f64())
}

fn cpu_seconds() -> anyhow::Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let seconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1_000_000.0;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}

/// Sales a second by the ledger with 64 clients, and the CPU of each in µs.
fn ledger(folder: &Path, round: usize, clients: usize) -> anyhow::Result<(f64, f64)> {
    let shop = shop::open(folder)?;
    let (begun, cpu) = (Instant::now(), cpu_seconds()?);
    let clients: Vec<_> = (0..clients)
        .map(|client| {
            let shop = shop.clone();
            std::thread::spawn(move || -> anyhow::Result<usize> {
                let mut sold = 0;
                while begun.elapsed() < LIMIT {
                    let key = format!("{round}-{client}-{sold}");
                    shop::sell_once(&shop, &format!("T{}", client % 8), &key)?;
                    sold += 1;
                }
                Ok(sold)
            })
        })
        .collect();
    let sold = total(clients)? as f64;
    let took = begun.elapsed().as_secs_f64();
    let cpu = (cpu_seconds()? - cpu) / sold * 1_000_000.0;
    shop.ledger().close();
    Ok((sold / took, cpu))
}

fn total(threads: Vec<std::thread::JoinHandle<anyhow::Result<usize>>>) -> anyhow::Result<usize> {
    threads.into_iter().try_fold(0, |sum, thread| {
        let sold = thread.join().map_err(|_| anyhow::anyhow!("a client panicked"))??;
        Ok(sum + sold)
    })
}

fn database(path: &Path) -> anyhow::Result<Connection> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
}

/// The rows of one sale of five lines, and nothing else: no rules, no hash, no answer.
fn rows_of_a_sale(conn: &Connection, seq: i64) -> rusqlite::Result<()> {
    let id = fastrand::u128(..).to_be_bytes();
    let body = [b'x'; 900];
    conn.prepare_cached("INSERT INTO journal VALUES (?1, ?2, 1, ?1, 'sale_completed', 1, ?3, ?2)")?
        .execute(params![seq, id.as_slice(), body.as_slice()])?;
    let key = format!("key-{seq}");
    conn.prepare_cached("INSERT INTO idempotency VALUES (?1, ?2, ?3)")?.execute(params![
        key,
        id.as_slice(),
        &body[..100]
    ])?;
    for (n, account) in (0_i64..).zip(["cash:T1", "sales", "tax:7"]) {
        conn.prepare_cached("INSERT INTO posting VALUES (?1, ?2, ?3, 5)")?
            .execute(params![seq, n, account])?;
    }
    for n in 0..5 {
        let sku = format!("ITEM-{n}");
        conn.prepare_cached(
            "INSERT INTO stock_move VALUES (?1, ?2, ?3, 1000, 'store', 'customer')",
        )?
        .execute(params![seq, n, sku])?;
        conn.prepare_cached(
            "INSERT INTO stock_level VALUES (?1, 'store', -1000) ON CONFLICT (sku, location)
             DO UPDATE SET quantity = quantity + excluded.quantity",
        )?
        .execute(params![sku])?;
    }
    conn.prepare_cached("INSERT INTO sale VALUES (?1, ?2, ?3, ?2, 0, 645)")?.execute(params![
        id.as_slice(),
        seq,
        format!("T{}", seq % 8)
    ])?;
    conn.prepare_cached(
        "INSERT INTO feed (topic, type, at, entity) VALUES ('orders', 's', 0, ?1)",
    )?
    .execute(params![id.as_slice()])?;
    conn.prepare_cached(
        "INSERT INTO terminal (id, receipt) VALUES (?1, 1)
         ON CONFLICT (id) DO UPDATE SET receipt = receipt + 1",
    )?
    .execute(params![format!("T{}", seq % 8)])?;
    Ok(())
}

/// Sales a second of a loop that puts 64 sales into each commit.
fn bare_loop(path: &Path) -> anyhow::Result<f64> {
    let conn = database(path)?;
    conn.execute_batch(SCHEMA)?;
    let (begun, mut seq) = (Instant::now(), 0);
    while begun.elapsed() < LIMIT {
        conn.execute_batch("BEGIN IMMEDIATE")?;
        for _ in 0..CLIENTS {
            seq += 1;
            rows_of_a_sale(&conn, seq)?;
        }
        conn.execute_batch("COMMIT")?;
    }
    Ok(seq as f64 / begun.elapsed().as_secs_f64())
}

/// Sales a second of clients with a connection each.
fn connection_each(path: &Path, clients: usize) -> anyhow::Result<f64> {
    database(path)?.execute_batch(SCHEMA)?;
    let begun = Instant::now();
    let clients: Vec<_> = (0..clients)
        .map(|client| {
            let path = path.to_path_buf();
            std::thread::spawn(move || -> anyhow::Result<usize> {
                let conn = database(&path)?;
                let mut sold = 0;
                while begun.elapsed() < LIMIT {
                    if conn.execute_batch("BEGIN IMMEDIATE").is_err() {
                        continue; // the time-out that such a design lives with
                    }
                    rows_of_a_sale(&conn, i64::try_from(client * 1_000_000 + sold)?)?;
                    conn.execute_batch("COMMIT")?;
                    sold += 1;
                }
                Ok(sold)
            })
        })
        .collect();
    let sold = total(clients)? as f64;
    Ok(sold / begun.elapsed().as_secs_f64())
}
