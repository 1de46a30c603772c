//! Which documents there are, and whose each is.

use crate::document::{DocError, Document, kind_of};
use crate::{catalogue, customer, order, promotion, rights, staff};
use edge_domain::OrderId;

/// Whose a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole tenant's: every store has a copy.
    Tenant,
    /// One store's.
    Store,
}

/// Whose the document of a name is; None for a name that no document of the house has, so that
/// nobody fills a database with others.
#[must_use]
pub fn scope_of(name: &str) -> Option<Scope> {
    let rest = name.split_once('/')?.1;
    match kind_of(name) {
        "catalogue" => {
            let shard: u32 = rest.parse().ok().filter(|shard| *shard < catalogue::SHARDS)?;
            (format!("{shard:02}") == rest).then_some(Scope::Tenant)
        }
        "customers" => {
            let shard: u32 = rest.parse().ok().filter(|shard| *shard < customer::SHARDS)?;
            (format!("{shard:02}") == rest).then_some(Scope::Tenant)
        }
        "rights" => {
            let shard: u32 = rest.parse().ok().filter(|shard| *shard < rights::SHARDS)?;
            (format!("{shard:02}") == rest).then_some(Scope::Tenant)
        }
        "staff" => (rest == "all").then_some(Scope::Store),
        "promotions" => (name == promotion::NAME).then_some(Scope::Tenant),
        "order" => {
            let id: OrderId = rest.parse().ok()?;
            (id.to_string() == rest).then_some(Scope::Store)
        }
        _ => None,
    }
}

/// Whether a document can be read as what its name says.
///
/// # Errors
/// What is wrong with it.
pub fn check(name: &str, document: &Document) -> Result<(), DocError> {
    match kind_of(name) {
        "catalogue" => catalogue::entries(document).map(drop),
        "customers" => customer::read(document).map(drop),
        "order" => order::read(document).map(drop),
        "promotions" => promotion::read(document).map(drop),
        "rights" => rights::all(document).map(drop),
        "staff" => staff::read(document).map(drop),
        other => Err(DocError::UnknownKind(other.to_owned())),
    }
}
