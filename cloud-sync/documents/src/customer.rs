//! Customers of the whole tenant, in shards by the id's hash.
//!
//! Shape, v1: `customers / <bucket> / <id> / <key>`: each key of `CustomerV1` is a register, as
//! JSON; what is not said is `null`.
//!
//! **Merge rule.** Key by key: of two values written apart one holds, the same everywhere.
//! Customers are never removed: sales and accounts name them; one that left is not active.
//! Keys that this release does not know stay.

use crate::document::{DocError, Document};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};
pub use cloud_sync_protocol::v1::customer::CustomerV1;

/// How many shards there are.
pub const SHARDS: u32 = 16;
/// How many buckets a shard has: a change in a flat map costs time in proportion to its keys.
const BUCKETS: u32 = 16;
/// The most customers in a bucket: 51,200 in all; what one change costs grows with a bucket.
const BUCKET_MAX: usize = 200;

fn fnv(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The name of the shard that holds a customer.
#[must_use]
pub fn shard_of(id: &str) -> String {
    format!("customers/{:02}", fnv(id) % SHARDS)
}

fn bucket_of(id: &str) -> String {
    format!("{:02x}", fnv(id) / SHARDS % BUCKETS)
}

pub(crate) fn genesis(am: &mut AutoCommit) -> Result<(), DocError> {
    let all = am.put_object(ROOT, "customers", ObjType::Map)?;
    for bucket in 0..BUCKETS {
        am.put_object(&all, format!("{bucket:02x}"), ObjType::Map)?;
    }
    Ok(())
}

/// Puts a customer: creates it, or changes what differs.
///
/// # Errors
/// [`DocError::Malformed`] for another document, [`DocError::Rule`] at the bound.
pub fn put(document: &mut Document, customer: &CustomerV1) -> Result<(), DocError> {
    let am = &mut document.am;
    let bucket = object(am, &object(am, &ROOT, "customers")?, &bucket_of(&customer.id))?;
    let object = match am.get(&bucket, &customer.id)? {
        Some((_, object)) => object,
        None if am.length(&bucket) >= BUCKET_MAX => {
            return Err(DocError::Rule("There are too many customers already.".into()));
        }
        None => am.put_object(&bucket, &customer.id, ObjType::Map)?,
    };
    let value = serde_json::to_value(customer).map_err(|e| DocError::Rule(e.to_string()))?;
    for (key, value) in value.as_object().cloned().unwrap_or_default() {
        let value = value.to_string();
        if text(am, &object, &key)?.as_ref() != Some(&value) {
            am.put(&object, &key, value)?;
        }
    }
    am.commit();
    Ok(())
}

/// Every customer of a shard, by bucket and id. One that a newer release wrote in a way that this
/// one cannot read stays in the document and is left out here.
///
/// # Errors
/// [`DocError::Malformed`] for another document.
pub fn read(document: &Document) -> Result<Vec<CustomerV1>, DocError> {
    let am = &document.am;
    let all = object(am, &ROOT, "customers")?;
    let mut customers = Vec::new();
    for bucket in am.keys(&all) {
        let bucket = object(am, &all, &bucket)?;
        for id in am.keys(&bucket) {
            customers.extend(one(am, &bucket, &id)?);
        }
    }
    Ok(customers)
}

/// Two places may have made the same customer apart: the one that holds has the last word, key
/// by key.
fn one(am: &AutoCommit, bucket: &ObjId, id: &str) -> Result<Option<CustomerV1>, DocError> {
    let mut fields = serde_json::Map::new();
    for (_, object) in am.get_all(bucket, id)? {
        for key in am.keys(&object) {
            let value = text(am, &object, &key)?.and_then(|t| serde_json::from_str(&t).ok());
            fields.extend(value.map(|value: serde_json::Value| (key, value)));
        }
    }
    let customer: Option<CustomerV1> = serde_json::from_value(fields.into()).ok();
    Ok(customer.filter(|customer| customer.id == id && customer.check().is_ok()))
}

fn object(am: &AutoCommit, of: &ObjId, key: &str) -> Result<ObjId, DocError> {
    match am.get(of, key)? {
        Some((Value::Object(ObjType::Map), object)) => Ok(object),
        _ => Err(DocError::Malformed(format!("there is no {key}"))),
    }
}

fn text(am: &AutoCommit, object: &ObjId, key: &str) -> Result<Option<String>, DocError> {
    Ok(am.get(object, key)?.and_then(|(value, _)| match value {
        Value::Scalar(scalar) => match scalar.as_ref() {
            ScalarValue::Str(text) => Some(text.to_string()),
            _ => None,
        },
        Value::Object(_) => None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Actor;

    fn ada() -> CustomerV1 {
        CustomerV1 {
            id: "C-7".into(),
            name: "Ada".into(),
            group: Some("club".into()),
            code: None,
            credit_limit: Some(10_000),
            tier: None,
            reached: None,
            active: true,
        }
    }

    fn document(actor: u8) -> Document {
        Document::create(&shard_of("C-7"), Actor([actor; 16])).unwrap()
    }

    fn meet(one: &mut Document, two: &mut Document) {
        let (from_one, from_two) = (one.changes_since(&[]), two.changes_since(&[]));
        one.apply(&from_two).unwrap();
        two.apply(&from_one).unwrap();
        assert_eq!(read(one).unwrap(), read(two).unwrap());
    }

    #[test]
    fn what_was_put_is_read_and_a_limit_can_go() {
        let mut document = document(1);
        put(&mut document, &ada()).unwrap();
        let free = CustomerV1 { credit_limit: None, ..ada() };
        put(&mut document, &free).unwrap();
        assert_eq!(read(&document).unwrap().as_slice(), std::slice::from_ref(&free));
        let heads = document.heads();
        put(&mut document, &free).unwrap();
        assert_eq!(document.heads(), heads, "the same again changes nothing");
    }

    #[test]
    fn edits_apart_both_stay() {
        let mut one = document(1);
        put(&mut one, &ada()).unwrap();
        let mut two = document(2);
        two.apply(&one.changes_since(&[])).unwrap();
        put(&mut one, &CustomerV1 { credit_limit: None, ..ada() }).unwrap();
        put(&mut two, &CustomerV1 { name: "Ada L.".into(), ..ada() }).unwrap();
        meet(&mut one, &mut two);
        let both = CustomerV1 { credit_limit: None, name: "Ada L.".into(), ..ada() };
        assert_eq!(read(&one).unwrap(), [both]);
    }

    #[test]
    fn made_twice_apart_is_one_customer() {
        let (mut one, mut two) = (document(1), document(2));
        put(&mut one, &ada()).unwrap();
        put(&mut two, &CustomerV1 { name: "Ada L.".into(), credit_limit: None, ..ada() }).unwrap();
        meet(&mut one, &mut two);
        let held = read(&one).unwrap().remove(0);
        put(&mut one, &CustomerV1 { active: false, ..held.clone() }).unwrap();
        assert_eq!(read(&one).unwrap(), [CustomerV1 { active: false, ..held }]);
    }
}
