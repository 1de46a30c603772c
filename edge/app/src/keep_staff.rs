//! Who works here: people come, change and go, and roles get and lose rights.

use crate::error::{AccessError, ShopError};
use crate::ring_up::words;
use crate::shop::Desk;
use cloud_sync_documents::staff as staff_doc;
use edge_domain::audit::Action;
use edge_domain::ids::StaffId;
use edge_domain::staff::{Permission, Rights, Role, Staff};
use uuid::Uuid;

/// How many people may be known: more are a fault, not a shop.
const STAFF_MAX: usize = 1_000;

/// Somebody new. The PIN is hashed already.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// What sales call them.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// The PIN's hash.
    pub pin: String,
    /// Their language.
    pub locale: Option<String>,
}

/// What changes about somebody; what is not said stays.
#[derive(Clone, Debug, Default)]
pub struct StaffChange {
    /// Another name.
    pub name: Option<String>,
    /// Another role.
    pub role: Option<Role>,
    /// Another PIN's hash.
    pub pin: Option<String>,
    /// Whether they may sign in.
    pub active: Option<bool>,
    /// Another language; `Some(None)` for the store's.
    pub locale: Option<Option<String>>,
}

/// Somebody begins to work here. With the first, the shop is open to everybody no longer.
///
/// # Errors
/// `not_permitted`, a name that is taken, a first one who does not lead.
pub fn add_staff(desk: &mut Desk<'_, '_>, new: NewStaff) -> Result<Staff, ShopError> {
    desk.require(Permission::EditStaff)?;
    let all = desk.view().all_staff()?;
    if all.is_empty() && !new.role.leads() {
        return Err(AccessError::FirstLeads.into());
    }
    if all.len() >= STAFF_MAX {
        return Err(ShopError::Invalid("At most 1000 people can work here.".into()));
    }
    below(desk, new.role)?;
    let staff = Staff {
        id: StaffId::new(desk.tx.mint()),
        name: name_of(&all, None, &new.name)?,
        role: new.role,
        pin: new.pin,
        active: true,
        locale: locale_of(new.locale)?,
    };
    save(desk, &staff)?;
    let text = format!("{} works here as {}", staff.name, staff.role.as_str());
    desk.audit(Action::Access, staff.id.uuid(), text, None, "new".into())?;
    Ok(staff)
}

/// Somebody changes. Everybody may change their own PIN.
///
/// # Errors
/// `not_permitted`, `above_you`, a name that is taken, the last one who leads.
pub fn change_staff(
    desk: &mut Desk<'_, '_>,
    id: StaffId,
    change: StaffChange,
) -> Result<Staff, ShopError> {
    let before = desk.view().staff(id)?.ok_or(AccessError::UnknownStaff)?;
    let StaffChange { name, role, pin, active, locale } = change;
    let only_pin = name.is_none() && role.is_none() && active.is_none() && locale.is_none();
    let own = desk.actor.staff().is_some_and(|staff| staff.id == id);
    if !(own && only_pin) {
        desk.require(Permission::EditStaff)?;
        below(desk, before.role.max(role.unwrap_or(before.role)))?;
    }
    let all = desk.view().all_staff()?;
    let active = active.unwrap_or(before.active);
    let wanted = name.unwrap_or_else(|| before.name.clone());
    let after = Staff {
        id,
        name: if active { name_of(&all, Some(id), &wanted)? } else { wanted },
        role: role.unwrap_or(before.role),
        pin: pin.unwrap_or_else(|| before.pin.clone()),
        active,
        locale: locale.map_or_else(|| Ok(before.locale.clone()), locale_of)?,
    };
    let leads = |staff: &Staff| staff.active && staff.role.leads();
    if leads(&before) && !leads(&after) && all.iter().filter(|s| leads(s)).count() == 1 {
        return Err(AccessError::LastLeader.into());
    }
    if after == before {
        return Ok(after);
    }
    if after.pin != before.pin || !after.active {
        desk.tx.end_sessions_of(id)?;
    }
    save(desk, &after)?;
    let text = told(&before, &after);
    desk.audit(Action::Access, id.uuid(), text, None, "changed".into())?;
    Ok(after)
}

/// A role may something else. An owner's rights are not to be changed: somebody must be able to
/// change everything else.
///
/// # Errors
/// `not_permitted`, `above_you`.
pub fn change_role(desk: &mut Desk<'_, '_>, role: Role, rights: &Rights) -> Result<(), ShopError> {
    desk.require(Permission::EditStaff)?;
    if role == Role::Owner || desk.actor.rank() <= role {
        return Err(AccessError::AboveYou.into());
    }
    if rights.discount_max > 100_000 {
        return Err(ShopError::Invalid("A discount is at most 100 %.".into()));
    }
    desk.docs
        .edit(desk.tx, staff_doc::NAME, |document| staff_doc::put_rights(document, role, rights))?;
    desk.tx.put_role(role, &staff_doc::rights_to_json(rights)?)?;
    let names: Vec<&str> = rights.permissions.iter().map(|known| known.as_str()).collect();
    let text = format!("a {} may {}", role.as_str(), names.join(", "));
    desk.audit(Action::Access, Uuid::nil(), text, None, "changed".into())
}

fn save(desk: &mut Desk<'_, '_>, staff: &Staff) -> Result<(), ShopError> {
    desk.docs.edit(desk.tx, staff_doc::NAME, |document| staff_doc::put(document, staff))?;
    Ok(desk.tx.put_staff(staff)?)
}

/// Nobody gives or changes a role above their own.
fn below(desk: &Desk<'_, '_>, role: Role) -> Result<(), ShopError> {
    match role > desk.actor.rank() {
        true => Err(AccessError::AboveYou.into()),
        false => Ok(()),
    }
}

fn name_of(all: &[Staff], own: Option<StaffId>, name: &str) -> Result<String, ShopError> {
    let name = words(name, "name")?;
    let name = name.ok_or_else(|| ShopError::Invalid("Say the name.".into()))?;
    let same = |staff: &&Staff| staff.name.to_lowercase() == name.to_lowercase();
    let others = all.iter().filter(|staff| staff.active && Some(staff.id) != own);
    match others.filter(same).count() {
        0 => Ok(name),
        _ => Err(AccessError::NameTaken(name).into()),
    }
}

fn locale_of(locale: Option<String>) -> Result<Option<String>, ShopError> {
    let Some(text) = locale.filter(|text| !text.is_empty()) else { return Ok(None) };
    let good = text.parse::<unic_langid::LanguageIdentifier>().is_ok();
    good.then_some(Some(text))
        .ok_or_else(|| ShopError::Invalid("A language is written as in de-DE.".into()))
}

/// What changed, for the audit journal: never a PIN.
fn told(before: &Staff, after: &Staff) -> String {
    let mut parts = Vec::new();
    if before.name != after.name {
        parts.push(format!("name {}", after.name));
    }
    if before.role != after.role {
        parts.push(format!("role {} to {}", before.role.as_str(), after.role.as_str()));
    }
    if before.active != after.active {
        parts.push(if after.active { "works here again" } else { "left" }.to_owned());
    }
    if before.pin != after.pin {
        parts.push("another PIN".to_owned());
    }
    if before.locale != after.locale {
        parts.push("another language".to_owned());
    }
    format!("{}: {}", before.name, parts.join(", "))
}
