//! Events of the gate.

use super::time;
use edge_ledger::gate::{GateEvent as Row, GateTag};
use serde::Serialize;
use utoipa::ToSchema;

/// Something that the gate decided, or that its reader did.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GateEvent {
    /// Its id.
    pub id: String,
    /// Its place: for `before`.
    pub seq: u64,
    /// The gate: the reader's station.
    pub gate: String,
    /// `alarm` (something left that was not paid for), `reader_silent` (nothing is seen until
    /// `reader_back`), `reader_back`.
    pub kind: String,
    /// When.
    pub at: String,
    /// The reader.
    pub device: String,
    /// The tag's memory, hexadecimal.
    pub epc: Option<String>,
    /// The same as a URI.
    pub epc_uri: Option<String>,
    /// The trade item number.
    pub gtin: Option<String>,
    /// The serial number.
    pub serial: Option<String>,
    /// The item.
    pub sku: Option<String>,
    /// Its name then.
    pub name: Option<String>,
    /// What it was decided by: of each side reads, strength in hundredths of dBm and times in
    /// milliseconds since the tag was first read; how much it moved. For a reader, its fault.
    #[schema(value_type = Option<Object>)]
    pub evidence: Option<serde_json::Value>,
}

impl From<&Row> for GateEvent {
    fn from(row: &Row) -> Self {
        let tag = row.tag.as_ref();
        let of = |field: fn(&GateTag) -> String| tag.map(field);
        Self {
            id: row.id.to_string(),
            seq: row.seq,
            gate: row.gate.clone(),
            kind: row.kind.clone(),
            at: time(row.at),
            device: row.device.clone(),
            epc: of(|tag| tag.epc.clone()),
            epc_uri: of(|tag| tag.epc_uri.clone()),
            gtin: of(|tag| tag.gtin.to_string()),
            serial: of(|tag| tag.serial.clone()),
            sku: of(|tag| tag.sku.clone()),
            name: of(|tag| tag.name.clone()),
            evidence: row.evidence.as_ref().and_then(|text| serde_json::from_str(text).ok()),
        }
    }
}
