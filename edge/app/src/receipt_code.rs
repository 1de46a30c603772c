//! The code on a receipt: enough for a box that has never seen the sale to know that this store
//! made it, what was on it, and where it stands in the journal.
//!
//! `OP1.` + base64url (RFC 4648, section 5, without padding) of the claim (JSON) + `.` +
//! base64url of its Ed25519 signature (RFC 8032) by the store's device key. The claim names the
//! entry's hash, so that the receipt also proves a place in the hash chain.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use edge_domain::ids::StoreId;
use edge_domain::order::Line;
use edge_domain::{LineId, SaleId, StoreTime};
use edge_ledger::sales::SaleRow;
use edge_ledger::{LedgerError, View};
use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// What a code begins with.
const PREFIX: &str = "OP1.";
/// The longest code, in bytes: a QR code of it still fits paper of 58 mm (version 25, level M).
const CODE_BYTES_MAX: usize = 980;

/// A store's device key: it seals receipts.
#[derive(Clone)]
pub struct Seal(Arc<Ed25519KeyPair>);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Seal").field(&self.public_key()).finish()
    }
}

/// A key that is none, or a code that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Not a device key.
    #[error("this is not a device key")]
    Key,
    /// Not a receipt's code.
    #[error("this is not the code of a receipt")]
    Code,
    /// No key that this store trusts made it.
    #[error("no store that is known here made this receipt")]
    Forged,
}

/// A line of a claim, in the sale's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(String, i64, i64, u32)", into = "(String, i64, i64, u32)")]
pub struct ClaimLine {
    /// What.
    pub sku: String,
    /// How much, in thousandths.
    pub quantity: i64,
    /// What was paid for it, in minor units.
    pub amount: i64,
    /// Its first tax in thousandths of a per cent.
    pub rate: u32,
}

impl From<(String, i64, i64, u32)> for ClaimLine {
    fn from((sku, quantity, amount, rate): (String, i64, i64, u32)) -> Self {
        Self { sku, quantity, amount, rate }
    }
}

impl From<ClaimLine> for (String, i64, i64, u32) {
    fn from(line: ClaimLine) -> Self {
        (line.sku, line.quantity, line.amount, line.rate)
    }
}

/// Ids in 22 characters instead of 36: paper is narrow.
mod short {
    use super::BASE64;
    use base64::Engine as _;
    use serde::{Deserialize, Deserializer, Serializer};
    use uuid::Uuid;

    pub(super) fn serialize<S: Serializer>(id: &Uuid, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&BASE64.encode(id.as_bytes()))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Uuid, D::Error> {
        use serde::de::Error;
        let bytes = BASE64.decode(String::deserialize(from)?).map_err(D::Error::custom)?;
        Uuid::from_slice(&bytes).map_err(D::Error::custom)
    }
}

/// What a receipt says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Which store.
    #[serde(rename = "b", with = "short")]
    pub store: Uuid,
    /// Which sale.
    #[serde(rename = "i", with = "short")]
    pub sale: Uuid,
    /// Its receipt.
    #[serde(rename = "n")]
    pub receipt: String,
    /// Its place in the journal.
    #[serde(rename = "e")]
    pub seq: u64,
    /// The entry's hash, base64url.
    #[serde(rename = "h")]
    pub hash: String,
    /// When, in milliseconds since 1970.
    #[serde(rename = "t")]
    pub at: i64,
    /// ISO 4217.
    #[serde(rename = "c")]
    pub currency: String,
    /// What it cost, in minor units.
    #[serde(rename = "g")]
    pub total: i64,
    /// Its lines; none where they are too many for a code.
    #[serde(rename = "l", default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<ClaimLine>,
}

impl Seal {
    /// A new device key (PKCS #8): keep it where only the store can read it.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn generate() -> Result<Vec<u8>, SealError> {
        let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
        key.map(|key| key.as_ref().to_vec()).map_err(|_| SealError::Key)
    }

    /// The seal of a device key.
    ///
    /// # Errors
    /// [`SealError::Key`].
    pub fn of(pkcs8: &[u8]) -> Result<Self, SealError> {
        let key = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| SealError::Key)?;
        Ok(Self(Arc::new(key)))
    }

    /// The public key, base64url: whoever has it can tell a true receipt.
    #[must_use]
    pub fn public_key(&self) -> String {
        BASE64.encode(self.0.public_key().as_ref())
    }

    fn seal(&self, claim: &Claim) -> String {
        let body = BASE64.encode(serde_json::to_vec(claim).unwrap_or_default());
        let signature = BASE64.encode(self.0.sign(body.as_bytes()).as_ref());
        format!("{PREFIX}{body}.{signature}")
    }
}

/// The code on a sale's receipt: sealed where the store has a key, or the sale's id.
///
/// # Errors
/// What the ledger says.
pub fn receipt_code(
    view: View<'_>,
    seal: Option<&Seal>,
    row: &SaleRow,
) -> Result<String, LedgerError> {
    let parts = row.sale.parts();
    let Some(seal) = seal else { return Ok(parts.id.to_string()) };
    let hash = view.head_at(row.seq)?.map(|head| BASE64.encode(head.hash.as_bytes()));
    let line = |line: &Line| ClaimLine {
        sku: line.sku.to_string(),
        quantity: line.quantity.thousandths(),
        amount: line.total().map_or(0, edge_domain::Money::minor),
        rate: line.tax_rate.thousandths(),
    };
    let claim = Claim {
        store: view.store()?.uuid(),
        sale: parts.id.uuid(),
        receipt: parts.receipt.to_string(),
        seq: row.seq,
        hash: hash.unwrap_or_default(),
        at: parts.at.as_millis(),
        currency: parts.currency.to_string(),
        total: row.sale.totals().gross.minor(),
        lines: parts.lines.iter().map(line).collect(),
    };
    let code = seal.seal(&claim);
    if code.len() <= CODE_BYTES_MAX {
        return Ok(code);
    }
    Ok(seal.seal(&Claim { lines: vec![], ..claim }))
}

/// What a code claims, if one of the keys (base64url) made it.
///
/// # Errors
/// [`SealError::Code`], [`SealError::Forged`].
pub fn read_receipt_code(code: &str, keys: &[String]) -> Result<Claim, SealError> {
    let body = code.trim().strip_prefix(PREFIX).ok_or(SealError::Code)?;
    let (body, signature) = body.split_once('.').ok_or(SealError::Code)?;
    let signature = BASE64.decode(signature).map_err(|_| SealError::Code)?;
    let signed = |key: &String| {
        let Ok(key) = BASE64.decode(key) else { return false };
        UnparsedPublicKey::new(&ED25519, key).verify(body.as_bytes(), &signature).is_ok()
    };
    if !keys.iter().any(signed) {
        return Err(SealError::Forged);
    }
    let claim = BASE64.decode(body).map_err(|_| SealError::Code)?;
    serde_json::from_slice(&claim).map_err(|_| SealError::Code)
}

impl Claim {
    /// The sale.
    #[must_use]
    pub const fn sale_id(&self) -> SaleId {
        SaleId::new(self.sale)
    }

    /// The id of one of its lines, for a store that does not know the sale: the same at each.
    #[must_use]
    pub fn line_id(&self, place: usize) -> LineId {
        LineId::new(Uuid::new_v5(&self.sale, place.to_string().as_bytes()))
    }

    /// The store.
    #[must_use]
    pub const fn store_id(&self) -> StoreId {
        StoreId::new(self.store)
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> StoreTime {
        StoreTime::from_millis(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim() -> Claim {
        Claim {
            store: Uuid::from_u128(1),
            sale: Uuid::from_u128(2),
            receipt: "T1-000001".into(),
            seq: 7,
            hash: "aGFzaA".into(),
            at: 1,
            currency: "EUR".into(),
            total: 258,
            lines: vec![],
        }
    }

    #[test]
    fn a_seal_is_told_from_a_forgery() {
        let seal = Seal::of(&Seal::generate().unwrap()).unwrap();
        let other = Seal::of(&Seal::generate().unwrap()).unwrap();
        let code = seal.seal(&claim());
        assert_eq!(read_receipt_code(&code, &[other.public_key(), seal.public_key()]), Ok(claim()));
        assert_eq!(read_receipt_code(&code, &[other.public_key()]), Err(SealError::Forged));
        let dearer = other.seal(&Claim { total: 999, ..claim() });
        assert_eq!(read_receipt_code(&dearer, &[seal.public_key()]), Err(SealError::Forged));
        for garbage in ["", "OP1.", "OP1.x.y", "OP1.!.!", "4006381333931"] {
            assert!(read_receipt_code(garbage, &[seal.public_key()]).is_err(), "{garbage}");
        }
        assert!(Seal::of(b"garbage").is_err());
    }
}
