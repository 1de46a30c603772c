//! Choices as people write them in a table: `Milk[1-1]: Whole, Oat +0.40 | Size[0-1]: Small -0.30`.

use cloud_sync_protocol::v1::item::{groups_from_json, groups_to_json};
use edge_domain::item::{ModifierGroup, ModifierOption};
use edge_domain::money::{Currency, Money};

/// The groups of a text, as people or as programs (JSON) write them; None where it is none.
pub(super) fn modifiers_of(text: &str, currency: Currency) -> Option<Vec<ModifierGroup>> {
    if text.starts_with('[') {
        return groups_from_json(text, currency);
    }
    let groups = text.split('|').map(str::trim).filter(|group| !group.is_empty());
    groups.map(|group| modifier_group(group, currency)).collect()
}

fn modifier_group(text: &str, currency: Currency) -> Option<ModifierGroup> {
    let (head, options) = text.split_once(':')?;
    let (name, bounds) = head.trim().strip_suffix(']')?.split_once('[')?;
    let (min, max) = bounds.split_once('-')?;
    let group = slug(name);
    let option = |text: &str| {
        let (name, price) = match (text.rsplit_once(" +"), text.rsplit_once(" -")) {
            (Some((name, price)), _) => (name.trim(), Money::parse(price.trim(), currency).ok()?),
            (None, Some((name, price))) if Money::parse(price.trim(), currency).is_ok() => {
                (name.trim(), Money::parse(price.trim(), currency).ok()?.negated())
            }
            _ => (text.trim(), Money::zero(currency)),
        };
        let id = format!("{group}-{}", slug(name));
        (!name.is_empty()).then(|| ModifierOption { id, name: name.to_owned(), price })
    };
    let options = options.split(',').map(option).collect::<Option<Vec<_>>>()?;
    let (min, max) = (min.trim().parse().ok()?, max.trim().parse().ok()?);
    let fits = min <= max && usize::from(min) <= options.len();
    fits.then(|| ModifierGroup {
        id: group.clone(),
        name: name.trim().to_owned(),
        min,
        max,
        options,
    })
}

fn slug(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    name.trim().chars().map(plain).collect()
}

/// Groups as they can be read again: as people write them where that says all, or as JSON.
pub(crate) fn modifiers_text(groups: &[ModifierGroup], currency: Currency) -> String {
    let option = |option: &ModifierOption| match option.price.minor() {
        0 => option.name.clone(),
        1.. => format!("{} +{}", option.name, option.price.written('.')),
        _ => format!("{} {}", option.name, option.price.written('.')),
    };
    let group = |group: &ModifierGroup| {
        let options: Vec<String> = group.options.iter().map(option).collect();
        format!("{}[{}-{}]: {}", group.name, group.min, group.max, options.join(", "))
    };
    let text = groups.iter().map(group).collect::<Vec<_>>().join(" | ");
    match modifiers_of(&text, currency).as_deref() {
        Some(read) if read == groups => text,
        _ => groups_to_json(groups).unwrap_or_default(),
    }
}
