//! One file per group of endpoints; each gives its own routes.

pub mod attention;
pub mod bills;
pub mod counts;
pub mod devices;
pub mod items;
pub mod kitchen;
pub mod orders;
pub mod print;
pub mod promotions;
pub mod reconcile;
pub mod reservations;
pub mod returns;
pub mod rights;
pub mod sales;
pub mod stock;
pub mod store;
pub mod transfers;

use crate::Api;
use crate::problem::Problem;
use edge_app::{Desk, ShopError};
use edge_ledger::Command;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Instant;
use utoipa_axum::router::OpenApiRouter;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .merge(store::routes())
        .merge(items::routes())
        .merge(orders::routes())
        .merge(bills::routes())
        .merge(sales::routes())
        .merge(returns::routes())
        .merge(print::routes())
        .merge(promotions::routes())
        .merge(devices::routes())
        .merge(kitchen::routes())
        .merge(stock::routes())
        .merge(attention::routes())
        .merge(transfers::routes())
        .merge(counts::routes())
        .merge(reservations::routes())
        .merge(reconcile::routes())
        .merge(rights::routes())
}

impl Api {
    /// Serves a command and observes how long it took to be durable.
    pub(crate) async fn run<T>(
        &self,
        identity: Option<Command>,
        verb: impl FnOnce(&mut Desk<'_, '_>) -> Result<T, ShopError> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let begun = Instant::now();
        let outcome = self.shop.run(identity, verb).answer().await;
        self.metrics.commit.observe(begun.elapsed().as_secs_f64());
        Ok(outcome?.answer)
    }
}
