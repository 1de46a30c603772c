//! Customers, v1. In their document each key is a register of its own.

use super::order::{ShapeError, broken};
use serde::{Deserialize, Serialize};

/// The longest id, code, group or tier, in characters.
const WORD_CHARS_MAX: usize = 64;
/// The longest name, in characters.
const NAME_CHARS_MAX: usize = 100;

/// Somebody whom the shops of a tenant know. No address, no telephone, no mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerV1 {
    /// The shop's own, or a loyalty number; 1 to 64 characters.
    pub id: String,
    /// As the counter says it.
    pub name: String,
    /// Has prices and promotions of its own.
    #[serde(default)]
    pub group: Option<String>,
    /// The loyalty number, as the customer's card shows it.
    #[serde(default)]
    pub code: Option<String>,
    /// What the account may owe, in minor units of the store's currency.
    #[serde(default)]
    pub credit_limit: Option<i64>,
    /// The tier that somebody gave, whatever was earned.
    #[serde(default)]
    pub tier: Option<String>,
    /// A tier that spending in one store reached: it holds in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached: Option<ReachedV1>,
    /// Not one that left.
    #[serde(default = "yes")]
    pub active: bool,
}

/// A tier that was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachedV1 {
    /// Which.
    pub tier: String,
    /// The last day on which it holds, counted from 1970 (UTC).
    pub until_day: i64,
}

const fn yes() -> bool {
    true
}

impl CustomerV1 {
    /// Whether it makes sense.
    ///
    /// # Errors
    /// The broken rule.
    pub fn check(&self) -> Result<(), ShapeError> {
        let fits = |text: &str, most: usize| {
            (1..=most).contains(&text.chars().count())
                && text.trim() == text
                && !text.contains(char::is_control)
        };
        if !fits(&self.id, WORD_CHARS_MAX) {
            return Err(broken("a customer has an id of 1 to 64 characters"));
        }
        if !fits(&self.name, NAME_CHARS_MAX) {
            return Err(broken("a customer has a name of 1 to 100 characters"));
        }
        let reached = self.reached.as_ref().map(|reached| &reached.tier);
        let words = [&self.group, &self.code, &self.tier];
        if words.into_iter().flatten().chain(reached).any(|word| !fits(word, WORD_CHARS_MAX)) {
            return Err(broken(
                "a customer's group, loyalty number and tier have 1 to 64 characters",
            ));
        }
        if self.credit_limit.is_some_and(|limit| limit < 0) {
            return Err(broken("a credit limit is not below nothing"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A customer as it was first written. Frozen.
    const FROZEN: &str = r#"{"id":"C-7","name":"Ada","group":"club","code":"2900001","credit_limit":10000,"tier":"gold","active":true}"#;

    #[test]
    fn the_first_customer_still_reads_and_writes() {
        let shape: CustomerV1 = serde_json::from_str(FROZEN).unwrap();
        assert_eq!(serde_json::to_string(&shape).unwrap(), FROZEN);
        shape.check().unwrap();
        let least: CustomerV1 = serde_json::from_str(r#"{"id":"a","name":"B"}"#).unwrap();
        assert!(least.active && least.check().is_ok());
    }

    #[test]
    fn nonsense_is_refused() {
        let ada: CustomerV1 = serde_json::from_str(FROZEN).unwrap();
        for broken in [
            CustomerV1 { id: String::new(), ..ada.clone() },
            CustomerV1 { id: "x".repeat(65), ..ada.clone() },
            CustomerV1 { name: " ".into(), ..ada.clone() },
            CustomerV1 { code: Some("a\nb".into()), ..ada.clone() },
            CustomerV1 { credit_limit: Some(-1), ..ada.clone() },
        ] {
            assert!(broken.check().is_err(), "{broken:?}");
        }
    }
}
