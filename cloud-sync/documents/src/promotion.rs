//! Promotions of the whole tenant, in one document: a few hundred at most.
//!
//! Shape, v1: `promotions / <id> / <key>`: each key of `PromotionV1` is a register, as JSON.
//!
//! **Merge rule.** Key by key: of two values written apart one holds, the same everywhere; a
//! promotion that one side ended stays ended. None is ever removed: sales name it.

use crate::document::{DocError, Document};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use cloud_sync_protocol::v1::promotion::PromotionV1;

/// The document's name.
pub const NAME: &str = "promotions/all";
/// The most promotions: a flat map of 3,000 keys costs 0.7 ms a change (measured).
pub const PROMOTIONS_MAX: usize = 2_000;

pub(crate) fn genesis(am: &mut AutoCommit) -> Result<(), DocError> {
    am.put_object(ROOT, "promotions", ObjType::Map)?;
    Ok(())
}

/// Puts a promotion: creates it, or changes what differs.
///
/// # Errors
/// [`DocError::Malformed`] for another document, [`DocError::Rule`] at the bound.
pub fn put(document: &mut Document, promotion: &PromotionV1) -> Result<(), DocError> {
    let all = all(&document.am)?;
    let am = &mut document.am;
    let object = match am.get(&all, &promotion.id)? {
        Some((_, object)) => object,
        None if am.length(&all) >= PROMOTIONS_MAX => {
            return Err(DocError::Rule(format!("there are {PROMOTIONS_MAX} promotions already")));
        }
        None => am.put_object(&all, &promotion.id, ObjType::Map)?,
    };
    let value = serde_json::to_value(promotion).map_err(|e| DocError::Rule(e.to_string()))?;
    let fields = value.as_object().cloned().unwrap_or_default();
    for key in am.keys(&object).collect::<Vec<_>>() {
        if KEYS.contains(&key.as_str()) && !fields.contains_key(&key) {
            am.delete(&object, &key)?;
        }
    }
    for (key, value) in fields {
        let value = value.to_string();
        if text(am, &object, &key)?.as_ref() != Some(&value) {
            am.put(&object, &key, value)?;
        }
    }
    am.commit();
    Ok(())
}

/// Keys that may be taken away again. Those of a newer release stay.
const KEYS: [&str; 4] = ["group", "per_order", "per_customer", "in_total"];

/// Every promotion, by id. One that a newer release wrote in a way that this one cannot read
/// stays in the document and is left out here.
///
/// # Errors
/// [`DocError::Malformed`] for another document.
pub fn read(document: &Document) -> Result<Vec<PromotionV1>, DocError> {
    let am = &document.am;
    let all = all(am)?;
    let mut promotions = Vec::new();
    for id in am.keys(&all) {
        let mut fields = serde_json::Map::new();
        let mut ended = false;
        for (_, object) in am.get_all(&all, &id)? {
            for key in am.keys(&object) {
                let value = text(am, &object, &key)?.and_then(|t| serde_json::from_str(&t).ok());
                fields.extend(value.map(|value: serde_json::Value| (key, value)));
            }
            for (value, _) in am.get_all(&object, "ended")? {
                ended |= as_text(&value).as_deref() == Some("true");
            }
        }
        fields.insert("ended".into(), ended.into());
        promotions.extend(serde_json::from_value(fields.into()).ok());
    }
    Ok(promotions)
}

fn all(am: &AutoCommit) -> Result<ObjId, DocError> {
    match am.get(ROOT, "promotions")? {
        Some((Value::Object(ObjType::Map), object)) => Ok(object),
        _ => Err(DocError::Malformed("there are no promotions".into())),
    }
}

fn text(am: &AutoCommit, object: &ObjId, key: &str) -> Result<Option<String>, DocError> {
    Ok(am.get(object, key)?.and_then(|(value, _)| as_text(&value)))
}

fn as_text(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Scalar(scalar) => match scalar.as_ref() {
            ScalarValue::Str(text) => Some(text.to_string()),
            _ => None,
        },
        Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Actor;
    use cloud_sync_protocol::v1::promotion::{ConditionsV1, EffectV1, SelectorV1};

    fn offer(id: &str, percent: u32) -> PromotionV1 {
        PromotionV1 {
            id: id.into(),
            label: "Summer".into(),
            when: ConditionsV1::default(),
            effect: EffectV1::Percent { on: SelectorV1::default(), percent },
            priority: 0,
            stacks: false,
            group: None,
            per_order: None,
            per_customer: None,
            in_total: Some(5),
            ended: false,
        }
    }

    fn document(actor: u8) -> Document {
        Document::create(NAME, Actor([actor; 16])).unwrap()
    }

    #[test]
    fn what_was_put_is_read_and_limits_can_go() {
        let mut document = document(1);
        put(&mut document, &offer("A", 10_000)).unwrap();
        let free = PromotionV1 { in_total: None, ..offer("A", 20_000) };
        put(&mut document, &free).unwrap();
        assert_eq!(read(&document).unwrap(), [free]);
        let heads = document.heads();
        put(&mut document, &PromotionV1 { in_total: None, ..offer("A", 20_000) }).unwrap();
        assert_eq!(document.heads(), heads, "the same again changes nothing");
    }

    #[test]
    fn edits_apart_both_stay_and_ended_wins() {
        let mut one = document(1);
        put(&mut one, &offer("A", 10_000)).unwrap();
        let mut two = document(2);
        two.apply(&one.changes_since(&[])).unwrap();
        put(&mut one, &PromotionV1 { ended: true, ..offer("A", 10_000) }).unwrap();
        put(&mut two, &PromotionV1 { label: "Late summer".into(), ..offer("A", 10_000) }).unwrap();
        put(&mut two, &offer("B", 5_000)).unwrap();
        let (from_one, from_two) = (one.changes_since(&[]), two.changes_since(&[]));
        one.apply(&from_two).unwrap();
        two.apply(&from_one).unwrap();
        assert_eq!(read(&one).unwrap(), read(&two).unwrap());
        let merged = read(&one).unwrap();
        assert_eq!(
            (merged[0].label.as_str(), merged[0].ended, merged.len()),
            ("Late summer", true, 2)
        );
    }
}
