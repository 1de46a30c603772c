//! Thousands of receipts while the daemon is killed, the cable pulled, paper out, answers late
//! and clients impatient: nothing is printed twice silently, nothing is lost silently.
//!
//! `OUTPOST_JOBS=10000 cargo test -p tests-scenarios --test print_jobs` for a long run.

use drivers_contract::PaperState;
use drivers_contract::twin::{PrinterTwin, Twin};
use drivers_printer::sim::{SimConfig, SimPrinter};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tests_scenarios::{CATALOGUE, milk_sale, verify};
use tests_support::{Client, Store, StoreSetup, until};

const CLIENTS: usize = 4;
/// More waiting jobs than this, and the tills wait: a shop does not sell faster than it prints.
const BACKLOG_MAX: usize = 20;

fn jobs_wanted() -> usize {
    std::env::var("OUTPOST_JOBS").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}

async fn ms(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

async fn jobs(store: &Client, state: &str) -> Option<Vec<Value>> {
    let (mut all, mut before) = (Vec::new(), String::new());
    loop {
        let path = format!("/print-jobs?state={state}&limit=1000{before}");
        let page = store.get(&path).await.ok()?.body["print_jobs"].as_array().cloned()?;
        let Some(last) = page.last() else { return Some(all) };
        before = format!("&before={}", last["id"].as_str().unwrap_or_default());
        all.extend(page);
    }
}

/// Sells under one key until there is an answer; some ask twice at once, as impatient tills do.
async fn sell(store: &Client, key: &str) -> String {
    let sale = milk_sale(1);
    loop {
        let answer = if fastrand::u8(..10) == 0 {
            let (first, second) = tokio::join!(
                store.post_as("/sales", key, &sale),
                store.post_as("/sales", key, &sale)
            );
            first.or(second)
        } else {
            store.post_as("/sales", key, &sale).await
        };
        match answer {
            Ok(answer) if answer.status == 201 => {
                return answer.body["receipt_number"].as_str().unwrap_or_default().to_owned();
            }
            _ => ms(30).await, // the daemon is away: the same key again
        }
    }
}

/// One misfortune, and its end.
async fn misfortune(store: Store, paper: &SimPrinter) -> anyhow::Result<Store> {
    match fastrand::u8(..7) {
        0 | 1 => {
            let mut store = store;
            store.kill();
            return store.restart();
        }
        2 => {
            paper.unplug();
            ms(fastrand::u64(10..250)).await;
            paper.plug()?;
        }
        3 => {
            paper.unplug_after(fastrand::usize(1..900));
            ms(fastrand::u64(100..300)).await;
            paper.unplug_after(usize::MAX); // it may not have come so far
            paper.plug()?;
        }
        4 => {
            paper.set_paper_lines_left(fastrand::u32(1..30));
            ms(fastrand::u64(50..300)).await;
            paper.set_paper(PaperState::Ok);
        }
        5 => {
            paper.set_latency(Duration::from_millis(fastrand::u64(1..120)));
            ms(fastrand::u64(50..300)).await;
            paper.set_latency(Duration::ZERO);
        }
        _ => {
            paper.set_stalled(true);
            ms(fastrand::u64(50..400)).await;
            paper.set_stalled(false);
        }
    }
    Ok(store)
}

/// How often each receipt is on paper: whole (its number and its end), and in traces.
fn on_paper(paper: &SimPrinter) -> BTreeMap<String, (usize, usize)> {
    let mut seen = BTreeMap::<String, (usize, usize)>::new();
    let torn = paper.uncut();
    for (text, cut) in paper.receipts().iter().map(|text| (text, true)).chain([(&torn, false)]) {
        for number in text.lines().filter_map(|line| line.trim().strip_prefix("Receipt ")) {
            let count = seen.entry(number.to_owned()).or_default();
            count.1 += 1;
            count.0 += usize::from(cut && text.contains("Thank you"));
        }
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn no_receipt_is_doubled_or_lost_silently() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let config = SimConfig { line_time: Duration::ZERO, ..SimConfig::default() };
    let paper = SimPrinter::tcp(([127, 0, 0, 1], 0).into(), config)?;
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let mut setup = StoreSetup::default().device("printer-1", &paper.uri().to_string(), "T1");
    setup.listen = Some(format!("127.0.0.1:{port}"));
    let mut store = Store::start(folder.path(), setup)?;
    store.import(CATALOGUE).await?;
    let (wanted, next) = (jobs_wanted(), Arc::new(AtomicUsize::new(0)));
    let over = Arc::new(AtomicBool::new(false));
    let tills: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (client, next) = (Client::clone(&store), next.clone());
            tokio::spawn(async move {
                let mut numbers = Vec::new();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= wanted {
                        return numbers;
                    }
                    while jobs(&client, "queued").await.is_none_or(|all| all.len() > BACKLOG_MAX) {
                        ms(30).await;
                    }
                    numbers.push(sell(&client, &format!("sale-{n}")).await);
                }
            })
        })
        .collect();
    let selling = {
        let over = over.clone();
        tokio::spawn(async move {
            let mut numbers = Vec::new();
            for till in tills {
                numbers.extend(till.await?);
            }
            over.store(true, Ordering::Relaxed);
            anyhow::Ok(numbers)
        })
    };
    while !over.load(Ordering::Relaxed) {
        ms(if wanted > 1_000 { fastrand::u64(500..4_000) } else { fastrand::u64(50..500) }).await;
        store = misfortune(store, &paper).await?;
    }
    let numbers = selling.await??;
    judge(store, &paper, &numbers).await
}

async fn judge(store: Store, paper: &SimPrinter, numbers: &[String]) -> anyhow::Result<()> {
    let ended = until("every job has come to an end", || async {
        let mut waiting = 0;
        for state in ["queued", "probing", "sending", "await_marker"] {
            waiting += jobs(&store, state).await?.len();
        }
        (waiting == 0).then_some(())
    });
    if let Err(error) = ended.await {
        let (jobs, devices) = (store.get("/print-jobs").await?, store.get("/devices").await?);
        anyhow::bail!("{error}: {}\n{}\n{}", jobs.body, devices.body, store.log());
    }
    let mut distinct = numbers.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), numbers.len(), "one receipt a key");
    let (mut states, mut of_sale) = (BTreeMap::<String, usize>::new(), BTreeMap::new());
    for state in ["printed", "failed", "indeterminate"] {
        for job in jobs(&store, state).await.unwrap_or_default() {
            *states.entry(state.to_owned()).or_default() += 1;
            let sale = job["sale_id"].as_str().unwrap_or_default().to_owned();
            assert!(of_sale.insert(sale, state.to_owned()).is_none(), "one job a sale");
        }
    }
    assert_eq!(of_sale.len(), numbers.len(), "no job is lost: {states:?}");
    let seen = on_paper(paper);
    let mut doubtful = 0;
    for (sale, state) in &of_sale {
        let sold = store.get(&format!("/sales/{sale}")).await?.ok()?;
        let number = sold["receipt_number"].as_str().unwrap_or_default();
        let (whole, traces) = seen.get(number).copied().unwrap_or_default();
        match state.as_str() {
            "printed" => assert_eq!((whole, traces), (1, 1), "{number} is said to be printed"),
            "failed" => assert_eq!(traces, 0, "{number} is said not to be on paper"),
            _ => {
                assert!(traces <= 1, "{number} is uncertain, and on paper {traces} times");
                doubtful += 1;
            }
        }
    }
    println!("{} jobs: {states:?}; {doubtful} ask a person", of_sale.len());
    // A command that a cable cut in two is filled up with nothing, which is no command.
    assert!(paper.misunderstandings() <= doubtful, "{}", paper.misunderstandings());
    let mut store = store;
    store.kill();
    let (sound, said) = verify(&store.data())?;
    assert!(sound, "{said}");
    Ok(())
}
