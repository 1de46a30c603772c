//! `make demo`: a newcomer sees one sale cross the whole appliance, and can go on selling.
//!
//! **What it is.** Headquarters, a store, a simulated scanner on a pseudo-terminal, simulated
//! receipt and kitchen printers on TCP, what the store plays itself, and a kitchen screen on the
//! live feed; then a first sale, from serial bytes to a figure on headquarters' dashboard.
//! Everything but the hardware is real.
//!
//! **Where to start reading.** `first_sale` in `story`.

mod counter;
mod story;

use clap::Parser;
use drivers_contract::twin::Twin;
use drivers_printer::sim::{SimConfig, SimPrinter};
use drivers_scanner::sim::SimScanner;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;
use tests_support::{Headquarters, Store, StoreSetup};

const CATALOGUE: &str = include_str!("../catalogue.csv");
const STORE: &str = "01900000-0000-7000-8000-00000000c0de";

#[derive(Parser)]
#[command(about = "A shop and headquarters on this machine, with a first sale")]
struct Cli {
    /// End after the sale has arrived at headquarters
    #[arg(long)]
    once: bool,
    /// Write the addresses to this file as shell variables, for browser tests
    #[arg(long)]
    urls: Option<PathBuf>,
    /// The language of paper and screens
    #[arg(long, default_value = "en")]
    locale: String,
}

/// Everything that the demo runs.
struct Demo {
    hq: Headquarters,
    store: Store,
    scanner: SimScanner,
    paper: SimPrinter,
    kitchen: SimPrinter,
    counter: counter::Counter,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let folder = tempfile::Builder::new().prefix("outpost-demo-").tempdir()?;
    let demo = start(&folder, &cli).await?;
    story::first_sale(&demo).await?;
    if let Some(path) = &cli.urls {
        let (store, hq) = (&demo.store.url, &demo.hq.url);
        let hands = |class: &str| demo.counter.socket(class).display().to_string();
        let lines = [
            ("OUTPOST_STORE_URL", store),
            ("OUTPOST_HQ_URL", hq),
            ("OUTPOST_GATE_HANDS", &hands("rfid")),
            ("OUTPOST_CARD_HANDS", &hands("zvt")),
        ];
        let text: String = lines.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        std::fs::write(path, text)?;
    }
    if !cli.once {
        addresses(&demo);
        let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = term.recv() => {}
        }
        println!("\nClosing the shop.");
    }
    Ok(())
}

/// The usual address if it is free, any other if not.
fn address(usual: u16) -> anyhow::Result<SocketAddr> {
    let usual = SocketAddr::from(([127, 0, 0, 1], usual));
    let bound = TcpListener::bind(usual).or_else(|_| TcpListener::bind("127.0.0.1:0"));
    Ok(bound?.local_addr()?)
}

async fn start(folder: &tempfile::TempDir, cli: &Cli) -> anyhow::Result<Demo> {
    let path = folder.path();
    println!("Starting headquarters...");
    let (listen, sync) = (address(8090)?.to_string(), address(8443)?.to_string());
    let hq = Headquarters::start_at(&path.join("hq"), &listen, &sync)?;
    let enrolled = hq.enrol(STORE, "Corner Shop & Café")?;
    println!("Plugging in a scanner and two printers (simulated, over their real protocols)...");
    let scanner = SimScanner::pty(path.join("scanner"), 9_600)?;
    let printer = |name: &str| {
        let directory = Some(path.join(name));
        let config =
            SimConfig { directory, line_time: Duration::from_millis(5), ..SimConfig::default() };
        SimPrinter::tcp(([127, 0, 0, 1], 0).into(), config)
    };
    let (paper, kitchen) = (printer("receipts")?, printer("kitchen")?);
    println!(
        "The store plays a scale, a display, a card terminal, a label printer and a gate itself (sim://)."
    );
    let counter = counter::Counter::new(path);
    println!("Starting the store...");
    let setup = StoreSetup {
        listen: Some(address(8080)?.to_string()),
        locale: Some(cli.locale.clone()),
        ..StoreSetup::default()
    };
    let setup = setup
        .hq(enrolled)
        .device("scanner-1", &scanner.uri().to_string(), "T1")
        .device("printer-1", &paper.uri().to_string(), "T1")
        .device("kitchen-1", &kitchen.uri().to_string(), "kitchen");
    let store = Store::start(&path.join("store"), counter.plug_in(setup))?;
    let imported = store.import(CATALOGUE).await?;
    println!("Loaded the sample catalogue: {} items.", imported["accepted"]);
    anyhow::ensure!(
        imported["quarantined"].as_array().is_some_and(Vec::is_empty),
        "bad rows in the catalogue: {}",
        imported["quarantined"]
    );
    Ok(Demo { hq, store, scanner, paper, kitchen, counter })
}

fn addresses(demo: &Demo) {
    let (store, hq) = (&demo.store.url, &demo.hq.url);
    println!("\nOpen in a browser:");
    println!("  the till              {store}/pos/?terminal=T1");
    println!("  the kitchen           {store}/kitchen/?station=kitchen");
    println!("  the bar               {store}/kitchen/?station=bar");
    println!("  the gate              {store}/gate/?gate=gate1");
    println!("  headquarters          {hq}/dashboard/");
    println!("  the API               {store}/api/v1/openapi.json");
    println!("Hands on the simulated devices: outpost device hands {}", demo.counter.sockets());
    println!("Tap items on the till, or type a barcode into its search. Ctrl-C closes the shop.");
}
