//! An open order: what is on it and how far it is. Two terminals may edit it at once.
//!
//! Shape, v1: `head` (JSON), `lines / <id> / {line, quantity, price, more, fired, voided}`,
//! `marks / {placed, cancelled, paid, closed}` (milliseconds since 1970). `more` (JSON) is what
//! may be said of a line after it was rung up: discounts, seat, course. What follows from the
//! rest (promotions' shares, the charge for service) is not here.
//!
//! **Merge rule.** Lines are a grow-only map by id: none is lost. `fired` and `voided` once true
//! stay true. Where a quantity was changed in two places apart, the larger holds: the customer's
//! goods are on the counter, and a line too many is seen and voided, one too few is not. Of two
//! heads (a table, a customer, a coupon) or two words on a line written apart, one holds. The
//! marks are a lattice: the most advanced state wins, and paid beats cancelled.

use crate::document::{DocError, Document};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use cloud_sync_protocol::v1::more::MoreV1;
use cloud_sync_protocol::v1::order::{HeadV1, LineV1};
use edge_domain::money::Money;
use edge_domain::order::{Cause, Head, Line, More, Status};
use edge_domain::pricing::is_derived;
use edge_domain::quantity::Quantity;
use edge_domain::{OrderId, StoreTime};

/// An order as its document holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What does not change.
    pub head: Head,
    /// All lines, oldest first, voided ones too.
    pub lines: Vec<Line>,
    /// How far it is.
    pub status: Status,
}

/// The document's name.
#[must_use]
pub fn name_of(id: OrderId) -> String {
    format!("order/{id}")
}

/// Writes an order's head: when it opens, and when what it says changes.
///
/// # Errors
/// [`DocError::Rule`] if it does not serialise.
pub fn open(document: &mut Document, head: &Head) -> Result<(), DocError> {
    let head = serde_json::to_string(&HeadV1::from(head)).map_err(rule)?;
    document.am.put(ROOT, "head", head)?;
    document.am.commit();
    Ok(())
}

/// Writes what changed between two states of the lines.
///
/// # Errors
/// [`DocError::Malformed`] for a document that is no order.
pub fn write_lines(
    document: &mut Document,
    before: &[Line],
    after: &[Line],
) -> Result<(), DocError> {
    let lines = map(&document.am, "lines")?;
    for line in after.iter().filter(|line| !is_derived(line)) {
        let key = line.id.to_string();
        let more = stored(line);
        let known = before.iter().find(|known| known.id == line.id);
        let object = match document.am.get(&lines, &key)? {
            Some((_, object)) => object,
            None => {
                let object = document.am.put_object(&lines, &key, ObjType::Map)?;
                let plain = Line { more: more.clone(), ..line.clone() };
                let text = serde_json::to_string(&LineV1::from(&plain)).map_err(rule)?;
                document.am.put(&object, "line", text)?;
                object
            }
        };
        let am = &mut document.am;
        if known.is_none_or(|known| known.quantity != line.quantity) {
            am.put(&object, "quantity", line.quantity.thousandths())?;
        }
        if known.is_some_and(|known| known.unit_price != line.unit_price) {
            am.put(&object, "price", line.unit_price.minor())?;
        }
        if known.is_some_and(|known| stored(known) != more) {
            let text = serde_json::to_string(&MoreV1::from(&more)).map_err(rule)?;
            am.put(&object, "more", text)?;
        }
        if line.fired && !known.is_some_and(|known| known.fired) {
            am.put(&object, "fired", true)?;
        }
        if line.voided && !known.is_some_and(|known| known.voided) {
            am.put(&object, "voided", true)?;
        }
    }
    document.am.commit();
    Ok(())
}

/// What of a line's words does not follow from the rest.
fn stored(line: &Line) -> More {
    let mut more = line.more.clone();
    more.adjustments.retain(|part| part.cause == Cause::Return);
    more
}

/// Marks a state as reached. [`Status::Open`] needs no mark.
///
/// # Errors
/// [`DocError::Malformed`] for a document that is no order.
pub fn mark(document: &mut Document, status: Status, at: StoreTime) -> Result<(), DocError> {
    let marks = map(&document.am, "marks")?;
    if status != Status::Open && document.am.get(&marks, status.as_str())?.is_none() {
        document.am.put(&marks, status.as_str(), at.as_millis())?;
        document.am.commit();
    }
    Ok(())
}

/// Reads the order; None before its head arrived.
///
/// # Errors
/// [`DocError::Malformed`], [`DocError::Rule`].
pub fn read(document: &Document) -> Result<Option<View>, DocError> {
    let am = &document.am;
    let Some(head) = am.get(ROOT, "head")?.and_then(|(value, _)| text(&value)) else {
        return Ok(None);
    };
    let head: HeadV1 = serde_json::from_str(&head).map_err(rule)?;
    let head = Head::try_from(head).map_err(rule)?;
    let (lines, marks) = (map(am, "lines")?, map(am, "marks")?);
    let mut read = Vec::new();
    for key in am.keys(&lines) {
        if let Some((Value::Object(_), object)) = am.get(&lines, &key)? {
            read.push(read_line(am, &object, &head)?);
        }
    }
    read.sort_by_key(|line: &Line| line.id);
    let mut status = Status::Open;
    for (reached, name) in Status::NAMES {
        if am.get(&marks, name)?.is_some() {
            status = status.max(reached);
        }
    }
    Ok(Some(View { head, lines: read, status }))
}

fn read_line(am: &AutoCommit, object: &ObjId, head: &Head) -> Result<Line, DocError> {
    let line = am.get(object, "line")?.and_then(|(value, _)| text(&value));
    let line = line.ok_or_else(|| DocError::Malformed("a line without its text".into()))?;
    let line: LineV1 = serde_json::from_str(&line).map_err(rule)?;
    let mut line = line.into_domain(head.currency).map_err(rule)?;
    let quantities = am.get_all(object, "quantity")?;
    let largest = quantities.iter().filter_map(|(value, _)| value.as_i64()).max();
    if let Some(thousandths) = largest {
        line.quantity = Quantity::from_thousandths(thousandths).map_err(rule)?;
    }
    if let Some(minor) = am.get(object, "price")?.and_then(|(value, _)| value.as_i64()) {
        line.unit_price = Money::new(minor, head.currency).map_err(rule)?;
    }
    if let Some(more) = am.get(object, "more")?.and_then(|(value, _)| text(&value)) {
        let more: MoreV1 = serde_json::from_str(&more).map_err(rule)?;
        line.more = more.into_domain(head.currency).map_err(rule)?;
    }
    let set = |field: &str| {
        Ok::<bool, DocError>(
            am.get_all(object, field)?.iter().any(|(v, _)| v.as_bool() == Some(true)),
        )
    };
    (line.fired, line.voided) = (set("fired")?, set("voided")?);
    Ok(line)
}

fn rule(error: impl std::fmt::Display) -> DocError {
    DocError::Rule(error.to_string())
}

fn map(am: &AutoCommit, key: &str) -> Result<ObjId, DocError> {
    match am.get(ROOT, key)? {
        Some((Value::Object(ObjType::Map), object)) => Ok(object),
        _ => Err(DocError::Malformed(format!("there is no map {key:?}"))),
    }
}

fn text(value: &Value<'_>) -> Option<String> {
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
    use edge_domain::LineId;
    use edge_domain::ids::uuid_v7;
    use edge_domain::item::{Sku, TerminalId};
    use edge_domain::money::Money;
    use edge_domain::order::{OrderKind, Tab};
    use edge_domain::quantity::Unit;
    use edge_domain::tax::{PriceMode, TaxPolicy, TaxRounding};
    use uuid::Uuid;

    fn head() -> Head {
        Head {
            id: OrderId::new(Uuid::from_u128(1)),
            number: 12,
            kind: OrderKind::DineIn,
            terminal: TerminalId::new("T1").unwrap(),
            table: Some("4".into()),
            opened_at: StoreTime::from_millis(1),
            currency: "EUR".parse().unwrap(),
            policy: TaxPolicy::new(PriceMode::Inclusive, TaxRounding::PerLine),
            tab: Tab::default(),
        }
    }

    fn line(n: u8) -> Line {
        Line {
            id: LineId::new(uuid_v7(StoreTime::from_millis(i64::from(n)), [n; 10])),
            sku: Sku::new("SOUP").unwrap(),
            name: "Soup".into(),
            unit: Unit::Each,
            quantity: Quantity::ONE,
            unit_price: Money::new(500, "EUR".parse().unwrap()).unwrap(),
            tax_rate: "19".parse().unwrap(),
            modifiers: vec![],
            station: Some("kitchen".into()),
            note: None,
            fired: false,
            voided: false,
            more: More::default(),
        }
    }

    fn two() -> (Document, Document) {
        let mut a = Document::create("order/x", Actor([1; 16])).unwrap();
        open(&mut a, &head()).unwrap();
        write_lines(&mut a, &[], &[line(1)]).unwrap();
        let b = Document::load(&a.save(), [], Actor([2; 16])).unwrap();
        (a, b)
    }

    fn merged(mut a: Document, mut b: Document) -> View {
        let (from_a, from_b) = (a.save(), b.save());
        a.apply(&from_b).unwrap();
        b.apply(&from_a).unwrap();
        let view = read(&a).unwrap().unwrap();
        assert_eq!(Some(&view), read(&b).unwrap().as_ref());
        view
    }

    #[test]
    fn two_terminals_lose_no_line() {
        let (mut a, mut b) = two();
        write_lines(&mut a, &[line(1)], &[line(1), line(2)]).unwrap();
        write_lines(&mut b, &[line(1)], &[line(1), line(3)]).unwrap();
        let view = merged(a, b);
        assert_eq!(view.lines, [line(1), line(2), line(3)]);
        assert_eq!((view.head, view.status), (head(), Status::Open));
    }

    #[test]
    fn paid_beats_cancelled_and_the_larger_quantity_holds() {
        let (mut a, mut b) = two();
        let more =
            |n: i64| Line { quantity: Quantity::from_thousandths(n * 1000).unwrap(), ..line(1) };
        write_lines(&mut a, &[line(1)], &[more(3)]).unwrap();
        write_lines(&mut b, &[line(1)], &[more(2)]).unwrap();
        mark(&mut a, Status::Cancelled, StoreTime::from_millis(9)).unwrap();
        mark(&mut b, Status::Paid, StoreTime::from_millis(5)).unwrap();
        let view = merged(a, b);
        assert_eq!((view.status, view.lines), (Status::Paid, vec![more(3)]));
    }

    #[test]
    fn a_void_and_a_fire_stay() {
        let (mut a, mut b) = two();
        write_lines(&mut a, &[line(1)], &[Line { voided: true, ..line(1) }]).unwrap();
        write_lines(&mut b, &[line(1)], &[Line { fired: true, ..line(1) }]).unwrap();
        let view = merged(a, b);
        assert!(view.lines[0].voided && view.lines[0].fired);
    }
}
