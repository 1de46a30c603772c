//! Money goes back to a card: taken back or given back by the terminal, once, whatever happens; and
//! given in another way where the card does not get it.

use drivers_contract::twin::{Card, PrinterTwin, TerminalTwin, Twin};
use drivers_printer::sim::{SimConfig, SimPrinter};
use drivers_terminal::sim::SimTerminal;
use drivers_terminal::zvt::sim::SimZvt;
use serde_json::{Value, json};
use std::time::Duration;
use tests_scenarios::cards::{charge, ends, soup};
use tests_scenarios::{CATALOGUE, eur, verify};
use tests_support::{Client, Store, StoreSetup, until};

const CUSTOMER: &str = "K-U-N-D-E-N-B-E-L-E-G";

fn zvt() -> anyhow::Result<SimZvt> {
    Ok(SimZvt::listen(([127, 0, 0, 1], 0).into())?)
}

fn setup(terminal: &dyn TerminalTwin) -> StoreSetup {
    StoreSetup::default().device("card-1", &terminal.uri().to_string(), "T1")
}

async fn opened(folder: &std::path::Path, setup: StoreSetup) -> anyhow::Result<Store> {
    let store = Store::start(folder, setup)?;
    store.import(CATALOGUE).await?;
    Ok(store)
}

/// A soup is paid by card; answers with its sale.
async fn sold(store: &Client) -> anyhow::Result<String> {
    let order = soup(store).await?;
    let card = charge(store, &order, json!({})).await?;
    ends(store, &card, "booked").await?;
    let sales = store.get("/sales").await?.ok()?;
    Ok(sales["sales"][0]["id"].as_str().unwrap_or_default().to_owned())
}

/// The soup comes back; answers with the refund's id and the return.
async fn back(store: &Client, sale: &str) -> anyhow::Result<(String, Value)> {
    let back = json!({ "terminal": "T1", "sale_id": sale, "reason": "cold" });
    let back = store.post("/returns", &back).await?.ok()?;
    assert_eq!((&back["total"], &back["payments"][0]["method"]), (&eur(-550), &json!("card")));
    Ok((back["payments"][0]["id"].as_str().unwrap_or_default().to_owned(), back))
}

fn holds(store: &Store) -> anyhow::Result<()> {
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}

/// What a terminal charged, how often, and how often it took back.
fn told(terminal: &dyn TerminalTwin) -> (i64, usize, usize) {
    (terminal.charged(), terminal.charges(), terminal.taken_back())
}

async fn the_same_day_and_the_next(terminal: &dyn TerminalTwin) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let config = SimConfig { line_time: Duration::from_millis(1), ..SimConfig::default() };
    let paper = SimPrinter::tcp(([127, 0, 0, 1], 0).into(), config)?;
    let setup = setup(terminal).device("printer-1", &paper.uri().to_string(), "T1");
    let store = opened(folder.path(), setup).await?;
    let (first, second) = (sold(&store).await?, sold(&store).await?);
    assert_eq!(told(terminal), (1_100, 2, 0));

    let (refund, given) = back(&store, &first).await?;
    let done = ends(&store, &refund, "booked").await?;
    assert_eq!((&done["amount"], &done["sale_id"]), (&eur(-550), &given["id"]));
    assert_eq!(done["order_id"], Value::Null);
    assert_eq!(told(terminal), (550, 2, 1), "taken back");
    let slip = slip(&paper, "Storno").await?;
    assert!(slip.contains("EUR 5,50") && !slip.contains("Corner shop"), "{slip}");

    let path = "/devices/card-1/settle";
    store.post(path, &json!({})).await?.ok()?;
    slip_of_day(&paper).await?;
    let (refund, _) = back(&store, &second).await?;
    ends(&store, &refund, "booked").await?;
    assert_eq!(told(terminal), (0, 3, 1), "given back");
    self::slip(&paper, "Gutschrift").await?;
    let customers = paper.receipts().into_iter().filter(|text| text.contains(CUSTOMER)).count();
    assert_eq!(customers, 4, "two on receipts, two of refunds, each once");
    let open = store.get("/cards").await?.ok()?;
    assert_eq!(open["charges"], json!([]), "nobody has to look at it");
    holds(&store)
}

/// The customer's slip of a refund.
async fn slip(paper: &SimPrinter, what: &str) -> anyhow::Result<String> {
    until(&format!("a slip of a {what}"), || async {
        paper.receipts().into_iter().find(|text| text.contains(what) && text.contains(CUSTOMER))
    })
    .await
}

async fn slip_of_day(paper: &SimPrinter) -> anyhow::Result<String> {
    until("the day is ended", || async {
        paper.receipts().into_iter().find(|text| text.contains("KASSENSCHNITT"))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_is_a_reversal_on_its_day_and_a_refund_after_it() -> anyhow::Result<()> {
    the_same_day_and_the_next(&zvt()?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_simulated_terminal_refunds_alike() -> anyhow::Result<()> {
    the_same_day_and_the_next(&SimTerminal::listen(([127, 0, 0, 1], 0).into())?).await
}

/// A part of what was paid cannot be taken back: it is given back.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_is_given_back_and_a_till_without_a_terminal_does_it_by_hand() -> anyhow::Result<()>
{
    let folder = tempfile::tempdir()?;
    let terminal = zvt()?;
    let store = opened(folder.path(), setup(&terminal)).await?;
    let sale = sold(&store).await?;
    let pay = |amount: i64| {
        json!([{ "method": "card", "amount": eur(amount) },
        { "method": "cash", "tendered": eur(550 - amount) }])
    };
    let part = json!({ "terminal": "T1", "sale_id": sale, "reason": "cold",
        "payments": pay(200) });
    let part = store.post("/returns", &part).await?.ok()?;
    let refund = part["payments"][0]["id"].as_str().unwrap_or_default();
    ends(&store, refund, "booked").await?;
    assert_eq!(told(&terminal), (350, 2, 0));

    let sale = sold(&store).await?;
    let by_hand = json!({ "terminal": "T2", "sale_id": sale, "reason": "cold" });
    let by_hand = store.post("/returns", &by_hand).await?.ok()?;
    assert_eq!(by_hand["payments"][0]["method"], "card");
    let id = by_hand["payments"][0]["id"].as_str().unwrap_or_default();
    assert_eq!(store.get(&format!("/cards/{id}")).await?.code(), "unknown_card_charge");
    assert_eq!(told(&terminal), (900, 3, 0));
    holds(&store)
}

/// The answer is lost, the line dies before, the power goes while the terminal is at it: what went
/// back went back once, and what did not is owed.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_dies_meanwhile_it_goes_back_once() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let terminal = zvt()?;
    let mut store = opened(folder.path(), setup(&terminal)).await?;
    let mut sales = Vec::new();
    for _ in 0..3 {
        sales.push(sold(&store).await?);
    }
    let late = Card::ApproveLate(Duration::from_millis(1_500));
    terminal.plan(&[Card::ApproveSilently, Card::HangUp, Card::Approve, late]);
    let (silent, _) = back(&store, &sales[0]).await?;
    ends(&store, &silent, "booked").await?;
    assert_eq!(told(&terminal), (1_100, 3, 1));

    let (dead, _) = back(&store, &sales[1]).await?;
    let owed = ends(&store, &dead, "owed").await?;
    assert!(owed["reason"].as_str().is_some_and(|why| why.contains("nothing went back")), "{owed}");
    assert_eq!(told(&terminal), (1_100, 3, 1));
    let path = format!("/cards/{dead}/again");
    let again = store.post_as(&path, "again", &json!({})).await?.ok()?;
    let twice = store.post_as(&path, "again", &json!({})).await?.ok()?;
    assert_eq!(twice["id"], again["id"]);
    ends(&store, again["id"].as_str().unwrap_or_default(), "booked").await?;
    assert_eq!(told(&terminal), (550, 3, 2));
    assert_eq!(store.post(&path, &json!({})).await?.code(), "card_charge_settled");

    let (slow, _) = back(&store, &sales[2]).await?;
    ends(&store, &slow, "unknown").await?;
    let give = json!({ "method": "cash" });
    let give = store.post(&format!("/cards/{slow}/give"), &give).await?;
    assert_eq!((give.status, give.code()), (409, "card_charge_settled"), "perhaps it went back");
    store.kill();
    let store = store.restart()?;
    ends(&store, &slow, "booked").await?;
    assert_eq!(told(&terminal), (0, 3, 3));
    holds(&store)
}

/// The power goes right after the return is booked, and again and again: the terminal is asked for
/// each refund once.
#[tokio::test(flavor = "multi_thread")]
async fn kills_in_the_middle_of_refunds_double_and_lose_nothing() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let terminal = zvt()?;
    let mut store = opened(folder.path(), setup(&terminal)).await?;
    for round in 1..=6_u64 {
        let sale = sold(&store).await?;
        let (mut refund, _) = back(&store, &sale).await?;
        tokio::time::sleep(Duration::from_millis(round * 17 % 60)).await;
        store.kill();
        store = store.restart()?;
        let end = until("its end is known", || async {
            let card = store.get(&format!("/cards/{refund}")).await.ok()?.body;
            let state = card["state"].as_str()?.to_owned();
            ["booked", "owed"].contains(&state.as_str()).then_some(state)
        })
        .await?;
        // It was on its way when the power went, and the terminal had not begun.
        if end == "owed" {
            let again = store.post(&format!("/cards/{refund}/again"), &json!({})).await?.ok()?;
            again["id"].as_str().unwrap_or_default().clone_into(&mut refund);
            ends(&store, &refund, "booked").await?;
        }
        let rounds = usize::try_from(round)?;
        assert_eq!(told(&terminal), (0, rounds, rounds), "in round {round}");
    }
    holds(&store)
}

/// The card is refused: the cashier gives cash, the drawer's count is right, the books say so.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_card_does_not_get_is_given_in_cash() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let terminal = zvt()?;
    let store = opened(folder.path(), setup(&terminal)).await?;
    let shift = json!({ "terminal": "T1", "float": eur(10_000) });
    let shift = store.post("/shifts", &shift).await?.ok()?;
    let (first, second) = (sold(&store).await?, sold(&store).await?);
    terminal.plan(&[Card::Decline, Card::TimeOut]);
    let (refused, _) = back(&store, &first).await?;
    let owed = ends(&store, &refused, "owed").await?;
    assert_eq!(owed["reason"], "The bank declined the card.");
    let open = store.get("/cards").await?.ok()?;
    assert_eq!(open["charges"][0]["id"], json!(refused), "somebody has to look at it");

    let path = format!("/cards/{refused}/give");
    let card = store.post(&path, &json!({ "method": "card" })).await?;
    assert_eq!((card.status, card.code()), (422, "invalid_request"));
    let cash = json!({ "method": "cash" });
    let given = store.post_as(&path, "give", &cash).await?.ok()?;
    assert_eq!(
        (&given["state"], &given["reason"]),
        (&json!("cancelled"), &json!("Given as cash."))
    );
    assert_eq!(store.post_as(&path, "give", &cash).await?.ok()?["id"], json!(refused));
    assert_eq!(store.post(&path, &cash).await?.code(), "card_charge_settled", "once");

    let (refused, _) = back(&store, &second).await?;
    ends(&store, &refused, "owed").await?;
    let voucher = json!({ "method": "voucher", "reference": "V-1" });
    store.post(&format!("/cards/{refused}/give"), &voucher).await?.ok()?;
    let value = store.get("/stored-value/voucher/V-1").await?.ok()?;
    assert_eq!(value["balance"], eur(550), "{value}");

    assert_eq!(told(&terminal), (1_100, 2, 0), "the cards paid");
    let report = store.get("/reports/sales?group_by=tender").await?.ok()?;
    for (name, amount) in [("card", 1_100), ("cash", -550), ("voucher", -550)] {
        let rows = report["rows"].as_array().cloned().unwrap_or_default();
        let row = rows.into_iter().find(|row| row["key"] == name);
        assert_eq!(row.map(|row| row["amount"].clone()), Some(json!(amount)), "{name}: {report}");
    }
    assert_eq!(report["reconciles"], true);
    let close = format!("/shifts/{}/close", shift["id"].as_str().unwrap_or_default());
    let counted = json!({ "counted": { "cash": eur(10_000 - 550) } });
    let z = store.post(&close, &counted).await?.ok()?;
    assert_eq!((&z["counted"]["over_short"], &z["cash_expected"]), (&eur(0), &eur(9_450)));
    holds(&store)
}
