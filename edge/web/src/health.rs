//! Probes: alive is the process, ready is a ledger that takes sales.

use crate::Api;
use crate::problem::Problem;
use axum::extract::State;

pub(crate) async fn live() -> &'static str {
    "ok\n"
}

/// Ready depends on the ledger alone: no headquarters, printer or scanner may block a sale
/// (DESIGN.md, invariant 7).
pub(crate) async fn ready(State(api): State<Api>) -> Result<&'static str, Problem> {
    let probe = api.shop.run(None, |desk| Ok(desk.tx.set_meta("probe", b"")?));
    probe.answer().await?;
    Ok("ok\n")
}
