//! Who works in a store and who may what: edited in the store and at headquarters. One document
//! a store, called [`NAME`].
//!
//! Shape, v1: `people / <id> / {name, role, pin, active, locale}` and `roles / <role>` (JSON: what
//! a role may, where somebody edited it). `pin` is a PHC string; no PIN is ever here.
//!
//! **Merge rule.** People are a grow-only map by id. Where two places wrote apart, the safer
//! holds: who was sent away in one stays away, of two roles the lesser, of a role's two rights
//! what both allow. Of two names, PINs or languages one holds, the same everywhere.

use crate::document::{DocError, Document};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use edge_domain::ids::StaffId;
use edge_domain::staff::{Permission, Rights, Role, Staff};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The document's name.
pub const NAME: &str = "staff/all";

/// Everybody, and every role that somebody edited.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct View {
    /// People, by id; those who left too.
    pub people: Vec<Staff>,
    /// Rights of roles that somebody edited.
    pub roles: BTreeMap<Role, Rights>,
}

/// A role's rights as JSON; what a newer release calls a permission is passed over.
#[derive(Serialize, Deserialize)]
struct RightsV1 {
    permissions: Vec<String>,
    /// Thousandths of a per cent.
    discount_max: u32,
}

pub(crate) fn genesis(am: &mut AutoCommit) -> Result<(), DocError> {
    am.put_object(ROOT, "people", ObjType::Map)?;
    am.put_object(ROOT, "roles", ObjType::Map)?;
    Ok(())
}

/// Writes somebody: new, or what differs.
///
/// # Errors
/// [`DocError::Malformed`] for a document that is not of staff.
pub fn put(document: &mut Document, staff: &Staff) -> Result<(), DocError> {
    let people = map(&document.am, "people")?;
    let key = staff.id.to_string();
    let am = &mut document.am;
    let object = match am.get(&people, &key)? {
        Some((Value::Object(_), object)) => object,
        _ => am.put_object(&people, &key, ObjType::Map)?,
    };
    let fields = [
        ("name", staff.name.as_str()),
        ("role", staff.role.as_str()),
        ("pin", staff.pin.as_str()),
        ("locale", staff.locale.as_deref().unwrap_or_default()),
    ];
    for (field, wanted) in fields {
        // Written again where two values stand: an edit settles what was written apart.
        if texts(am, &object, field)? != [wanted] {
            am.put(&object, field, wanted)?;
        }
    }
    if flags(am, &object)? != [staff.active] {
        am.put(&object, "active", staff.active)?;
    }
    am.commit();
    Ok(())
}

/// Writes what a role may.
///
/// # Errors
/// [`DocError::Malformed`] for a document that is not of staff.
pub fn put_rights(document: &mut Document, role: Role, rights: &Rights) -> Result<(), DocError> {
    let roles = map(&document.am, "roles")?;
    document.am.put(&roles, role.as_str(), rights_to_json(rights)?)?;
    document.am.commit();
    Ok(())
}

/// Reads everybody and every role.
///
/// # Errors
/// [`DocError::Malformed`], [`DocError::Rule`].
pub fn read(document: &Document) -> Result<View, DocError> {
    let am = &document.am;
    let (people, roles) = (map(am, "people")?, map(am, "roles")?);
    let mut view = View::default();
    for key in am.keys(&people) {
        let Ok(id) = key.parse() else { continue };
        if let Some((Value::Object(_), object)) = am.get(&people, &key)? {
            view.people.extend(person(am, &object, id)?);
        }
    }
    for (role, name) in Role::NAMES {
        let written = texts(am, &roles, name)?;
        let rights = written.iter().map(|json| rights_from_json(json));
        let rights = rights.collect::<Result<Vec<_>, _>>()?;
        if let Some(rights) = rights.into_iter().reduce(|a, b| a.narrowed(&b)) {
            view.roles.insert(role, rights);
        }
    }
    Ok(view)
}

/// A role's rights as the text that documents and tables keep.
///
/// # Errors
/// [`DocError::Rule`] if it does not serialise.
pub fn rights_to_json(rights: &Rights) -> Result<String, DocError> {
    let permissions = rights.permissions.iter().map(|known| known.as_str().to_owned()).collect();
    let shape = RightsV1 { permissions, discount_max: rights.discount_max };
    serde_json::to_string(&shape).map_err(rule)
}

/// Reads it again.
///
/// # Errors
/// [`DocError::Rule`] for what is none.
pub fn rights_from_json(json: &str) -> Result<Rights, DocError> {
    let shape: RightsV1 = serde_json::from_str(json).map_err(rule)?;
    let permissions = shape.permissions.iter().filter_map(|name| Permission::from_name(name));
    Ok(Rights { permissions: permissions.collect(), discount_max: shape.discount_max.min(100_000) })
}

/// Somebody of whom all that matters has arrived.
fn person(am: &AutoCommit, object: &ObjId, id: StaffId) -> Result<Option<Staff>, DocError> {
    let one = |field| Ok::<_, DocError>(am.get(object, field)?.and_then(|(value, _)| text(&value)));
    let roles = texts(am, object, "role")?;
    // A role of a newer release is the least here: it may nothing that this one would allow.
    let roles = roles.iter().map(|name| Role::from_name(name).unwrap_or(Role::Kitchen));
    let (Some(name), Some(pin), Some(role)) = (one("name")?, one("pin")?, roles.min()) else {
        return Ok(None);
    };
    let active = flags(am, object)?.iter().all(|active| *active);
    let locale = one("locale")?.filter(|locale| !locale.is_empty());
    Ok(Some(Staff { id, name, role, pin, active, locale }))
}

fn texts(am: &AutoCommit, object: &ObjId, field: &str) -> Result<Vec<String>, DocError> {
    Ok(am.get_all(object, field)?.iter().filter_map(|(value, _)| text(value)).collect())
}

fn flags(am: &AutoCommit, object: &ObjId) -> Result<Vec<bool>, DocError> {
    let all = am.get_all(object, "active")?;
    Ok(all.iter().filter_map(|(value, _)| value.as_bool()).collect())
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
    use uuid::Uuid;

    fn anna() -> Staff {
        Staff {
            id: StaffId::new(Uuid::from_u128(1)),
            name: "Anna".into(),
            role: Role::Manager,
            pin: "$argon2id$a".into(),
            active: true,
            locale: Some("de-DE".into()),
        }
    }

    fn two() -> (Document, Document) {
        let mut a = Document::create(NAME, Actor([1; 16])).unwrap();
        put(&mut a, &anna()).unwrap();
        let b = Document::load(&a.save(), [], Actor([2; 16])).unwrap();
        (a, b)
    }

    fn merged(mut a: Document, mut b: Document) -> View {
        let (from_a, from_b) = (a.save(), b.save());
        a.apply(&from_b).unwrap();
        b.apply(&from_a).unwrap();
        let view = read(&a).unwrap();
        assert_eq!(view, read(&b).unwrap());
        view
    }

    #[test]
    fn the_safer_holds() {
        let (mut a, mut b) = two();
        put(&mut a, &Staff { role: Role::Cashier, active: true, ..anna() }).unwrap();
        put(&mut b, &Staff { role: Role::Owner, active: false, ..anna() }).unwrap();
        let view = merged(a, b);
        assert_eq!((view.people[0].role, view.people[0].active), (Role::Cashier, false));
    }

    #[test]
    fn an_edit_settles_what_was_written_apart() {
        let (mut a, mut b) = two();
        put(&mut a, &Staff { role: Role::Cashier, ..anna() }).unwrap();
        put(&mut b, &Staff { role: Role::Owner, ..anna() }).unwrap();
        a.apply(&b.save()).unwrap();
        put(&mut a, &Staff { role: Role::Supervisor, ..anna() }).unwrap();
        assert_eq!(merged(a, b).people, [Staff { role: Role::Supervisor, ..anna() }]);
    }

    #[test]
    fn rights_are_what_both_allow() {
        let (mut a, mut b) = two();
        let mut more = Rights::of(Role::Cashier);
        more.permissions.insert(Permission::OpenDrawer);
        put_rights(&mut a, Role::Cashier, &more).unwrap();
        let less = Rights { discount_max: 5_000, ..Rights::of(Role::Cashier) };
        put_rights(&mut b, Role::Cashier, &less).unwrap();
        assert_eq!(merged(a, b).roles, BTreeMap::from([(Role::Cashier, less)]));
    }

    #[test]
    fn what_did_not_change_writes_nothing() {
        let (mut a, _) = two();
        let heads = a.heads();
        put(&mut a, &anna()).unwrap();
        assert_eq!(a.heads(), heads);
    }
}
