//! One file per group of endpoints; each gives its own routes.

pub mod attention;
pub mod bills;
pub mod cards;
pub mod count_tags;
pub mod counts;
pub mod customers;
pub mod devices;
pub mod gate;
pub mod items;
pub mod kitchen;
pub mod labels;
pub mod orders;
pub mod payments;
pub mod print;
pub mod promotions;
pub mod reconcile;
pub mod reports;
pub mod reservations;
pub mod returns;
pub mod rights;
pub mod sales;
pub mod scales;
pub mod shifts;
pub mod staff;
pub mod stock;
pub mod store;
pub mod transfers;

use crate::Api;
use crate::post::Identity;
use crate::problem::Problem;
use edge_app::{Desk, ShopError};
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
        .merge(cards::routes())
        .merge(sales::routes())
        .merge(returns::routes())
        .merge(print::routes())
        .merge(labels::routes())
        .merge(promotions::routes())
        .merge(devices::routes())
        .merge(scales::routes())
        .merge(gate::routes())
        .merge(kitchen::routes())
        .merge(stock::routes())
        .merge(attention::routes())
        .merge(transfers::routes())
        .merge(counts::routes())
        .merge(count_tags::routes())
        .merge(customers::routes())
        .merge(reservations::routes())
        .merge(reconcile::routes())
        .merge(staff::routes())
        .merge(shifts::routes())
        .merge(reports::routes())
        .merge(rights::routes())
}

impl Api {
    /// Serves a command of whoever sends it, and observes how long it took to be durable.
    pub(crate) async fn run<T>(
        &self,
        identity: Identity,
        verb: impl FnOnce(&mut Desk<'_, '_>) -> Result<T, ShopError> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let begun = Instant::now();
        let outcome = self.shop.run_for(identity.caller, identity.command, verb).answer().await;
        self.metrics.commit.observe(begun.elapsed().as_secs_f64());
        Ok(outcome?.answer)
    }
}
