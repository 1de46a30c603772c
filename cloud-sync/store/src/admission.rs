//! Who is let in. The code is for machines, the text says what a person has to do.

use crate::backend::Store;
use crate::error::StoreError;
use crate::model::{Quarantine, StoreRow};
use cloud_sync_protocol::entry::ChainHead;
use cloud_sync_protocol::message::{Hello, Presence};
use cloud_sync_protocol::session::hq::Refusal;
use edge_domain::ids::StoreId;
use edge_domain::time::StoreTime;

/// Looks a store up that says hello. In order of precedence: `unknown_store`, `revoked`,
/// `quarantined`, `old_epoch`, `rolled_back`. A store whose journal ends where headquarters'
/// copy ends, but otherwise, is set aside.
///
/// # Errors
/// The outer one where the database fails; the inner one is the refusal.
pub fn admit(
    store: &dyn Store,
    hello: &Hello,
    now: StoreTime,
) -> Result<Result<ChainHead, Refusal>, StoreError> {
    let id = StoreId::new(hello.store);
    let Some(row) = store.store(id)? else { return Ok(Err(unknown(id))) };
    if let Some(refusal) = barred(&row) {
        return Ok(Err(refusal));
    }
    if let Some(refusal) = stale(&row, hello) {
        return Ok(Err(refusal));
    }
    if hello.head.seq == row.acked.seq && hello.head.hash != row.acked.hash {
        let why = Quarantine {
            code: "equivocation".into(),
            reason: format!("its entry {} is another one than it sent before", hello.head.seq),
        };
        tracing::error!(store = %id, code = why.code, reason = why.reason, "store set aside");
        store.quarantine(id, &why)?;
        return Ok(Err(quarantined(&row.name, &why)));
    }
    let how = Presence { head: hello.head, clock_ms: now.as_millis(), ..Presence::default() };
    store.seen(id, &how, now)?;
    Ok(Ok(row.acked))
}

/// Why a store's row shuts it out, if it does: asked at each request, so that revocation is
/// immediate.
#[must_use]
pub fn barred(row: &StoreRow) -> Option<Refusal> {
    if row.revoked_at.is_some() {
        return Some(refusal(
            "revoked",
            format!(
                "{} was shut out by headquarters. It keeps selling and keeps its sales. Ask \
                 headquarters; to come back, the box has to be enrolled again.",
                row.name
            ),
        ));
    }
    row.quarantine.as_ref().map(|why| quarantined(&row.name, why))
}

/// The refusal of an id without a row.
pub(crate) fn unknown(id: StoreId) -> Refusal {
    let message = format!(
        "Headquarters does not know the store {id}. Check the address of headquarters, or add \
         the store there with `outpost-hq store add`."
    );
    refusal("unknown_store", message)
}

/// The refusal of a store that was set aside.
pub(crate) fn quarantined(name: &str, why: &Quarantine) -> Refusal {
    let message = format!(
        "{name} was set aside: {} ({}). It keeps selling and keeps its sales. Compare the box \
         with headquarters, then lift it with `outpost-hq store release`.",
        why.reason, why.code
    );
    refusal("quarantined", message)
}

fn stale(row: &StoreRow, hello: &Hello) -> Option<Refusal> {
    let (epoch, issued, name) = (hello.epoch, row.epoch, &row.name);
    if epoch < issued {
        let message = format!(
            "This box is life {epoch} of {name}, but life {issued} was issued since: it is a \
             copy or was replaced. Switch it off, or enrol it again."
        );
        return Some(refusal("old_epoch", message));
    }
    if epoch > issued {
        let message = format!(
            "This box is life {epoch} of {name}, but headquarters has only issued {issued}. \
             Enrol it again; if headquarters was restored from a backup, say so to support."
        );
        return Some(refusal("old_epoch", message));
    }
    if hello.head.seq < row.acked.seq {
        let message = format!(
            "The journal of {name} ends at entry {}, but headquarters holds {}: the box was \
             restored from an older copy. Restore it from headquarters, then enrol it again.",
            hello.head.seq, row.acked.seq
        );
        return Some(refusal("rolled_back", message));
    }
    None
}

fn refusal(code: &str, message: String) -> Refusal {
    Refusal { code: code.into(), message }
}
