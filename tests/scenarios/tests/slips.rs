//! What card terminals print: the customer's slip, the merchant's, the end of the day; on paper,
//! whatever happens between.

use drivers_contract::PaperState;
use drivers_contract::twin::{Card, PrinterTwin, TerminalTwin, Twin};
use drivers_printer::sim::{SimConfig, SimPrinter};
use drivers_terminal::sim::SimTerminal;
use drivers_terminal::zvt::sim::SimZvt;
use serde_json::{Value, json};
use std::process::Command;
use std::time::{Duration, Instant};
use tests_scenarios::cards::{charge, ends, soup};
use tests_scenarios::{CATALOGUE, eur, milk_sale, verify};
use tests_support::{Client, Feed, Store, StoreSetup, until};

const CUSTOMER: &str = "K-U-N-D-E-N-B-E-L-E-G";
const MERCHANT: &str = "H-Ä-N-D-L-E-R-B-E-L-E-G";

fn printer() -> anyhow::Result<SimPrinter> {
    let config = SimConfig { line_time: Duration::from_millis(1), ..SimConfig::default() };
    Ok(SimPrinter::tcp(([127, 0, 0, 1], 0).into(), config)?)
}

fn setup(terminal: &dyn TerminalTwin, paper: &SimPrinter) -> StoreSetup {
    let (card, paper) = (terminal.uri().to_string(), paper.uri().to_string());
    StoreSetup::default().device("card-1", &card, "T1").device("printer-1", &paper, "T1")
}

/// Waits for papers with these words, and answers with all that hold them.
async fn printed(paper: &SimPrinter, words: &str, count: usize) -> anyhow::Result<Vec<String>> {
    let holding = || async {
        let papers = paper.receipts().into_iter().filter(|text| text.contains(words));
        let papers: Vec<String> = papers.collect();
        (papers.len() >= count).then_some(papers)
    };
    until(&format!("{words} on {count} papers"), holding).await
}

async fn settled(store: &Client, id: &str) -> anyhow::Result<Value> {
    until("the day is ended", || async {
        let list = store.get("/devices/card-1/settlements").await.ok()?.body;
        let rows = list["settlements"].as_array()?;
        rows.iter().find(|row| row["id"] == id && row["state"] == "done").cloned()
    })
    .await
}

/// Over ZVT and over the simulated terminal's line: the customer's slip on the receipt, the
/// merchant's on a paper of its own, and no card number anywhere.
async fn a_card_pays(terminal: &dyn TerminalTwin) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let paper = printer()?;
    terminal.plan(&[Card::Decline, Card::Approve]);
    let store = Store::start(folder.path(), setup(terminal, &paper))?;
    store.import(CATALOGUE).await?;
    let order = soup(&store).await?;
    let refused = charge(&store, &order, json!({})).await?;
    ends(&store, &refused, "declined").await?;
    let refusal = printed(&paper, CUSTOMER, 1).await?.remove(0);
    assert!(refusal.contains("Zahlung nicht möglich"), "{refusal}");
    assert!(!refusal.contains("Corner shop"), "there is no receipt to print it on");

    let card = charge(&store, &order, json!({})).await?;
    ends(&store, &card, "booked").await?;
    let merchants = printed(&paper, MERCHANT, 1).await?.remove(0);
    assert!(merchants.contains("5,50") && !merchants.contains("COPY"), "{merchants}");
    let receipt = printed(&paper, "T1-000001", 1).await?.remove(0);
    for said in ["Tomato soup", CUSTOMER, "EUR 5,50", "*** Zahlung erfolgt ***", "9013"] {
        assert!(receipt.contains(said), "{said} is not on:\n{receipt}");
    }
    assert!(!receipt.contains(MERCHANT), "{receipt}");

    let sales = store.get("/sales").await?.ok()?;
    let sale = sales["sales"][0]["id"].as_str().unwrap_or_default().to_owned();
    store.post(&format!("/sales/{sale}/reprint"), &json!({})).await?.ok()?;
    let copy = printed(&paper, "COPY", 1).await?.remove(0);
    assert!(copy.contains("T1-000001") && copy.contains(CUSTOMER), "{copy}");
    let text = store.get(&format!("/sales/{sale}/receipt")).await?.ok()?;
    assert!(text["text"].as_str().is_some_and(|text| text.contains(CUSTOMER)));
    let looked_at = store.get(&format!("/cards/{card}")).await?.ok()?;
    assert_eq!(looked_at["slips"][0]["kind"], "merchant");
    assert_eq!(looked_at["slips"][1]["kind"], "customer");

    assert!(!store.log().contains("9013"), "no card data in logs");
    let everything = format!("{:?} {looked_at} {text} {}", paper.receipts(), store.log());
    assert!(!everything.contains("5678"), "invariant 10: a card's number was seen");
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_customers_slip_is_on_the_receipt() -> anyhow::Result<()> {
    a_card_pays(&SimTerminal::listen(([127, 0, 0, 1], 0).into())?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_customers_slip_is_on_the_receipt_by_zvt() -> anyhow::Result<()> {
    a_card_pays(&SimZvt::listen(([127, 0, 0, 1], 0).into())?).await
}

/// A shop that keeps the merchant's slips prints one when somebody asks for it; a card that pays a
/// part gets its slip at once, and only once.
#[tokio::test(flavor = "multi_thread")]
async fn a_slip_that_is_kept_is_printed_when_it_is_wanted() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (terminal, paper) = (SimTerminal::listen(([127, 0, 0, 1], 0).into())?, printer()?);
    let setup = setup(&terminal, &paper).table("payments", "merchant_slip = \"keep\"");
    let store = Store::start(folder.path(), setup)?;
    store.import(CATALOGUE).await?;
    let order = soup(&store).await?;
    let part = charge(&store, &order, json!({ "amount": eur(200) })).await?;
    ends(&store, &part, "booked").await?;
    let slip = printed(&paper, CUSTOMER, 1).await?.remove(0);
    assert!(slip.contains("EUR 2,00") && !slip.contains("Corner shop"), "{slip}");
    let rest = charge(&store, &order, json!({})).await?;
    ends(&store, &rest, "booked").await?;
    let receipt = printed(&paper, "T1-000001", 1).await?.remove(0);
    assert!(receipt.contains("EUR 3,50") && !receipt.contains("EUR 2,00"), "{receipt}");
    assert!(!paper.receipts().iter().any(|text| text.contains(MERCHANT)));
    let asked = json!({ "kind": "merchant" });
    store.post(&format!("/cards/{part}/print"), &asked).await?.ok()?;
    let slip = printed(&paper, MERCHANT, 1).await?.remove(0);
    assert!(slip.contains("EUR 2,00") && !slip.contains("COPY"), "{slip}");
    let wrong = json!({ "kind": "administration" });
    let wrong = store.post(&format!("/cards/{part}/print"), &wrong).await?;
    assert_eq!((wrong.status, wrong.code()), (422, "invalid_request"));
    Ok(())
}

/// The verdict is written, the power goes, and the slip is printed in the morning; also where the
/// power went before the verdict was heard.
#[tokio::test(flavor = "multi_thread")]
async fn a_slip_survives_a_power_cut() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (terminal, paper) = (SimZvt::listen(([127, 0, 0, 1], 0).into())?, printer()?);
    terminal.plan(&[Card::Approve, Card::ApproveLate(Duration::from_millis(700))]);
    paper.set_paper(PaperState::Empty);
    let mut store = Store::start(folder.path(), setup(&terminal, &paper))?;
    store.import(CATALOGUE).await?;
    let first = soup(&store).await?;
    let first = charge(&store, &first, json!({})).await?;
    ends(&store, &first, "booked").await?;
    let second = soup(&store).await?;
    let second = charge(&store, &second, json!({})).await?;
    ends(&store, &second, "unknown").await?;
    store.kill();
    assert_eq!(paper.receipts(), Vec::<String>::new());
    paper.set_paper(PaperState::Ok);
    let store = store.restart()?;
    let receipt = printed(&paper, "T1-000001", 1).await?.remove(0);
    assert!(receipt.contains(CUSTOMER) && receipt.contains("TA-Nr. 000001"), "{receipt}");
    ends(&store, &second, "booked").await?;
    let receipt = printed(&paper, "T1-000002", 1).await?.remove(0);
    assert!(receipt.contains(CUSTOMER) && receipt.contains("TA-Nr. 000002"), "{receipt}");
    printed(&paper, MERCHANT, 2).await?;
    let papers = paper.receipts();
    let of = |words: &str| papers.iter().filter(|text| text.contains(words)).count();
    assert_eq!((of(CUSTOMER), of(MERCHANT)), (2, 2), "each once: {papers:?}");
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}

/// The day is ended from a shell, over ZVT; the store's paper and the shell say the same.
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_day_is_on_paper() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (terminal, paper) = (SimZvt::listen(([127, 0, 0, 1], 0).into())?, printer()?);
    let store = Store::start(folder.path(), setup(&terminal, &paper))?;
    store.import(CATALOGUE).await?;
    let order = soup(&store).await?;
    let card = charge(&store, &order, json!({})).await?;
    ends(&store, &card, "booked").await?;
    let config = folder.path().join("edge.toml");
    let settle = |id: &str, session: &str| {
        let address = store.url.trim_start_matches("http://").to_owned();
        let mut command = Command::new(tests_support::binary("outpost")?);
        command.args(["device", "settle", id, "--config"]).arg(&config);
        command.env("OUTPOST_HTTP__LISTEN", address).env("OUTPOST_SESSION", session);
        tokio::task::block_in_place(|| command.output()).map_err(anyhow::Error::from)
    };
    let done = settle("card-1", "")?;
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success() && said.contains("Gesamt EUR 5,50"), "{said}");
    let slip = printed(&paper, "KASSENSCHNITT", 1).await?.remove(0);
    assert!(slip.contains("Anzahl 1") && slip.contains("Gesamt EUR 5,50"), "{slip}");
    assert_eq!(terminal.batches(), 1);
    let wrong = settle("printer-1", "")?;
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(!wrong.status.success() && said.contains("no card terminal printer-1"), "{said}");

    // Once somebody works here, the shell has to say who it is.
    let mia = json!({ "name": "Mia", "role": "manager", "pin": "1111" });
    let mia = store.post("/staff", &mia).await?.ok()?;
    let refused = settle("card-1", "")?;
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.to_lowercase().contains("sign in"), "{said}");
    let session = json!({ "staff": mia["id"], "pin": "1111", "terminal": "T1" });
    let session = store.post("/sessions", &session).await?.ok()?;
    let done = settle("card-1", session["token"].as_str().unwrap_or_default())?;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(terminal.batches(), 2);
    Ok(())
}

/// A terminal that takes its time holds up no cash; asked twice it ends its day once; and a power
/// cut in the middle forgets nothing.
#[tokio::test(flavor = "multi_thread")]
async fn cash_goes_on_while_the_terminal_ends_its_day() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (terminal, paper) = (SimTerminal::listen(([127, 0, 0, 1], 0).into())?, printer()?);
    let slow = Duration::from_millis(1_500);
    terminal.set_slow(slow);
    let mut store = Store::start(folder.path(), setup(&terminal, &paper))?;
    store.import(CATALOGUE).await?;
    let mut feed = Feed::open(&store.url, "devices", None).await?;
    let path = "/devices/card-1/settle";
    let asked = store.post_as(path, "tonight", &json!({})).await?.ok()?;
    let id = asked["id"].as_str().unwrap_or_default().to_owned();
    let again = store.post_as(path, "tonight", &json!({})).await?.ok()?;
    let other = store.post(path, &json!({})).await?.ok()?;
    assert_eq!((&again["id"], &other["id"]), (&asked["id"], &asked["id"]));
    let begun = Instant::now();
    store.post("/sales", &milk_sale(1)).await?.ok()?;
    assert!(begun.elapsed() < slow, "the sale waited for the terminal");
    // The feed tells of each step, with the state as it is when it is told.
    while feed.next("settlement_changed").await?["data"]["settlement"]["state"] != "done" {}
    settled(&store, &id).await?;
    printed(&paper, "KASSENSCHNITT", 1).await?;
    assert_eq!(terminal.batches(), 1);

    let asked = store.post(path, &json!({})).await?.ok()?;
    let id = asked["id"].as_str().unwrap_or_default().to_owned();
    until("the terminal is at it", || async {
        let list = store.get("/devices/card-1/settlements").await.ok()?.body;
        (list["settlements"][0]["state"] == "running").then_some(())
    })
    .await?;
    store.kill();
    let store = store.restart()?;
    let row = settled(&store, &id).await?;
    assert!(row["reason"].as_str().is_some_and(|why| why.contains("restarted")), "{row}");
    printed(&paper, "KASSENSCHNITT", 2).await?;
    Ok(())
}

/// The drawer is counted, and the till's terminal ends its day with the Z report.
#[tokio::test(flavor = "multi_thread")]
async fn the_z_report_ends_the_terminals_day_too() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (terminal, paper) = (SimTerminal::listen(([127, 0, 0, 1], 0).into())?, printer()?);
    let setup = setup(&terminal, &paper).table("payments", "settle = \"z_report\"");
    let store = Store::start(folder.path(), setup)?;
    store.import(CATALOGUE).await?;
    let float = json!({ "terminal": "T1", "float": eur(10_000) });
    let shift = store.post("/shifts", &float).await?.ok()?;
    let order = soup(&store).await?;
    let card = charge(&store, &order, json!({})).await?;
    ends(&store, &card, "booked").await?;
    assert_eq!(terminal.batches(), 0);
    let close = format!("/shifts/{}/close", shift["id"].as_str().unwrap_or_default());
    store.post(&close, &json!({ "counted": { "cash": eur(10_000) } })).await?.ok()?;
    let slip = printed(&paper, "KASSENSCHNITT", 1).await?.remove(0);
    assert!(slip.contains("Gesamt EUR 5,50"), "{slip}");
    assert_eq!(terminal.batches(), 1);
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}
