//! Promises whose time is over are written down. They count no more since their own time, so
//! nothing waits for this: it keeps the list of those that are held short, and tells the journal.

use edge_app::{Shop, ShopError, expire_reservations};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

/// How often to look.
const PERIOD: Duration = Duration::from_secs(1);
/// How many at once: a few milliseconds of the ledger, between two sales.
const BATCH: u32 = 100;

/// Sweeps on a period until told to stop. Running it twice, or after a crash, changes nothing.
pub(crate) async fn sweep(shop: Shop, mut stopped: watch::Receiver<bool>) {
    let mut period = tokio::time::interval(PERIOD);
    period.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = stopped.changed() => return,
            _ = period.tick() => {}
        }
        if let Err(error) = once(&shop).await {
            tracing::warn!(%error, "promises that are over were not written down; again soon");
        }
    }
}

async fn once(shop: &Shop) -> Result<(), ShopError> {
    while overdue(shop).await? {
        shop.run(None, |desk| expire_reservations(desk, BATCH)).answer().await?;
    }
    Ok(())
}

/// Looks first: a shop without promises writes nothing.
async fn overdue(shop: &Shop) -> Result<bool, ShopError> {
    let shop = shop.clone();
    let now = shop.ledger().settings().clock.now();
    let read = move || shop.read(|view| Ok(!view.overdue_reservations(now, 1)?.is_empty()));
    tokio::task::spawn_blocking(read).await.unwrap_or(Ok(false))
}
